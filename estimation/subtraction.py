"""Which groups may be shown, so that nobody computes a small one from the others.

Decided from bases alone: how many answered, never what. Whoever has the figures of some groups
has every sum and difference of them. Groups are taken one by one, and one stays blank if with it
some such sum would be about fewer organisations than the minimum, whatever combination gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

Group = tuple[str, str]
"""Classification and group."""
Cells = Mapping[frozenset[Group], int]
"""How many answered, by the groups that they are in."""

# Sums are solved in whole numbers modulo this prime: exact, unless a determinant of noughts and
# ones happens to be a multiple of it.
PRIME = 2**61 - 1
# Of one question whether something small follows. Beyond it, the answer is that it may.
MOST_STEPS = 100_000

Row = dict[int, int]
"""What is not nought in a row or column of a matrix, by place."""


def banded(group: Group, band: str) -> Group:
    """Return what those of a group who are in a band are called; ids hold no bar."""
    return group[0], f"{group[1]}|{band}"


def bases_of(cells: Cells) -> dict[Group, int]:
    """Return how many answered, by group."""
    bases: dict[Group, int] = {}
    for groups, count in cells.items():
        for group in groups:
            bases[group] = bases.get(group, 0) + count
    return bases


def shown_groups(
    cells: Cells,
    minimum: int,
    rank: Callable[[Group], Any] = lambda group: 0,
    candidates: Collection[Group] | None = None,
) -> set[Group]:
    """Return the groups whose figures on one indicator of one wave may be shown.

    Args:
        cells: how many answered, by the groups that they are in.
        minimum: the smallest base that may be shown or computed.
        rank: what sorts groups before their size does; what comes first is shown rather.
        candidates: where given, all others are blank anyway.
    """
    bases = bases_of(cells)
    enough = [
        group
        for group, base in bases.items()
        if base >= max(minimum, 1) and (candidates is None or group in candidates)
    ]
    if minimum <= 1:
        return set(enough)
    known = _Known(cells, minimum)
    return {
        group
        for group in sorted(enough, key=lambda group: (rank(group), -bases[group], group))
        if known.takes(group)
    }


class _Known:
    """The sums that follow from the groups taken so far: a matrix in reduced echelon form.

    A column is a cell of organisations that are in the same groups. A sum of noughts and ones times
    the cells follows from the groups exactly if it is a combination of the rows.
    """

    def __init__(self, cells: Cells, minimum: int) -> None:
        # By size, so that pivots, which are searched, are small only where nothing else is left.
        places = sorted(
            ((groups, count) for groups, count in cells.items() if count and groups),
            key=lambda cell: (-cell[1], sorted(cell[0])),
        )
        self._cells = [groups for groups, _ in places]
        self._bases = [count for _, count in places]
        self._small = [at for at, count in enumerate(self._bases) if count < minimum]
        self._budget = minimum - 1
        self._rows: dict[int, Row] = {}

    def takes(self, group: Group) -> bool:
        """Take a group, unless something small would follow; return whether it was taken."""
        row = {at: 1 for at, groups in enumerate(self._cells) if group in groups}
        for pivot in [at for at in row if at in self._rows]:
            row = _less(row, self._rows[pivot], row[pivot])
        if not row:
            return True
        pivot = min(row)
        inverse = pow(row[pivot], -1, PRIME)
        row = {at: value * inverse % PRIME for at, value in row.items()}
        rows = {
            at: _less(other, row, other[pivot]) if pivot in other else other
            for at, other in self._rows.items()
        } | {pivot: row}
        if self._small and _something_small(rows, self._small, self._bases, self._budget):
            return False
        self._rows = rows
        return True


def _less(row: Row, other: Row, times: int) -> Row:
    """Return a row less so many times another."""
    left = dict(row)
    for at, value in other.items():
        if rest := (left.get(at, 0) - times * value) % PRIME:
            left[at] = rest
        else:
            left.pop(at, None)
    return left


def _something_small(
    rows: Mapping[int, Row], small: list[int], bases: list[int], most: int
) -> bool:
    """Return whether cells that hold together at most so many are a combination of the rows.

    They are, if every column without a pivot holds what the rows of the chosen pivots say. What a
    column lacks or has too much must be made up by another cell that touches it.
    """
    conditions = {at: _conditions(at, rows) for at in small}
    touching: dict[int, list[int]] = {}
    for at, column in conditions.items():
        for condition in column:
            touching.setdefault(condition, []).append(at)
    steps = 0

    def completes(open_: Row, chosen: frozenset[int], barred: int, left: int) -> bool:
        nonlocal steps
        steps += 1
        if not open_ or steps > MOST_STEPS:
            return True
        ways = (
            [
                at
                for at in touching.get(condition, ())
                if at > barred and at not in chosen and bases[at] <= left
            ]
            for condition in open_
        )
        return any(
            completes(_less(open_, conditions[at], -1), chosen | {at}, barred, left - bases[at])
            for at in min(ways, key=len)
        )

    # Each in turn is the first of the chosen cells.
    return any(completes(conditions[at], frozenset({at}), at, most - bases[at]) for at in small)


def _conditions(at: int, rows: Mapping[int, Row]) -> Row:
    """Return what a cell that is chosen adds to the columns without a pivot."""
    if at not in rows:
        return {at: 1}
    return {column: -value % PRIME for column, value in rows[at].items() if column != at}


def cells_of(members: Iterable[Collection[Group]]) -> dict[frozenset[Group], int]:
    """Return how many are in the same groups, of everybody's groups."""
    counted: dict[frozenset[Group], int] = {}
    for groups in members:
        together = frozenset(groups)
        counted[together] = counted.get(together, 0) + 1
    return counted
