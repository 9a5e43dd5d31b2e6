"""Checks of scales, their bands and outcomes, and of the tables per topic."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.rules.organisations import RESERVED_SCHEMAS
from registry.scale_records import Scale, ScaleBand, TopicMart

SCALE_RULES = ("minimum_scale_responses", "minimum_quartile_responses")


def check_scales(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with scales, bands, outcomes and topic tables."""
    questions: dict[str, set[str]] = defaultdict(set)
    for item in registry.indicator_items:
        questions[item.indicator_id].add(item.question_id)
    kinds = {indicator.indicator_id: indicator.kind for indicator in registry.indicators}
    for scale in registry.scales:
        yield from _scale(scale, kinds.get(scale.scale_id), len(questions[scale.scale_id]))
        yield from _bands([row for row in registry.scale_bands if row.scale_id == scale.scale_id])
    for outcome in registry.scale_outcomes:
        kind = kinds.get(outcome.outcome_indicator_id)
        if kind is not None and kind != "share":
            yield Problem(
                "scale_outcomes",
                outcome.row,
                "outcome_indicator_id",
                f"The outcome '{outcome.outcome_indicator_id}' is a {kind}.",
                "a share: an outcome happened or did not",
                "Name a share, or add one to indicators.csv.",
            )
    yield from _rules(registry)
    yield from _topic_marts(registry)


def _scale(scale: Scale, kind: str | None, questions: int) -> Iterator[Problem]:
    if kind is not None and (kind != "mean" or questions < 2):
        yield Problem(
            "scales",
            scale.row,
            "scale_id",
            f"'{scale.scale_id}' is a {kind} of {questions} question(s), not a scale.",
            "an indicator of kind mean with two questions or more",
            "Name another indicator, or delete the row.",
        )


def _bands(bands: list[ScaleBand]) -> Iterator[Problem]:
    ordered = sorted(bands, key=lambda band: band.position)
    if not ordered:
        return
    for band, wrong, column in (
        (ordered[0], ordered[0].minimum_score is not None, "minimum_score"),
        (ordered[-1], ordered[-1].maximum_score is not None, "maximum_score"),
    ):
        if wrong:
            yield Problem(
                "scale_bands",
                band.row,
                column,
                f"The outermost band '{band.band_id}' has a limit on its outer side.",
                f"an empty {column}: every score falls in a band",
                "Empty the cell, or correct the positions.",
            )
    for lower, upper in itertools.pairwise(ordered):
        if lower.maximum_score is None or lower.maximum_score != upper.minimum_score:
            yield Problem(
                "scale_bands",
                upper.row,
                "minimum_score",
                f"The band '{upper.band_id}' does not begin where '{lower.band_id}' ends.",
                "the maximum_score of the band before it, filled",
                "Correct one of the two scores.",
            )


def _rules(registry: Registry) -> Iterator[Problem]:
    present = {rule.rule_id: rule for rule in registry.publication_rules}
    for required in SCALE_RULES if registry.scales else ():
        rule = present.get(required)
        if rule is None or not rule.value.isdecimal():
            yield Problem(
                "publication_rules",
                None if rule is None else rule.row,
                "rule_id" if rule is None else "value",
                f"The rule '{required}' is missing."
                if rule is None
                else f"The rule '{required}' has the value '{rule.value}'.",
                "a whole number, in a survey with scales",
                "Write the threshold as a number in publication_rules.csv.",
            )


def _topic_marts(registry: Registry) -> Iterator[Problem]:
    taken = RESERVED_SCHEMAS | {group.group_id for group in registry.organisation_groups}
    filled = {row.mart_id for row in registry.topic_mart_indicators}
    for mart in registry.topic_marts:
        if mart.schema_name in taken:
            yield _wrong(
                mart,
                "schema_name",
                f"The schema '{mart.schema_name}' is that of a layer or of a group.",
                "a schema that holds tables per topic only",
                "Rename the schema, and the folder of its models where it has any.",
            )
        if mart.mart_id not in filled:
            yield _wrong(
                mart,
                "mart_id",
                f"The table '{mart.mart_id}' shows no indicator.",
                "at least one row in topic_mart_indicators.csv",
                "Add its indicators, or delete the row.",
            )


def _wrong(mart: TopicMart, column: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem("topic_marts", mart.row, column, what, expected, remedy)
