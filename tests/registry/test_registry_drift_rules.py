from __future__ import annotations

import pytest

from barometer.settings import PROJECT_ROOT, known_surveys, survey_seeds
from registry import TABLES, RegistryErrors, load_registry
from registry.tables.thresholds import DRIFT_RULES


def test_the_declaration_and_the_code_know_the_same_rules():
    (column,) = [c for c in TABLES["drift_rules"].columns if c.name == "rule_id"]

    assert column.allowed == tuple(DRIFT_RULES)


@pytest.mark.parametrize("survey_id", known_surveys())
def test_every_survey_has_every_rule(survey_id):
    registry = load_registry(survey_seeds(PROJECT_ROOT, survey_id))

    assert [rule.rule_id for rule in registry.drift_rules] == list(DRIFT_RULES)


def test_a_missing_rule_is_refused(survey):
    lines = survey.file("drift_rules").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("personal_bsn")]
    survey.file("drift_rules").write_text("".join(kept), encoding="utf-8")

    with pytest.raises(RegistryErrors, match="The rule 'personal_bsn' is missing"):
        load_registry(survey.path)


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("distribution_jump", "25", "a share from 0 to 1"),
        ("option_gone", "0.5", "a whole number, 1 or more"),
        ("option_gone", "", "a whole number, 1 or more"),
        ("column_renamed", "101", "a similarity from 0 to 100"),
        ("response_change", "0", "a number above 0"),
        ("column_gone", "3", "no value"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(survey, rule, value, expected):
    lines = survey.file("drift_rules").read_text(encoding="utf-8").splitlines()
    spoilt = [
        ",".join([rule, value, *line.split(",", 3)[2:]]) if line.startswith(f"{rule},") else line
        for line in lines
    ]
    survey.file("drift_rules").write_text("\n".join(spoilt) + "\n", encoding="utf-8")

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)

    (error,) = caught.value.errors
    assert (error.file.name, error.column) == ("drift_rules.csv", "value")
    assert expected in error.expected


@pytest.mark.parametrize(
    ("rule", "limit", "expected"),
    [
        ("code_unmapped", "5", "a share from 0 to 1"),
        ("frame_size_change", "0.01", "at least the value, 0.1"),
        ("column_renamed", "90", "no error_value"),
    ],
)
def test_a_second_limit_that_makes_no_sense_is_refused(survey, rule, limit, expected):
    lines = survey.file("drift_rules").read_text(encoding="utf-8").splitlines()
    spoilt = []
    for line in lines:
        name, value, _, rest = line.split(",", 3)
        spoilt.append(",".join([name, value, limit, rest]) if name == rule else line)
    survey.file("drift_rules").write_text("\n".join(spoilt) + "\n", encoding="utf-8")

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)

    (error,) = caught.value.errors
    assert (error.file.name, error.column) == ("drift_rules.csv", "error_value")
    assert expected in error.expected
