"""Mistakes in claims and in what is compared: families, comparisons, trend rules, bridges."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

CLAIMS = [
    Mistake(
        "groups without a classification",
        "claims",
        "study,kind,agencies,courts",
        "study,,agencies,courts",
        ("claims", 2, "classification_id"),
        "The claim 'agencies_more' names groups without their classification.",
    ),
    Mistake(
        "comparison with itself",
        "claims",
        "agencies,courts",
        "courts,courts",
        ("claims", 2, "group_a, group_b"),
        "The claim 'agencies_more' compares 'courts' with itself.",
    ),
    Mistake(
        "comparison with nothing",
        "claims",
        "agencies,courts",
        "agencies,",
        ("claims", 2, "group_b"),
        "The claim 'agencies_more' compares, and does not say with what.",
    ),
    Mistake(
        "group B alone",
        "claims",
        "agencies,courts",
        ",courts",
        ("claims", 2, "group_a"),
        "The claim 'agencies_more' does not say of which group it is.",
    ),
    Mistake(
        "relation of nobody",
        "claims",
        "kind,agencies,,climate",
        "kind,,,climate",
        ("claims", 3, "group_a"),
        "The claim 'climate_helps' does not say of which group it is.",
        "Fill group_a.",
    ),
    Mistake(
        "relation between groups",
        "claims",
        "kind,agencies,,climate",
        "kind,agencies,courts,climate",
        ("claims", 3, "group_b"),
        "The claim 'climate_helps' expects a relation within a group, and names two groups.",
    ),
    Mistake(
        "relation of one indicator",
        "claims",
        "climate,innovated,positive",
        "climate,,positive",
        ("claims", 3, "indicator_b"),
        "The claim 'climate_helps' expects a relation, and names one indicator.",
    ),
    Mistake(
        "relation with itself",
        "claims",
        "climate,innovated,positive",
        "innovated,innovated,positive",
        ("claims", 3, "indicator_id, indicator_b"),
        "The claim 'climate_helps' relates 'innovated' to itself.",
    ),
    Mistake(
        "groups and indicators at once",
        "claims",
        "courts,innovated,,a_higher",
        "courts,innovated,breadth,a_higher",
        ("claims", 2, "group_b, indicator_b"),
        "The claim 'agencies_more' compares groups and indicators at once.",
    ),
    Mistake(
        "indicators of two kinds",
        "claims",
        "courts,innovated,,a_higher",
        ",innovated,breadth,a_higher",
        ("claims", 2, "indicator_b"),
        "The claim 'agencies_more' compares a share with a count.",
    ),
    Mistake(
        "claim of an unknown family",
        "claims",
        "a_higher,said",
        "a_higher,sayed",
        ("claims", 2, "family_id"),
        "There is no family_id 'sayed' in test_families.csv.",
        "Did you mean 'said'?",
    ),
]

DIFFERENCES = [
    Mistake(
        "family of two registries",
        "trend_rules",
        "kind,changes,first",
        "kind,pairs,first",
        ("test_families", 2, "family_id"),
        "The family 'pairs' is used in comparisons.csv, trend_rules.csv.",
        "Add a family for the others.",
    ),
    Mistake(
        "compared with a group and with the rest",
        "comparisons",
        "agencies,courts,,pairs",
        "small_agencies,courts,agencies,pairs",
        ("comparisons", 2, "group_b, rest_of_group_id"),
        "Both",
    ),
    Mistake(
        "compared with itself",
        "comparisons",
        "agencies,courts,,pairs",
        "courts,courts,,pairs",
        ("comparisons", 2, "group_a, group_b"),
        "The comparison 'agencies_courts' compares 'courts' with itself.",
    ),
    Mistake(
        "compared with its own part",
        "comparisons",
        "agencies,courts,,pairs",
        "agencies,small_agencies,,pairs",
        ("comparisons", 2, "group_a, group_b"),
        "compares 'agencies' with 'small_agencies', and 'small_agencies' is a part of 'agencies'.",
        "name the whole as rest_of_group_id",
    ),
    Mistake(
        "compared with the whole around it",
        "comparisons",
        "small_agencies,,agencies,pairs",
        "small_agencies,agencies,,pairs",
        ("comparisons", 3, "group_a, group_b"),
        "compares 'small_agencies' with 'agencies', and 'small_agencies' is a part of 'agencies'.",
    ),
    Mistake(
        "rest of a group elsewhere",
        "comparisons",
        "small_agencies,,agencies,pairs",
        "small_agencies,,courts,pairs",
        ("comparisons", 3, "rest_of_group_id"),
        "compares 'small_agencies' with the rest of 'courts', of which it is no part.",
    ),
    Mistake(
        "unknown topic",
        "comparisons",
        "pairs,climate",
        "pairs,climat",
        ("comparisons", 3, "topic"),
        "No indicator has the topic 'climat'.",
        "Did you mean 'climate'?",
    ),
    Mistake(
        "group of another classification",
        "comparisons",
        "agencies,courts,,pairs",
        "agencies,large,,pairs",
        ("comparisons", 2, "group_b"),
        "There is no group_id 'large' of classification_id 'kind'",
    ),
    Mistake(
        "two families for one trend",
        "trend_rules",
        "kind,changes,first",
        "kind,changes,previous",
        ("trend_rules", 3, "classification_id, from_wave"),
        "This row repeats line 2: classification_id 'kind', from_wave 'previous'.",
    ),
    Mistake(
        "bridge without a break",
        "comparability_bridges",
        "introduced,2023",
        "introduced,2025",
        ("comparability_bridges", 2, "wave"),
        "There is no wave '2025' of question_id 'introduced' in comparability_breaks.csv.",
    ),
    Mistake(
        "bridge of an indicator that the break is not in",
        "comparability_bridges",
        "2023,innovated",
        "2023,breadth",
        ("comparability_bridges", 2, "indicator_id"),
        "The indicator 'breadth' is not made of 'introduced'.",
    ),
]


@pytest.mark.parametrize("mistake", [*CLAIMS, *DIFFERENCES], ids=lambda m: m.name)
def test_a_mistake_in_claims_or_comparisons_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)
