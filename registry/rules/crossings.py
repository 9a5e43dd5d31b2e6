"""Checks of the classifications that are crossed with each other."""

from __future__ import annotations

from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.records import Crossing

BETWEEN = "_x_"
"""What stands between the two ids in the id of a crossed classification or group."""


def check_crossings(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with crossings."""
    taken = {row.classification_id for row in registry.classifications}
    groups = {(row.classification_id, row.group_id) for row in registry.organisation_groups}
    for crossing in registry.crossings:
        if crossing.classification_id == crossing.crossed_classification_id:
            yield _wrong(
                crossing,
                f"The classification '{crossing.classification_id}' is crossed with itself.",
                "two classifications",
                "Name another classification, or delete the row.",
            )
        name = crossed_id(crossing.classification_id, crossing.crossed_classification_id)
        if name in taken:
            yield _wrong(
                crossing,
                f"The crossing would be called '{name}', as a classification is already.",
                "a name that is free",
                "Rename the classification, or delete the row.",
            )
        yield from _ambiguous(crossing, groups)


def crossed_id(first: str, second: str) -> str:
    """Return the id of a crossed classification or group."""
    return f"{first}{BETWEEN}{second}"


def _ambiguous(crossing: Crossing, groups: set[tuple[str, str]]) -> Iterator[Problem]:
    seen: dict[str, tuple[str, str]] = {}
    own = sorted(
        group for classification, group in groups if classification == crossing.classification_id
    )
    other = sorted(
        group
        for classification, group in groups
        if classification == crossing.crossed_classification_id
    )
    for pair in ((first, second) for first in own for second in other):
        name = crossed_id(*pair)
        if name in seen:
            yield _wrong(
                crossing,
                f"Two pairs of groups would both be called '{name}'.",
                f"ids of groups that do not hold '{BETWEEN}'",
                "Rename one of the groups.",
            )
        seen[name] = pair


def _wrong(crossing: Crossing, what: str, expected: str, remedy: str) -> Problem:
    return Problem("crossings", crossing.row, "crossed_classification_id", what, expected, remedy)
