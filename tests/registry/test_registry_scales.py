"""Mistakes in scales, their bands and outcomes, and in the tables per topic."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

SCALES = [
    Mistake(
        "scale of one question",
        "indicator_items",
        "climate,numerator,staff,\n",
        "",
        ("scales", 2, "scale_id"),
        "'climate' is a mean of 1 question(s), not a scale.",
    ),
    Mistake(
        "gap between bands",
        "scale_bands",
        "Strong,3,",
        "Strong,4,",
        ("scale_bands", 3, "minimum_score"),
        "The band 'strong' does not begin where 'weak' ends.",
    ),
    Mistake(
        "lowest band that leaves scores out",
        "scale_bands",
        "Weak,,3",
        "Weak,1,3",
        ("scale_bands", 2, "minimum_score"),
        "The outermost band 'weak' has a limit on its outer side.",
    ),
    Mistake(
        "highest band that leaves scores out",
        "scale_bands",
        "Strong,3,",
        "Strong,3,5",
        ("scale_bands", 3, "maximum_score"),
        "The outermost band 'strong' has a limit on its outer side.",
    ),
    Mistake(
        "outcome that is no share",
        "scale_outcomes",
        "climate,innovated",
        "climate,breadth",
        ("scale_outcomes", 2, "outcome_indicator_id"),
        "The outcome 'breadth' is a count.",
    ),
    Mistake(
        "no threshold for scales",
        "publication_rules",
        "minimum_scale_responses,10,Fewest answers of a scale.\n",
        "",
        ("publication_rules", None, "rule_id"),
        "The rule 'minimum_scale_responses' is missing.",
    ),
    Mistake(
        "threshold that is no number",
        "publication_rules",
        "minimum_quartile_responses,30",
        "minimum_quartile_responses,many",
        ("publication_rules", 6, "value"),
        "The rule 'minimum_quartile_responses' has the value 'many'.",
    ),
    Mistake(
        "topic in the schema of a group",
        "topic_marts",
        "frequency,innovation",
        "frequency,agencies",
        ("topic_marts", 2, "schema_name"),
        "The schema 'agencies' is that of a layer or of a group.",
    ),
    Mistake(
        "topic without indicators",
        "topic_mart_indicators",
        "frequency,innovated,1\n",
        "",
        ("topic_marts", 2, "mart_id"),
        "The table 'frequency' shows no indicator.",
    ),
]


@pytest.mark.parametrize("mistake", SCALES, ids=lambda mistake: mistake.name)
def test_a_mistake_in_scales_or_topics_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)
