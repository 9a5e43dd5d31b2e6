"""Checks of what the public edition is to publish, and how finely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from barometer.registry_model import Registry
from barometer.registry_problems import Problem, did_you_mean
from barometer.registry_records import DisclosureRule
from barometer.registry_tied import check_tied_shares

PUBLIC_EDITION = "public_edition"


def has_public_edition(registry: Registry) -> bool:
    """Return whether the survey has a public edition beside the internal one."""
    return any(
        rule.rule_id == PUBLIC_EDITION and rule.value == "1" for rule in registry.publication_rules
    )


def check_disclosure(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with disclosure rules."""
    for rule in registry.publication_rules:
        if rule.rule_id == PUBLIC_EDITION and rule.value not in ("0", "1"):
            yield Problem(
                "publication_rules",
                rule.row,
                "value",
                f"The rule '{PUBLIC_EDITION}' is '{rule.value}'.",
                "0 or 1",
                "Write 1 for a public edition, 0 for none.",
            )
    topics = {indicator.topic for indicator in registry.indicators if indicator.topic}
    kinds = {indicator.indicator_id: indicator.kind for indicator in registry.indicators}
    sets: dict[str, list[DisclosureRule]] = defaultdict(list)
    for row in registry.disclosure_rules:
        yield from _row(row, topics, kinds)
        if row.set_id is not None:
            sets[row.set_id].append(row)
    for set_id, members in sets.items():
        yield from _set(set_id, members)
    yield from check_tied_shares(registry)


def _row(row: DisclosureRule, topics: set[str], kinds: dict[str, str]) -> Iterator[Problem]:
    if row.topic is not None and row.topic not in topics:
        yield _wrong(
            row,
            "topic",
            f"No indicator has the topic '{row.topic}'.",
            "one of: " + ", ".join(sorted(topics)),
            did_you_mean(row.topic, topics) + "Name a known topic, or an indicator.",
        )
    percent = row.smallest_base_percent
    if percent is not None and not 0 < percent <= 100:
        yield _wrong(
            row,
            "smallest_base_percent",
            f"The smallest base is {percent} % of the responses.",
            "above 0, at most 100",
            "Correct the percentage, or empty the cell.",
        )
    if (row.total == "fine") != (row.fine_group_id is not None):
        yield _wrong(
            row,
            "fine_group_id",
            "A fine total and its group go together.",
            "both total 'fine' and fine_group_id, or neither",
            "Fill or empty the other cell.",
        )
    if row.fine_group_id is not None and row.classification_id is None:
        yield _wrong(
            row,
            "classification_id",
            f"The group '{row.fine_group_id}' of the fine total has no classification.",
            "the classification of that group",
            "Fill classification_id.",
        )
    if (row.set_id is None) != (row.set_role is None):
        yield _wrong(
            row,
            "set_role",
            "A set and the part in it go together.",
            "both set_id and set_role, or neither",
            "Fill or empty the other cell.",
        )
    if row.set_id is not None and (
        row.indicator_id is None
        or not row.is_published
        or kinds.get(row.indicator_id, "share") != "share"
    ):
        yield _wrong(
            row,
            "set_id",
            f"Something that is no published share is in the set '{row.set_id}'.",
            "published indicators of kind share, one per row",
            "Empty set_id and set_role, or correct the row.",
        )


def _set(set_id: str, members: list[DisclosureRule]) -> Iterator[Problem]:
    roles = [member.set_role for member in members]
    if None in roles:
        return
    unions = [member for member in members if member.set_role == "union"]
    mixed = "option" in roles and len(set(roles)) > 1
    if len(members) < 2 or mixed or len(unions) > 1 or len(unions) == len(members):
        yield _wrong(
            members[0],
            "set_role",
            f"The set '{set_id}' is made of {', '.join(sorted(role or '' for role in roles))}.",
            "two or more options, or parts with at most one union",
            "Correct the roles.",
        )
    first = members[0]
    for member in members[1:]:
        if _shared(member) != _shared(first):
            yield _wrong(
                member,
                "set_id",
                f"'{member.indicator_id}' and '{first.indicator_id}' are in the set '{set_id}' "
                "and have different rules.",
                "one smallest base, classification and total for the whole set",
                "Correct one of the two.",
            )


def _shared(row: DisclosureRule) -> tuple[object, ...]:
    return (
        row.smallest_base_percent,
        row.classification_id,
        row.further_classification_id,
        row.total,
        row.fine_group_id,
    )


def _wrong(row: DisclosureRule, column: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem("disclosure_rules", row.row, column, what, expected, remedy)
