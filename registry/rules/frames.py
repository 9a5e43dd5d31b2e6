"""Checks of the rules for sampling frames and of the decisions that match responses to them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from barometer.labels import normalise_label
from registry.model import Registry
from registry.problems import Problem
from registry.records import FrameRule

DUPLICATE_KEY = "duplicate_key"
UNKNOWN_DATE = "unknown_date"
NOT_ENDED = "not_ended"

_ON_DUPLICATE = ("error", "review")
_DATE_ROLES = ("valid_from", "valid_until")


def check_frames(registry: Registry) -> Iterator[Problem]:
    """Yield every rule that makes no sense and every decision that decides nothing."""
    for rule in registry.frame_rules:
        yield from _value(rule)
    yield from _one_duplicate_rule(registry)
    yield from _unknown_dates(registry)
    yield from _decisions(registry)


def _value(rule: FrameRule) -> Iterator[Problem]:
    if rule.rule_id == DUPLICATE_KEY and rule.value not in _ON_DUPLICATE:
        yield _problem(
            rule,
            f"'{rule.value}' does not say what to do with a key that comes back.",
            "error (landing stops) or review (the first row counts, the others are listed)",
        )
    if rule.rule_id == UNKNOWN_DATE:
        try:
            datetime.date.fromisoformat(rule.value)
        except ValueError:
            yield _problem(rule, f"'{rule.value}' is not a date.", "a date such as 1900-01-01")


def _problem(rule: FrameRule, what: str, expected: str) -> Problem:
    return Problem("frame_rules", rule.row, "value", what, expected, "Correct the value.")


def _one_duplicate_rule(registry: Registry) -> Iterator[Problem]:
    rules = [rule for rule in registry.frame_rules if rule.rule_id == DUPLICATE_KEY]
    for rule in rules[1:]:
        yield _problem(
            rule,
            f"The rule {DUPLICATE_KEY} has two values (line {rules[0].row} and here).",
            "one value",
        )


def _unknown_dates(registry: Registry) -> Iterator[Problem]:
    dated = [column for column in registry.columns if column.role in _DATE_ROLES]
    if dated and not any(rule.rule_id == UNKNOWN_DATE for rule in registry.frame_rules):
        yield Problem(
            "frame_rules",
            None,
            "rule_id",
            f"No rule {UNKNOWN_DATE} says which dates of the frame mean that nobody knows "
            f"(columns.csv, line {dated[0].row}, reads dates).",
            "at least one row, such as 1900-01-01 for the government register",
            "Add the row.",
        )


def _decisions(registry: Registry) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    for match in registry.organisation_matches:
        if match.delivered_key is None and match.delivered_name is None:
            yield Problem(
                "organisation_matches",
                match.row,
                "delivered_key, delivered_name",
                "The decision does not say which responses it is about.",
                "the key or the name that was delivered, or both",
                "Fill one of them; `barometer match` lists them.",
            )
            continue
        key = (
            match.wave,
            (match.delivered_key or "").strip(),
            normalise_label(match.delivered_name or ""),
        )
        first = seen.setdefault(key, match.row)
        if first != match.row:
            yield Problem(
                "organisation_matches",
                match.row,
                "wave, delivered_key, delivered_name",
                f"The same responses are decided on line {first} too.",
                "one decision",
                "Delete one of the two rows.",
            )
