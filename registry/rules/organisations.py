"""Checks of organisation groups, membership rules and successions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator

from barometer.labels import normalise_label
from barometer.project_file import variable
from registry.model import Registry
from registry.problems import Problem, listed
from registry.records import MembershipRule
from registry.validity import cycle_in, longest_walk

GROUP_DEPTH = int(variable("group_depth"))
"""How many levels above a group the SQL follows."""

# Schemas of the warehouse, of the databases it is published in, and names of catalogs.
RESERVED_SCHEMAS = frozenset(
    {
        *("raw", "registry", "staging", "cleaned", "estimation", "core", "groups"),
        *("topics", "build_state"),
        *("main", "build", "memory", "system", "temp"),
        *("public", "information_schema", "pg_catalog"),
    }
)


def check_organisations(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with groups, membership and succession."""
    yield from _classifications(registry)
    yield from _group_names(registry)
    yield from _group_trees(registry)
    for rule in registry.organisation_membership:
        yield from _match(rule)
    yield from _overlaps(registry)
    yield from _successions(registry)


def _classifications(registry: Registry) -> Iterator[Problem]:
    own = {(group.classification_id, group.group_id) for group in registry.organisation_groups}
    used = {classification_id for classification_id, _ in own}
    for classification in registry.classifications:
        if classification.classification_id and classification.classification_id not in used:
            yield Problem(
                "classifications",
                classification.row,
                "classification_id",
                f"The classification '{classification.classification_id}' has no groups.",
                "rows in organisation_groups.csv",
                "Add its groups, or delete the classification.",
            )
        if (classification.classification_id, classification.within_group_id) in own:
            yield Problem(
                "classifications",
                classification.row,
                "within_group_id",
                f"The classification '{classification.classification_id}' lies within its own "
                f"group '{classification.within_group_id}'.",
                "a group of another classification",
                "Name another group, or empty the cell.",
            )


def _group_names(registry: Registry) -> Iterator[Problem]:
    reserved = RESERVED_SCHEMAS | {f"{registry.survey.survey_id}_release"}
    for group in registry.organisation_groups:
        if group.group_id in reserved:
            yield Problem(
                "organisation_groups",
                group.row,
                "group_id",
                f"The group '{group.group_id}' has the name of a schema or database.",
                "an id other than " + ", ".join(sorted(reserved)),
                "Rename the group.",
            )


def _group_trees(registry: Registry) -> Iterator[Problem]:
    by_classification: dict[str, dict[str, list[str]]] = defaultdict(dict)
    rows: dict[tuple[str, str], int] = {}
    for group in registry.organisation_groups:
        parents = [group.parent_group_id] if group.parent_group_id else []
        by_classification[group.classification_id].setdefault(group.group_id, parents)
        rows.setdefault((group.classification_id, group.group_id), group.row)
    for classification_id, edges in by_classification.items():
        reported: set[frozenset[str]] = set()
        for group_id in edges:
            walk = longest_walk(edges, group_id)
            cycle = cycle_in(walk)
            if cycle:
                if frozenset(cycle) not in reported:
                    reported.add(frozenset(cycle))
                    yield Problem(
                        "organisation_groups",
                        rows[classification_id, cycle[0]],
                        "parent_group_id",
                        f"The groups contain each other: {' → '.join(cycle)}.",
                        "a parent that does not lie within the group",
                        "Correct or empty one of the parents.",
                    )
            elif len(walk) - 1 > GROUP_DEPTH:
                yield Problem(
                    "organisation_groups",
                    rows[classification_id, group_id],
                    "parent_group_id",
                    f"The group lies {len(walk) - 1} levels deep: {listed(walk)}.",
                    f"at most {GROUP_DEPTH} groups above a group",
                    "Leave out a level, or raise group_depth in dbt_project.yml.",
                )


def _match(rule: MembershipRule) -> Iterator[Problem]:
    has_range = rule.match_minimum is not None or rule.match_maximum is not None
    name = "match_value, match_minimum, match_maximum"
    if rule.match_value is None and not has_range:
        yield Problem(
            "organisation_membership",
            rule.row,
            name,
            "The rule does not say which value it matches.",
            "a match_value, or a match_minimum or match_maximum or both",
            "Fill the value, or the range.",
        )
    elif rule.match_value is not None and has_range:
        yield Problem(
            "organisation_membership",
            rule.row,
            name,
            "The rule has both a value and a range.",
            "a match_value, or a match_minimum or match_maximum or both",
            "Empty one of them.",
        )
    elif has_range and rule.attribute_id == "organisation_key":
        yield Problem(
            "organisation_membership",
            rule.row,
            name,
            "An organisation key has no range.",
            "a match_value where attribute_id is organisation_key",
            "Name the key, or correct the attribute.",
        )


