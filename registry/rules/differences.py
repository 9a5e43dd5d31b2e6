"""Checks of what is compared: families of tests, comparisons, trend rules and bridges."""

from __future__ import annotations

from collections.abc import Iterator

from registry.difference_records import Comparison
from registry.model import Registry
from registry.problems import Problem, did_you_mean, listed


def check_differences(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with families, comparisons, trend rules and bridges."""
    yield from _families(registry)
    groups = groups_around(registry)
    classified = {group.group_id: group.classification_id for group in registry.organisation_groups}
    topics = {indicator.topic for indicator in registry.indicators if indicator.topic}
    for comparison in registry.comparisons:
        # Where a parent is unknown or of another classification, that is the mistake.
        if all(
            classified.get(group) == comparison.classification_id
            for group in groups.get(comparison.group_a, ())
        ):
            yield from _sides(comparison, groups)
        yield from _topic(comparison, topics)
    yield from _bridges(registry)


def _families(registry: Registry) -> Iterator[Problem]:
    users = {
        "comparisons": {comparison.family_id for comparison in registry.comparisons},
        "trend_rules": {rule.family_id for rule in registry.trend_rules},
        "claims": {claim.family_id for claim in registry.claims},
    }
    for family in registry.test_families:
        used = [f"{table}.csv" for table, ids in users.items() if family.family_id in ids]
        if len(used) > 1:
            yield Problem(
                "test_families",
                family.row,
                "family_id",
                f"The family '{family.family_id}' is used in {listed(used)}.",
                "a family of comparisons, of trends or of claims",
                "Add a family for the others.",
            )


def groups_around(registry: Registry) -> dict[str, frozenset[str]]:
    """Return the groups that contain each group.

    A circle of groups, which is reported elsewhere, ends the walk.
    """
    parents = {group.group_id: group.parent_group_id for group in registry.organisation_groups}
    found: dict[str, frozenset[str]] = {}
    for group_id in parents:
        around: list[str] = []
        parent = parents[group_id]
        while parent is not None and parent not in around:
            around.append(parent)
            parent = parents.get(parent)
        found[group_id] = frozenset(around)
    return found


def _sides(comparison: Comparison, groups: dict[str, frozenset[str]]) -> Iterator[Problem]:
    def wrong(column: str, what: str, expected: str, remedy: str) -> Problem:
        name = f"The comparison '{comparison.comparison_id}'"
        return Problem("comparisons", comparison.row, column, f"{name} {what}", expected, remedy)

    own, other = comparison.group_a, comparison.group_b
    if own not in groups:
        return
    if own == other:
        yield wrong(
            "group_a, group_b",
            f"compares '{own}' with itself.",
            "two groups",
            "Correct one of the two.",
        )
    elif other in groups and (other in groups[own] or own in groups[other]):
        inner, outer = (own, other) if other in groups[own] else (other, own)
        yield wrong(
            "group_a, group_b",
            f"compares '{own}' with '{other}', and '{inner}' is a part of '{outer}'.",
            "two groups without organisations in common",
            "Name the part as group_a, empty group_b, and name the whole as rest_of_group_id.",
        )
    rest = comparison.rest_of_group_id
    if rest in groups and rest not in groups[own]:
        yield wrong(
            "rest_of_group_id",
            f"compares '{own}' with the rest of '{rest}', of which it is no part.",
            f"a group around '{own}': {listed(sorted(groups[own]))}"
            if groups[own]
            else f"group_b: no group lies around '{own}'",
            "Name a group that contains group A, or fill group_b instead.",
        )


def _topic(comparison: Comparison, topics: set[str]) -> Iterator[Problem]:
    if comparison.topic is not None and comparison.topic not in topics:
        yield Problem(
            "comparisons",
            comparison.row,
            "topic",
            f"No indicator has the topic '{comparison.topic}'.",
            "one of: " + ", ".join(sorted(topics)),
            did_you_mean(comparison.topic, topics) + "Name a known topic, or empty the cell.",
        )


def _bridges(registry: Registry) -> Iterator[Problem]:
    made_of: dict[str, set[str]] = {}
    for item in registry.indicator_items:
        made_of.setdefault(item.indicator_id, set()).add(item.question_id)
    for bridge in registry.comparability_bridges:
        questions = made_of.get(bridge.indicator_id)
        if questions is not None and bridge.question_id not in questions:
            yield Problem(
                "comparability_bridges",
                bridge.row,
                "indicator_id",
                f"The indicator '{bridge.indicator_id}' is not made of '{bridge.question_id}'.",
                "an indicator that uses the question with the break",
                "Correct the indicator or the question, or delete the bridge.",
            )
