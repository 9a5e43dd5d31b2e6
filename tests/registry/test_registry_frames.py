from __future__ import annotations

import pytest

from registry import RegistryErrors, load_registry


def problems(survey) -> str:
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    return caught.value.render()


def test_rules_and_decisions_are_read(survey):
    registry = load_registry(survey.path)

    assert [rule.rule_id for rule in registry.frame_rules] == [
        "unknown_date",
        "duplicate_key",
        "not_ended",
    ]
    assert [match.organisation_key for match in registry.organisation_matches] == ["O2", None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unknown_date,1900-01-01", "unknown_date,1900", "'1900' is not a date"),
        ("duplicate_key,review", "duplicate_key,first", "does not say what to do"),
        ("not_ended,O3", "duplicate_key,error", "has two values"),
        ("not_ended,O3", "unkown,O3", "unkown"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(survey, old, new, said):
    survey.replace("frame_rules", old, new)

    assert said in problems(survey)


def test_dates_of_a_frame_need_to_know_which_ones_are_unknown(survey):
    survey.append("columns", "2021,frame,end,valid_until,,,,,,")
    survey.replace("frame_rules", "unknown_date,1900-01-01,Nobody knows.\n", "")

    assert "No rule unknown_date" in problems(survey)


def test_an_export_has_no_validity(survey):
    survey.append("columns", "2021,export,end,valid_until,,,,,,")

    assert "An export has no role valid_until" in problems(survey)


def test_a_decision_says_what_it_is_about(survey):
    survey.append("organisation_matches", "2021,,,O2,somebody,")

    assert "does not say which responses" in problems(survey)


def test_a_decision_is_made_once(survey):
    survey.append("organisation_matches", "2021,X1,agentschap  EEN,O1,somebody,")

    assert "decided on line 2 too" in problems(survey)


def test_a_decision_is_somebodys(survey):
    survey.append("organisation_matches", "2021,X9,,O2,,")

    assert "decided_by" in problems(survey)


def test_a_decimal_sign_is_stated_of_a_text_file_only(survey):
    survey.append("deliveries", '2021,export,south,*south*.xlsx,xlsx,generic,,,,,",",,,true,plain')

    assert "Encoding, delimiter and decimal sign are of text files" in problems(survey)


@pytest.mark.parametrize("code", ["key_missing", "response_id_duplicate"])
def test_an_error_that_makes_rows_wrong_cannot_be_accepted(survey, code):
    survey.append("accepted_findings", f"2021,export,,{code},,error,somebody,In a hurry.")

    assert f"An error '{code}' cannot be accepted" in problems(survey)


def test_a_finding_of_an_unknown_wave_cannot_be_accepted(survey):
    survey.append("accepted_findings", "2019,export,,response_change,,warning,somebody,Why not.")

    assert "2019" in problems(survey)
