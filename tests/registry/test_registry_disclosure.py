"""Mistakes in what the public edition is to publish."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

from registry import load_registry
from registry.rules.disclosure import has_public_edition

MISTAKES = [
    Mistake(
        "an edition that is neither made nor not",
        "publication_rules",
        "public_edition,1",
        "public_edition,maybe",
        ("publication_rules", 7, "value"),
        "The rule 'public_edition' is 'maybe'.",
    ),
    Mistake(
        "unknown topic",
        "disclosure_rules",
        ",climate,false",
        ",klimaat,false",
        ("disclosure_rules", 3, "topic"),
        "No indicator has the topic 'klimaat'.",
    ),
    Mistake(
        "a base above everybody",
        "disclosure_rules",
        "innovated,,true,,,",
        "innovated,,true,,120,",
        ("disclosure_rules", 2, "smallest_base_percent"),
        "The smallest base is 120.0 % of the responses.",
    ),
    Mistake(
        "a fine total of nothing",
        "disclosure_rules",
        "fine,agencies",
        "fine,",
        ("disclosure_rules", 2, "fine_group_id"),
        "A fine total and its group go together.",
    ),
    Mistake(
        "a fine total of no classification",
        "disclosure_rules",
        "innovated,,true,,,kind,size",
        "innovated,,true,,,,size",
        ("disclosure_rules", 2, "classification_id"),
        "The group 'agencies' of the fine total has no classification.",
    ),
    Mistake(
        "a set without a part in it",
        "disclosure_rules",
        "fine,agencies,,",
        "fine,agencies,types,",
        ("disclosure_rules", 2, "set_role"),
        "A set and the part in it go together.",
    ),
    Mistake(
        "an indicator that does not exist",
        "disclosure_rules",
        "innovated,,true",
        "invented,,true",
        ("disclosure_rules", 2, "indicator_id"),
        "There is no indicator_id 'invented' in indicators.csv.",
    ),
]


MISTAKES += [
    Mistake(
        "two contributors are no crowd",
        "publication_rules",
        "public_edition,1,Made.",
        "public_edition,1,Made.\nminimum_contributors,2,Few.",
        ("publication_rules", 8, "value"),
        "The rule 'minimum_contributors' is '2'.",
    ),
    Mistake(
        "a percentage above everything",
        "publication_rules",
        "public_edition,1,Made.",
        "public_edition,1,Made.\np_percent,120,Wide.",
        ("publication_rules", 8, "value"),
        "The rule 'p_percent' is '120'.",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_a_mistake_in_disclosure_rules_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)


def test_a_set_of_one_is_a_mistake(survey):
    survey.replace("disclosure_rules", "fine,agencies,,", "fine,agencies,types,option")

    with pytest.raises(Exception, match="The set 'types' is made of option"):
        load_registry(survey.path)


def test_what_is_not_published_is_in_no_set(survey):
    survey.append("disclosure_rules", "breadth,,true,,,,,,,types,part,,")

    with pytest.raises(Exception, match="no published share or total is in the set 'types'"):
        load_registry(survey.path)


TOTAL = "staff_total,,true,,{base},,,,,{set_id},{role},,"


def test_a_set_of_totals_has_one_union_and_no_share(survey):
    survey.replace("disclosure_rules", "fine,agencies,,", "fine,agencies,money,part")
    survey.append("disclosure_rules", TOTAL.format(base="", set_id="money", role="union"))

    with pytest.raises(Exception, match="The set 'money' has totals and is made of part, union"):
        load_registry(survey.path)


def test_an_amount_has_no_rules_for_bands(survey):
    survey.append("disclosure_rules", TOTAL.format(base="80", set_id="", role=""))

    with pytest.raises(Exception, match="'staff_total' is an amount and has rules for bands"):
        load_registry(survey.path)


@pytest.mark.parametrize(("value", "made"), [("1", True), ("0", False)])
def test_a_rule_says_whether_there_is_a_public_edition(survey, value, made):
    survey.replace("publication_rules", "public_edition,1", f"public_edition,{value}")

    assert has_public_edition(load_registry(survey.path)) == made


def test_without_the_rule_there_is_no_public_edition(survey):
    survey.replace("publication_rules", "public_edition,1,Made.\n", "")

    assert not has_public_edition(load_registry(survey.path))
