"""Checks of what the public edition is to publish, and how finely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem, did_you_mean
from registry.records import DisclosureRule, PublicationRule
from registry.rules.tied import check_tied_shares

PUBLIC_EDITION = "public_edition"
MINIMUM_CONTRIBUTORS = ("minimum_contributors", "3")
"""Rule and default: organisations with an amount above zero that a public amount needs."""
P_PERCENT = ("p_percent", "10")
"""Rule and default: nobody may estimate another's amount within this percentage."""


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
        yield from _amount_rule(rule)
    topics = {indicator.topic for indicator in registry.indicators if indicator.topic}
    kinds = {indicator.indicator_id: indicator.kind for indicator in registry.indicators}
    sets: dict[str, list[DisclosureRule]] = defaultdict(list)
    for row in registry.disclosure_rules:
        yield from _row(row, topics, kinds)
        if row.set_id is not None:
            sets[row.set_id].append(row)
    for set_id, members in sets.items():
        if any(kinds.get(member.indicator_id or "") == "total" for member in members):
            yield from _set_of_totals(set_id, members, kinds)
        else:
            yield from _set(set_id, members)
    yield from check_tied_shares(registry)


def _amount_rule(rule: PublicationRule) -> Iterator[Problem]:
    try:
        value = float(rule.value)
    except ValueError:
        value = -1.0
    if rule.rule_id == MINIMUM_CONTRIBUTORS[0] and (value < 3 or value != int(value)):
        expected = "a whole number of 3 or more"
    elif rule.rule_id == P_PERCENT[0] and not 0 < value <= 100:
        expected = "above 0, at most 100"
    else:
        return
    yield Problem(
        "publication_rules",
        rule.row,
        "value",
        f"The rule '{rule.rule_id}' is '{rule.value}'.",
        expected,
        "Correct the value, or leave the rule out.",
    )


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
    kind = kinds.get(row.indicator_id or "", "share")
    if row.set_id is not None and (
        row.indicator_id is None
        or kind not in ("share", "total")
        or not (row.is_published or (kind == "total" and row.set_role == "part"))
    ):
        yield _wrong(
            row,
            "set_id",
            f"Something that is no published share or total is in the set '{row.set_id}'.",
            "published indicators of kind share, or of kind total, one per row; a part of a total "
            "may be unpublished",
            "Empty set_id and set_role, or correct the row.",
        )
    bands = (row.smallest_base_percent, row.further_classification_id, row.total)
    if kind in ("total", "ratio") and any(value is not None for value in bands):
        yield _wrong(
            row,
            "indicator_id",
            f"'{row.indicator_id}' is an amount and has rules for bands.",
            "empty smallest_base_percent, further_classification_id and total",
            "Empty those cells.",
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


def _set_of_totals(
    set_id: str, members: list[DisclosureRule], kinds: dict[str, str]
) -> Iterator[Problem]:
    roles = [member.set_role for member in members]
    if None in roles:
        return
    others = [row for row in members if kinds.get(row.indicator_id or "") != "total"]
    if others or roles.count("union") != 1 or set(roles) != {"union", "part"}:
        yield _wrong(
            (others or members)[0],
            "set_role",
            f"The set '{set_id}' has totals and is made of "
            f"{', '.join(sorted(role or '' for role in roles))}.",
            "totals only: one union, and the parts that add up to it",
            "Correct the roles, or take out what is no total.",
        )
    published = [row for row in members if row.is_published]
    for member in published[1:]:
        if member.classification_id != published[0].classification_id:
            yield _wrong(
                member,
                "classification_id",
                f"'{member.indicator_id}' and '{published[0].indicator_id}' are in the set "
                f"'{set_id}' and have different classifications.",
                "one classification for the whole set",
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
