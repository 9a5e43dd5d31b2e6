"""Mistakes in organisation groups and indicators."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

ORGANISATIONS = [
    Mistake(
        "classification without groups",
        "classifications",
        None,
        "age,Leeftijd,Age,3,false,",
        ("classifications", 4, "classification_id"),
        "The classification 'age' has no groups.",
    ),
    Mistake(
        "classification within itself",
        "classifications",
        "false,agencies",
        "false,large",
        ("classifications", 3, "within_group_id"),
        "The classification 'size' lies within its own group 'large'.",
    ),
    Mistake(
        "group named as a schema",
        "organisation_groups",
        None,
        "kind,core,,Kern,Core,4,true",
        ("organisation_groups", 7, "group_id"),
        "The group 'core' has the name of a schema or database.",
    ),
    Mistake(
        "group named as the release",
        "organisation_groups",
        None,
        "kind,mini_release,,Mini,Mini,4,true",
        ("organisation_groups", 7, "group_id"),
        "The group 'mini_release' has the name of a schema or database.",
    ),
    Mistake(
        "groups in a circle",
        "organisation_groups",
        "kind,agencies,,",
        "kind,agencies,small_agencies,",
        ("organisation_groups", 2, "parent_group_id"),
        "The groups contain each other: agencies → small_agencies → agencies.",
    ),
    Mistake(
        "groups too deep",
        "organisation_groups",
        None,
        "\n".join(
            f"kind,g{level},{f'g{level - 1}' if level else ''},G,G,9,false" for level in range(7)
        ),
        ("organisation_groups", 13, "parent_group_id"),
        "The group lies 6 levels deep: g6, g5, g4, g3, g2, g1, g0.",
    ),
    Mistake(
        "overlapping validity",
        "organisation_membership",
        "2022-12-31",
        "2023-01-01",
        ("organisation_membership", 3, "priority, valid_from, valid_to"),
        "Overlapping validity: this rule and line 2 can both match 'organisation_type = agency' "
        "on the same day with priority 10 in 'kind', and lead to 'small_agencies' and 'agencies'.",
        "Let one end (valid_to) before the other begins",
    ),
    Mistake(
        "overlapping ranges",
        "organisation_membership",
        "size,large,fte,,100",
        "size,large,fte,,99.5",
        ("organisation_membership", 7, "priority, valid_from, valid_to"),
        "Overlapping validity: this rule and line 6 can both match '99.5 <= fte'",
    ),
    Mistake(
        "value within a range",
        "organisation_membership",
        None,
        "size,small,fte,100,,,,,10,",
        ("organisation_membership", 8, "priority, valid_from, valid_to"),
        "this rule and line 7 can both match 'fte = 100'",
    ),
    Mistake(
        "two attributes with one priority",
        "organisation_membership",
        None,
        "kind,courts,fte,,5000,,,,10,",
        ("organisation_membership", 8, "priority, valid_from, valid_to"),
        "can both match 'organisation_type' and 'fte'",
    ),
    Mistake(
        "rule without a match",
        "organisation_membership",
        "kind,courts,organisation_key,O1",
        "kind,courts,organisation_key,",
        ("organisation_membership", 5, "match_value, match_minimum, match_maximum"),
        "The rule does not say which value it matches.",
    ),
    Mistake(
        "rule with value and range",
        "organisation_membership",
        "size,small,fte,,,100",
        "size,small,fte,5,,100",
        ("organisation_membership", 6, "match_value, match_minimum, match_maximum"),
        "The rule has both a value and a range.",
    ),
    Mistake(
        "range of keys",
        "organisation_membership",
        "kind,courts,organisation_key,O1,,",
        "kind,courts,organisation_key,,1,",
        ("organisation_membership", 5, "match_value, match_minimum, match_maximum"),
        "An organisation key has no range.",
    ),
    Mistake(
        "empty range",
        "organisation_membership",
        "size,small,fte,,,100",
        "size,small,fte,,100,100",
        ("organisation_membership", 6, "match_minimum, match_maximum"),
        "'match_minimum' is 100.0 and 'match_maximum' is 100.0.",
    ),
    Mistake(
        "validity that ends before it begins",
        "organisation_membership",
        "agency,,,2023-01-01,,10",
        "agency,,,2023-01-01,2022-01-01,10",
        ("organisation_membership", 3, "valid_from, valid_to"),
        "'valid_from' is 2023-01-01 and 'valid_to' is 2022-01-01.",
    ),
    Mistake(
        "organisations that continue each other",
        "organisation_succession",
        "O2,O3",
        "O2,O1",
        ("organisation_succession", 2, "successor_key"),
        "The organisations continue each other: O1 → O2 → O1.",
    ),
]

INDICATORS = [
    Mistake(
        "indicator without items",
        "indicator_items",
        "staff_total,numerator,staff,\n",
        "",
        ("indicators", 5, "indicator_id"),
        "The indicator 'staff_total' (total) is made of nothing.",
    ),
    Mistake(
        "share without an option",
        "indicator_items",
        "innovated,numerator,introduced,yes",
        "innovated,numerator,introduced,",
        ("indicator_items", 2, "option_id"),
        "The indicator 'innovated' is a share, and this item names no option.",
    ),
    Mistake(
        "share of a missing answer",
        "indicator_items",
        "innovated,numerator,introduced,yes",
        "innovated,numerator,introduced,dont_know",
        ("indicator_items", 2, "option_id"),
        "'dont_know' of 'introduced' is a missing answer, which never counts.",
    ),
    Mistake(
        "mean with an option",
        "indicator_items",
        "climate,numerator,safe,",
        "climate,numerator,safe,agree",
        ("indicator_items", 5, "option_id"),
        "The indicator 'climate' is a mean, and this item names an option.",
    ),
    Mistake(
        "mean of a question without scores",
        "indicator_items",
        "climate,numerator,safe,",
        "climate,numerator,introduced,",
        ("indicator_items", 5, "question_id"),
        "The mean 'climate' cannot use the single question 'introduced'.",
    ),
    Mistake(
        "mean of a multiple question",
        "indicator_items",
        "climate,numerator,safe,",
        "climate,numerator,partners,",
        ("indicator_items", 5, "question_id"),
        "The mean 'climate' cannot use the multiple question 'partners'.",
    ),
    Mistake(
        "total of a choice question",
        "indicator_items",
        "staff_total,numerator,staff,",
        "staff_total,numerator,safe,",
        ("indicator_items", 6, "question_id"),
        "The total 'staff_total' cannot use the scale question 'safe'.",
    ),
    Mistake(
        "ratio without a denominator",
        "indicator_items",
        "budget_per_staff,denominator,staff,\n",
        "",
        ("indicators", 6, "kind"),
        "The indicator 'budget_per_staff' (ratio) has no denominator.",
    ),
    Mistake(
        "share with a denominator",
        "indicator_items",
        None,
        "innovated,denominator,introduced,no",
        ("indicator_items", 10, "part"),
        "The indicator 'innovated' (share) has a denominator.",
    ),
    Mistake(
        "more answers wanted than questions",
        "indicators",
        "Climate,,,1",
        "Climate,,,3",
        ("indicators", 4, "minimum_answered"),
        "The indicator 'climate' (mean) wants 3 answered questions of 2.",
    ),
]


@pytest.mark.parametrize("mistake", [*ORGANISATIONS, *INDICATORS], ids=lambda m: m.name)
def test_a_mistake_in_groups_or_indicators_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)
