"""Personal data that the registries would leave unprotected is a mistake in them."""

from __future__ import annotations

import pytest

from registry import RegistryErrors, load_registry


def mistakes(survey) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(RegistryErrors) as found:
        load_registry(survey.path)
    return [(error.file.stem, error.line, error.column, error.what) for error in found.value.errors]


def test_a_personal_column_needs_a_treatment(survey):
    survey.replace("columns", "remark,personal,,,,,,drop", "remark,personal,,,,,,")

    assert mistakes(survey) == [
        (
            "columns",
            22,
            "treatment",
            "The column 'remark' has role personal, and nothing says how it is protected.",
        )
    ]


def test_answers_to_a_personal_question_need_a_treatment(survey):
    survey.replace(
        "questions",
        "staff,size,4,number,Personeel?,Staff?,2021,2021,0,100000,,false",
        "staff,size,4,number,Personeel?,Staff?,2021,2021,0,100000,,true",
    )

    assert mistakes(survey) == [
        (
            "columns",
            9,
            "treatment",
            "The column 'q4' answers the personal question 'staff', and nothing says how it is "
            "protected.",
        )
    ]
    survey.replace("columns", "q4,answer,staff,,,,,", "q4,answer,staff,,,,,pseudonymise")
    assert load_registry(survey.path).columns[7].treatment == "pseudonymise"


def test_nothing_else_is_treated(survey):
    survey.replace("columns", "q4,answer,staff,,,,,", "q4,answer,staff,,,,,drop")
    survey.replace("columns", "lastpage,last_page,,,,,,", "lastpage,last_page,,,,,,drop")

    assert [(line, column) for _, line, column, _ in mistakes(survey)] == [
        (4, "treatment"),
        (9, "treatment"),
    ]


def test_keys_may_be_pseudonymised_but_not_dropped(survey):
    survey.replace(
        "columns", "2021,export,id,response_id,,,,,,", "2021,export,id,response_id,,,,,,drop"
    )

    assert mistakes(survey)[0][3] == (
        "The column 'id' has role response_id, and its treatment is drop."
    )


def test_organisation_keys_of_one_wave_are_treated_alike(survey):
    survey.replace(
        "columns",
        "2021,export,org,organisation_key,,,,,,",
        "2021,export,org,organisation_key,,,,,,pseudonymise",
    )
    found = mistakes(survey)
    assert [(line, column) for _, line, column, _ in found] == [(10, "treatment")]
    assert "is treated otherwise than 'org' of the export (line 3)" in found[0][3]

    survey.replace(
        "columns",
        "2021,frame,key,organisation_key,,,,,,",
        "2021,frame,key,organisation_key,,,,,,pseudonymise",
    )
    assert load_registry(survey.path).columns[1].treatment == "pseudonymise"


def test_one_column_has_one_treatment(survey):
    survey.replace(
        "columns",
        "2025,export,id,response_id,,,,,,",
        "2025,export,id,response_id,,,,,,pseudonymise",
    )

    assert [(line, column) for _, line, column, _ in mistakes(survey)] == [(18, "treatment")]


@pytest.mark.parametrize(
    ("archive", "is_right"), [("plain", False), ("encrypted", True), ("off", True)]
)
def test_real_files_with_personal_data_are_not_kept_in_clear(survey, archive, is_right):
    survey.replace(
        "deliveries", "*2025*,sav,,,,,,,,,true,plain", f"*2025*,sav,,,,,,,,,false,{archive}"
    )

    if is_right:
        assert load_registry(survey.path).deliveries[3].archive == archive
    else:
        ((table, line, column, what),) = mistakes(survey)
        assert (table, line, column) == ("deliveries", 5, "archive")
        assert "would be kept as it is" in what
