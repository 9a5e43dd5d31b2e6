"""The registries of the research software engineer survey are sound; no pipeline needed."""

from __future__ import annotations

from collections import Counter

import pytest
from rse_answer_key import REGISTRIES, comparisons
from rse_questionnaire import FILES, QUESTIONS

from registry import Registry, load_registry


@pytest.fixture(scope="module")
def described() -> Registry:
    return load_registry(REGISTRIES)


def test_every_file_is_a_delivery(described: Registry) -> None:
    assert {(d.wave, d.part): d.file_pattern for d in described.deliveries} == {
        place: name for place, (name, _) in FILES.items()
    }


def test_respondents_are_the_units(described: Registry) -> None:
    assert {wave.frame_source for wave in described.waves} == {"export"}
    assert not [column for column in described.columns if column.role == "organisation_key"]


def test_the_key_and_the_registries_have_the_same_questions_in_the_same_files(
    described: Registry,
) -> None:
    mapped = {
        (column.question_id, (delivery.wave, delivery.part))
        for delivery in described.deliveries
        for column in described.columns_for(delivery.wave, "export", delivery.part)
        if column.role == "answer"
    }

    assert mapped == set(comparisons())
    assert set(QUESTIONS) == {question.question_id for question in described.questions}


def test_questions_of_every_kind_are_harmonised_across_waves(described: Registry) -> None:
    waves = {
        question: {wave for asked, (wave, _) in comparisons() if asked == question}
        for question in QUESTIONS
    }

    assert all(len(found) >= 2 for found in waves.values())
    assert sum(len(found) == 3 for found in waves.values()) >= 15
    assert Counter(question.answer_type for question in described.questions) == {
        "scale": 39,
        "single": 18,
        "multiple": 3,
        "number": 3,
    }


def test_one_code_is_another_option_in_another_part(described: Registry) -> None:
    options = {
        part: column.option_id
        for part in ("nl", "de", "us")
        for column in described.columns_for("2017", "export", part)
        if column.column_name == "tool4can[12]"
    }

    assert options == {"de": "fortran", "us": "rust"}
