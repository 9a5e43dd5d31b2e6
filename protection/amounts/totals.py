"""Tables of amounts: totals of what organisations reported, per group, and what ties them.

A cell is one amount of one group. Groups are a tree (a total is the sum of the groups below it); in
a set, one amount is the sum of others in every group. Amounts are whole hundredths, so that every
sum is exact.

Sources: Hundepool et al., Statistical Disclosure Control (2012), chapter 4; Willenborg & de Waal,
Elements of Statistical Disclosure Control (2001), chapter 6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil

from protection.errors import ProtectionError
from protection.ranges.bands import CANDIDATES

HUNDREDTHS = 100
HIDDEN = "~"
"""Begins the name of a part, or a group, that is in a sum and never published."""

MINIMUM_CONTRIBUTORS = 3
P_PERCENT = Fraction(10)
TOO_FEW = "too_few_contributors"
DOMINATED = "p_percent"

Cell = tuple[str, str]
"""Amount (indicator id) and group."""


@dataclass(frozen=True)
class AmountSet:
    """Amounts that are protected together; decided before any answer is seen.

    Attributes:
        set_id: name.
        parts: indicator ids; without a union there is one.
        union_id: the amount that is the sum of the parts.
        unpublished: members that are in the sum and never published.
        classification_id: the classification whose groups have figures.
        minimum_contributors: organisations with an amount above zero that a figure needs.
        p_percent: nobody may estimate another's amount within this percentage.
        candidates: amounts, in whole units, that stay possible at least.
        highest: per member the largest amount one organisation can have, in hundredths, where the
            registry says so.
    """

    set_id: str
    parts: tuple[str, ...]
    union_id: str | None
    classification_id: str
    unpublished: tuple[str, ...] = ()
    minimum_contributors: int = MINIMUM_CONTRIBUTORS
    p_percent: Fraction = P_PERCENT
    candidates: int = CANDIDATES
    highest: Mapping[str, int] = field(default_factory=dict)

    @property
    def members(self) -> tuple[str, ...]:
        """Every amount in the set, the union first."""
        return ((self.union_id,) if self.union_id else ()) + self.parts

    @property
    def published(self) -> tuple[str, ...]:
        """The members that may have figures."""
        return tuple(name for name in self.members if name not in self.unpublished)

    @property
    def width(self) -> int:
        """Hundredths between the lowest and highest amount that must stay possible."""
        return (self.candidates - 1) * HUNDREDTHS


@dataclass(frozen=True)
class AmountTable:
    """What was reported; confidential, never leaves the building.

    Attributes:
        rule: what was decided in advance.
        parent: the group above each group with a response; None at the top.
        leaf: per response its lowest group.
        amounts: per member the amount of each response, in hundredths; None where not answered.
    """

    rule: AmountSet
    parent: Mapping[str, str | None]
    leaf: tuple[str, ...]
    amounts: Mapping[str, tuple[int | None, ...]] = field(repr=False)

    @cached_property
    def chains(self) -> dict[str, tuple[str, ...]]:
        """Every group with those above it, itself first."""
        found = {}
        for group in self.parent:
            chain = [group]
            while (above := self.parent[chain[-1]]) is not None:
                chain.append(above)
            found[group] = tuple(chain)
        return found

    @cached_property
    def leaves(self) -> dict[str, tuple[int, ...]]:
        """The positions of the responses of each lowest group."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, group in enumerate(self.leaf):
            found[group].append(at)
        return {group: tuple(own) for group, own in sorted(found.items())}

    @cached_property
    def responses(self) -> dict[str, int]:
        """Responses of each group."""
        found: dict[str, int] = dict.fromkeys(self.parent, 0)
        for leaf, own in self.leaves.items():
            for group in self.chains[leaf]:
                found[group] += len(own)
        return found

    @cached_property
    def contributions(self) -> dict[Cell, tuple[tuple[int, int], ...]]:
        """Per cell the amounts above zero, largest first, each with the position of its owner."""
        found: dict[Cell, list[tuple[int, int]]] = {
            (member, group): [] for member in self.rule.members for group in self.parent
        }
        for member in self.rule.members:
            for at, amount in enumerate(self.amounts[member]):
                if amount:
                    for group in self.chains[self.leaf[at]]:
                        found[member, group].append((amount, at))
        return {
            cell: tuple(sorted(own, key=lambda pair: (-pair[0], pair[1])))
            for cell, own in found.items()
        }

    @cached_property
    def totals(self) -> dict[Cell, int]:
        """The amount of every cell."""
        return {cell: sum(amount for amount, _ in own) for cell, own in self.contributions.items()}

    @cached_property
    def shown(self) -> tuple[Cell, ...]:
        """The cells that may be published."""
        return tuple(
            (member, group)
            for member in self.rule.published
            for group in self.parent
            if not group.startswith(HIDDEN)
        )

    @cached_property
    def primary(self) -> dict[Cell, str]:
        """The cells that are unsafe by themselves, with the reason; also unpublished ones."""
        found = {}
        for cell, own in self.contributions.items():
            if len(own) < self.rule.minimum_contributors:
                found[cell] = TOO_FEW
            elif self.gap(cell, own[1][0], own[0][0]) > 0:
                found[cell] = DOMINATED
        return found

    def gap(self, cell: Cell, own: int, other: int) -> int:
        """Return the room the p% rule asks for around the amount of a cell, in hundredths.

        An attacker who has `own` in the cell and knows it to be at most T + gap knows of somebody
        with `other` that he has at most other + the rest + gap; the rule asks for p % of it.
        """
        rest = self.totals[cell] - own - other
        return max(0, ceil(self.rule.p_percent * other / 100) - rest)


def amount_table(
    rule: AmountSet,
    chains: Sequence[Sequence[str]],
    amounts: Mapping[str, Sequence[int | None]],
) -> AmountTable:
    """Return a table.

    Args:
        rule: what was decided in advance.
        chains: per response its groups, lowest first, the widest last.
        amounts: per member the amount of each response, in hundredths.

    Raises:
        ProtectionError: an amount is negative, or a group is below two others.
    """
    parent: dict[str, str | None] = {}
    for chain in chains:
        for group, above in zip(chain, [*chain[1:], None], strict=True):
            if parent.setdefault(group, above) != above:
                raise ProtectionError(
                    f"The group {group} is below two others.", expected="a tree of groups"
                )
    divided = set(parent.values())
    leaf = []
    for chain in chains:
        lowest = chain[0]
        if lowest in divided:
            parent.setdefault(f"{HIDDEN}{lowest}", lowest)
            lowest = f"{HIDDEN}{lowest}"
        leaf.append(lowest)
    for member in rule.members:
        if any(amount is not None and amount < 0 for amount in amounts[member]):
            raise ProtectionError(
                f"An amount of {member} is negative.",
                expected="amounts of zero or more, as the registry says",
            )
    own = {member: tuple(amounts[member]) for member in rule.members}
    return AmountTable(rule, dict(sorted(parent.items())), tuple(leaf), own)
