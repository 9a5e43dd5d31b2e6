"""Checks whether rules that put organisations in groups contradict each other."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator

from barometer.labels import normalise_label
from registry.model import Registry
from registry.problems import Problem, at
from registry.tables.organisations import MembershipRule


def check_membership(registry: Registry) -> Iterator[Problem]:
    """Yield every rule that clashes with another."""
    # A misspelt attribute is reported by itself.
    known = {column.attribute_id for column in registry.columns} | {"organisation_key"}
    rivals: dict[tuple[str, int], list[MembershipRule]] = defaultdict(list)
    for rule in registry.organisation_membership:
        if rule.attribute_id in known:
            rivals[rule.classification_id, rule.priority].append(rule)
    for rules in rivals.values():
        yield from _clashes(rules)


def _clashes(rules: list[MembershipRule]) -> Iterator[Problem]:
    reported: set[int] = set()
    for first, second in _pairs(rules):
        if second.row in reported or not _clash(first, second):
            continue
        reported.add(second.row)
        same_attribute = first.attribute_id == second.attribute_id
        both = f"'{first.attribute_id}' and '{second.attribute_id}'"
        matched = f"'{_described(second)}'" if same_attribute else both
        yield at(second, "priority, valid_from, valid_to").wrong(
            f"Overlapping validity: this rule and line {first.row} can both match {matched} on "
            f"the same day with priority {second.priority} in '{second.classification_id}', and "
            f"lead to '{second.group_id}' and '{first.group_id}'.",
            "one group per organisation, day and priority",
            "Let one end (valid_to) before the other begins, or give them different "
            "priorities (the lower number wins).",
        )


def _pairs(rules: list[MembershipRule]) -> Iterator[tuple[MembershipRule, MembershipRule]]:
    """Pairs that may clash; rules on different single values of one attribute never do."""
    one_attribute = len({rule.attribute_id for rule in rules}) == 1
    only_values = all(rule.match_value is not None for rule in rules)
    buckets: dict[str, list[MembershipRule]] = defaultdict(list)
    for rule in rules:
        apart = normalise_label(rule.match_value or "") if one_attribute and only_values else ""
        for other in buckets[apart]:
            yield other, rule
        buckets[apart].append(rule)


def _clash(first: MembershipRule, second: MembershipRule) -> bool:
    """Tell whether both can match an organisation on one day, and lead to different answers."""
    start = max(rule.valid_from or datetime.date.min for rule in (first, second))
    end = min(rule.valid_to or datetime.date.max for rule in (first, second))
    if start > end:
        return False
    if first.attribute_id == second.attribute_id:
        return _same_match(first, second)
    # Two attributes that lead to one group do not contradict each other.
    return first.group_id != second.group_id


def _same_match(first: MembershipRule, second: MembershipRule) -> bool:
    values = [rule.match_value for rule in (first, second) if rule.match_value is not None]
    if len(values) == 2:
        return normalise_label(values[0]) == normalise_label(values[1])
    if not values:
        (low, high), (other_low, other_high) = _range(first), _range(second)
        return max(low, other_low) < min(high, other_high)
    low, high = _range(first if first.match_value is None else second)
    try:
        return low <= float(values[0]) < high
    except ValueError:
        return False


def _range(rule: MembershipRule) -> tuple[float, float]:
    low = float("-inf") if rule.match_minimum is None else rule.match_minimum
    return low, float("inf") if rule.match_maximum is None else rule.match_maximum


def _described(rule: MembershipRule) -> str:
    if rule.match_value is not None:
        return f"{rule.attribute_id} = {rule.match_value}"
    low = "" if rule.match_minimum is None else f"{rule.match_minimum:g} <= "
    high = "" if rule.match_maximum is None else f" < {rule.match_maximum:g}"
    return f"{low}{rule.attribute_id}{high}"
