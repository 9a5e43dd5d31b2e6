"""Suppression by size of the unit: the published rule of the US Public Libraries Survey.

Pay columns of libraries with few staff are blank. Where a state would then have only one or two
blanks, the state total minus the rest would give them away, so the next smallest libraries of
the state join until there are three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Unit:
    """A unit that publishes amounts, within a group whose total is published.

    Attributes:
        key: identifies the unit.
        group: group with a published total.
        size: full-time equivalents.
    """

    key: str
    group: str
    size: Decimal


@dataclass(frozen=True)
class SmallUnitRule:
    """Units of at most `largest_small` are blank; a group has none or at least `fewest`."""

    largest_small: Decimal = Decimal(2)
    fewest: int = 3


def suppressed_units(units: Iterable[Unit], rule: SmallUnitRule) -> dict[str, str]:
    """Return the units to suppress and why.

    Of units of equal size the one with the lower key joins first.

    Returns:
        Unit key to `small_unit` or `complementary`.
    """
    by_group: dict[str, list[Unit]] = {}
    for unit in units:
        by_group.setdefault(unit.group, []).append(unit)
    reasons: dict[str, str] = {}
    for members in by_group.values():
        ordered = sorted(members, key=lambda unit: (unit.size, unit.key))
        small = [unit for unit in ordered if unit.size <= rule.largest_small]
        reasons.update((unit.key, "small_unit") for unit in small)
        if 0 < len(small) < rule.fewest:
            joining = ordered[len(small) : rule.fewest]
            reasons.update((unit.key, "complementary") for unit in joining)
    return reasons
