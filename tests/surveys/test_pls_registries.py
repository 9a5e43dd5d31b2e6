"""The registries of the Public Libraries Survey describe the files rightly; no pipeline needed."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pls_answer_key import (
    N_COMPARISONS,
    PUBLISHED_FILES,
    REGISTRIES,
    WITHOUT_TOTAL,
    answer_columns,
    missing_codes,
    organisations,
    published_totals,
    registry,
    state_sums,
    waves,
)

from barometer.settings import PROJECT_ROOT
from registry import load_registry

CODE_FOLDERS = (
    "barometer",
    "expectations",
    "landing",
    "macros",
    "models",
    "orchestration",
    "publication",
)
SURVEY_WORDS = (
    "bookmobile",
    "circulation",
    "fscskey",
    "imls",
    "librarian",
    "obereg",
    "pls",
    "popu",
    "public librar",
    "stabr",
    "state_ak",
)


@pytest.fixture(scope="module")
def pls(shared_data: Path) -> Path:
    return shared_data / "pls"


def test_registries_are_valid() -> None:
    described = load_registry(REGISTRIES)

    assert described.survey.survey_id == "pls"
    assert [wave.wave for wave in described.waves] == list(waves())


def test_every_question_has_a_column_in_exactly_its_waves() -> None:
    for question in registry("questions"):
        in_columns = [wave for wave in waves() if question["question_id"] in answer_columns(wave)]

        assert in_columns[0] == question["first_wave"]
        assert in_columns[-1] == (question["last_wave"] or waves()[-1])


def test_every_question_has_a_total() -> None:
    totals = {row["indicator_id"] for row in registry("indicators") if row["kind"] == "total"}
    items = {
        row["question_id"] for row in registry("indicator_items") if row["indicator_id"] in totals
    }

    assert items == {row["question_id"] for row in registry("questions")}


@pytest.mark.shared_data
@pytest.mark.parametrize("wave", PUBLISHED_FILES)
def test_sums_over_organisations_are_the_published_state_totals(pls: Path, wave: str) -> None:
    sums = state_sums(pls, wave)
    different = [
        (total, sums[total.question_id, total.state])
        for total in published_totals(pls)
        if total.wave == wave
        and total.value is not None
        and sums[total.question_id, total.state].value != total.value
    ]

    assert not different


@pytest.mark.shared_data
def test_every_state_and_question_is_compared(pls: Path) -> None:
    totals = list(published_totals(pls))

    assert len(totals) == N_COMPARISONS
    assert {total.question_id for total in totals} == {
        row["question_id"] for row in registry("questions")
    }
    for wave in PUBLISHED_FILES:
        published = {total.state for total in totals if total.wave == wave}
        assert published == {row["STABR"] for row in organisations(pls, wave)}


@pytest.mark.shared_data
def test_no_total_is_published_exactly_where_no_organisation_reported(pls: Path) -> None:
    without_total = {
        (total.wave, total.question_id, total.state)
        for total in published_totals(pls)
        if total.value is None
    }
    not_reported = {
        (wave, question_id, state)
        for wave in PUBLISHED_FILES
        for (question_id, state), found in state_sums(pls, wave).items()
        if found.n_reported == 0
    }

    assert without_total == not_reported
    assert without_total == {
        (wave, question_id, state)
        for wave, questions in WITHOUT_TOTAL.items()
        for question_id, states in questions.items()
        for state in states
    }


@pytest.mark.shared_data
@pytest.mark.parametrize("wave", ["1996", "1997", "1998"])
@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("paid_staff", ["librarians", "other_paid_staff"]),
        ("operating_income", ["income_local", "income_state", "income_federal", "income_other"]),
    ],
)
def test_parts_add_up_to_the_whole_they_belong_to(
    pls: Path, wave: str, whole: str, parts: list[str]
) -> None:
    sums = state_sums(pls, wave)
    states = {state for _, state in sums}
    # Full-time equivalents are rounded to two decimals per organisation.
    rounding = Decimal("0.01")
    different = [
        state
        for state in states
        if abs(sums[whole, state].value - sum(sums[part, state].value for part in parts))
        > rounding * sums[whole, state].n_reported
    ]

    assert not different


@pytest.mark.shared_data
@pytest.mark.parametrize("wave", waves())
def test_every_value_is_a_missing_code_or_a_number_from_zero(pls: Path, wave: str) -> None:
    strange: Counter[tuple[str, str]] = Counter()
    for row in organisations(pls, wave):
        for question_id, column in answer_columns(wave).items():
            value = row[column].strip()
            if value in missing_codes(wave):
                continue
            if not re.fullmatch(r"\d*\.?\d+", value) or Decimal(value) < 0:
                strange[question_id, value] += 1

    assert not strange


@pytest.mark.shared_data
@pytest.mark.parametrize("wave", ["2016", "2017", "2018"])
def test_code_minus_three_means_closed(pls: Path, wave: str) -> None:
    rows = organisations(pls, wave)
    columns = answer_columns(wave).values()
    closed = [row for row in rows if row["STATSTRU"] in ("03", "23")]

    assert closed == [row for row in rows if any(row[column] == "-3" for column in columns)]
    assert closed == [row for row in rows if all(row[column] == "-3" for column in columns)]


@pytest.mark.shared_data
@pytest.mark.parametrize("wave", waves())
def test_every_organisation_falls_in_one_state_one_region_and_one_size_class(
    pls: Path, wave: str
) -> None:
    attributes = {
        row["attribute_id"]: row["column_name"]
        for row in registry("columns")
        if row["wave"] == wave and row["role"] == "attribute"
    }
    rules = registry("organisation_membership")
    wrong = []
    for row in organisations(pls, wave):
        found: Counter[str] = Counter()
        for rule in rules:
            value = row[attributes[rule["attribute_id"]]]
            if rule["match_value"]:
                found[rule["classification_id"]] += value == rule["match_value"]
            else:
                low = float(rule["match_minimum"] or "-inf")
                high = float(rule["match_maximum"] or "inf")
                found[rule["classification_id"]] += low <= float(value) < high
        if found != {"state": 1, "region": 1, "population_served": 1}:
            wrong.append((row["FSCSKEY"], found))

    assert not wrong


@pytest.mark.parametrize("folder", CODE_FOLDERS)
def test_no_code_knows_this_survey(folder: str) -> None:
    columns = {row["column_name"] for row in registry("columns")}
    questions = {row["question_id"] for row in registry("questions") if "_" in row["question_id"]}
    words = re.compile(
        rf"\b(?:{'|'.join(SURVEY_WORDS)}|{'|'.join(sorted(questions))})(?:s|_\w+)?\b", re.IGNORECASE
    )
    # Column names are upper case; the same words in lower case can be plain English.
    names = re.compile(rf"\b(?:{'|'.join(sorted(columns))})\b")
    found = []
    for path in sorted((PROJECT_ROOT / folder).rglob("*")):
        if path.suffix not in {".py", ".sql", ".yml", ".yaml", ".md"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if words.search(line) or names.search(line):
                found.append(f"{path.relative_to(PROJECT_ROOT)}:{number}: {line.strip()}")

    assert not found