def _overlaps(registry: Registry) -> Iterator[Problem]:
    # A misspelt attribute is reported by itself.
    known = {column.attribute_id for column in registry.columns} | {"organisation_key"}
    rivals: dict[tuple[str, int], list[MembershipRule]] = defaultdict(list)
    for rule in registry.organisation_membership:
        if rule.attribute_id in known:
            rivals[rule.classification_id, rule.priority].append(rule)
    reported: set[int] = set()
    for (classification_id, priority), rules in rivals.items():
        for first, second in _pairs(rules):
            if second.row in reported or not _same_days(first, second):
                continue
            same_attribute = first.attribute_id == second.attribute_id
            if same_attribute and not _same_match(first, second):
                continue
            # Two attributes that lead to one group do not contradict each other.
            if not same_attribute and first.group_id == second.group_id:
                continue
            reported.add(second.row)
            matched = (
                f"'{_described(second)}'"
                if same_attribute
                else f"'{first.attribute_id}' and '{second.attribute_id}'"
            )
            yield Problem(
                "organisation_membership",
                second.row,
                "priority, valid_from, valid_to",
                f"Overlapping validity: this rule and line {first.row} can both match {matched} on "
                f"the same day with priority {priority} in '{classification_id}', and lead to "
                f"'{second.group_id}' and '{first.group_id}'.",
                "one group per organisation, day and priority",
                "Let one end (valid_to) before the other begins, or give them different "
                "priorities (the lower number wins).",
            )


def _pairs(rules: list[MembershipRule]) -> Iterator[tuple[MembershipRule, MembershipRule]]:
    """Pairs that may clash; rules on different single values of one attribute never do."""
    buckets: dict[tuple[str, str], list[MembershipRule]] = defaultdict(list)
    earlier: list[MembershipRule] = []
    attributes = {rule.attribute_id for rule in rules}
    ranged = {rule.attribute_id for rule in rules if rule.match_value is None}
    for rule in rules:
        if len(attributes) == 1 and rule.attribute_id not in ranged:
            bucket = buckets[rule.attribute_id, normalise_label(rule.match_value or "")]
        else:
            bucket = earlier
        for other in bucket:
            yield other, rule
        bucket.append(rule)


def _same_days(first: MembershipRule, second: MembershipRule) -> bool:
    starts = max(first.valid_from or datetime.date.min, second.valid_from or datetime.date.min)
    ends = min(first.valid_to or datetime.date.max, second.valid_to or datetime.date.max)
    return starts <= ends


def _same_match(first: MembershipRule, second: MembershipRule) -> bool:
    if first.match_value is not None and second.match_value is not None:
        return normalise_label(first.match_value) == normalise_label(second.match_value)
    if first.match_value is not None or second.match_value is not None:
        point, interval = (first, second) if first.match_value is not None else (second, first)
        try:
            value = float(point.match_value or "")
        except ValueError:
            return False
        low, high = _interval(interval)
        return low <= value < high
    low_first, high_first = _interval(first)
    low_second, high_second = _interval(second)
    return max(low_first, low_second) < min(high_first, high_second)


def _interval(rule: MembershipRule) -> tuple[float, float]:
    low = float("-inf") if rule.match_minimum is None else rule.match_minimum
    return low, float("inf") if rule.match_maximum is None else rule.match_maximum


def _described(rule: MembershipRule) -> str:
    if rule.match_value is not None:
        return f"{rule.attribute_id} = {rule.match_value}"
    low = "" if rule.match_minimum is None else f"{rule.match_minimum:g} <= "
    high = "" if rule.match_maximum is None else f" < {rule.match_maximum:g}"
    return f"{low}{rule.attribute_id}{high}"


def _successions(registry: Registry) -> Iterator[Problem]:
    edges = {row.organisation_key: [row.successor_key] for row in registry.organisation_succession}
    rows = {row.organisation_key: row.row for row in registry.organisation_succession}
    reported: set[frozenset[str]] = set()
    for key in edges:
        cycle = cycle_in(longest_walk(edges, key))
        if cycle and frozenset(cycle) not in reported:
            reported.add(frozenset(cycle))
            yield Problem(
                "organisation_succession",
                rows[cycle[0]],
                "successor_key",
                f"The organisations continue each other: {' → '.join(cycle)}.",
                "a successor that is not continued by this organisation",
                "Delete or correct one of the rows.",
            )
