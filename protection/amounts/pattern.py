"""Which cells of a table of amounts are suppressed: the unsafe ones and the fewest further ones.

An implicit hitting set (Chandrasekaran, Karp, Moreno-Centeno & Vempala 2011; for cells of tables
Fischetti & Salazar 2001): a small integer program proposes the cheapest pattern, the attacker
tries it, and each success gives a new condition. A cell that cannot move is held by a cut of the
network, so only a cell across that cut can help. Each proposal is also completed to a safe pattern;
when that has no more cells than the proposal, fewer are not possible. Between cells that serve
equally the group with fewer responses is taken; the amounts play no part, because the choice is
public.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from protection.amounts.attack import AmountAttack, AmountFinding
from protection.amounts.hitting_set import HittingSet
from protection.amounts.network import GROUND, Node, ends
from protection.amounts.totals import AmountTable, Cell
from protection.errors import ProtectionError

ROUNDS = 12
"""Fewest patterns that are tried; of small tables more, up to `TRIES` cells in all."""
TRIES = 4000
SHUFFLES = 4
"""Orders in which cells are given back, every so many rounds."""
_FREE = 1e-6


@dataclass(frozen=True)
class AmountPattern:
    """What is not published of a table.

    Attributes:
        suppressed: every cell without a figure, also those that are never published.
        secondary: the cells suppressed so that the unsafe ones cannot be worked out.
        is_fewest: proven that fewer would not do.
    """

    suppressed: frozenset[Cell]
    secondary: frozenset[Cell]
    is_fewest: bool


def choose_pattern(
    table: AmountTable, forced: Collection[Cell] = (), *, rounds: int | None = None
) -> AmountPattern:
    """Choose the fewest cells that keep every unsafe one safe.

    Args:
        table: the table.
        forced: cells that stay suppressed, because they were in an earlier release.
        rounds: patterns to try before settling for one that is safe but perhaps not smallest.
            None: as many as the size of the table allows.

    Raises:
        ProtectionError: no pattern is safe, even with every cell suppressed.
    """
    everything = frozenset(table.totals)
    shown = frozenset(table.shown)
    base = frozenset([*table.primary, *(everything - shown), *(everything & frozenset(forced))])
    attack = AmountAttack(table)
    hopeless = attack.findings(everything)
    if hopeless:
        raise ProtectionError(
            f"{hopeless[0].cell[0]} of {hopeless[0].cell[1]} cannot be protected.",
            expected="a table with other cells beside the unsafe ones",
        )
    master = HittingSet(_costs(table, shown), base)
    for cells in _sums(table).values():
        if not base.intersection(cells):
            master.demand_company(cells)
    best, tried = everything, base
    if rounds is None:
        rounds = max(ROUNDS, TRIES // max(1, len(everything)))
    for number in range(rounds):
        pattern = master.cheapest()
        safe = _completed(table, attack, master, pattern, everything)
        tried |= safe
        orders = range(SHUFFLES if number % SHUFFLES == SHUFFLES - 1 else 0)
        for within, order in ((safe, None), *((tried, number + at) for at in orders)):
            if len(best - base) > len(pattern - base):
                smaller = _smaller(table, attack, within, base, order)
                best = min(best, smaller, key=len)
        if len(best - base) <= len(pattern - base):
            return AmountPattern(best, best - base, True)
    best = _smaller(table, attack, best, base)
    return AmountPattern(best, best - base, False)


def _completed(
    table: AmountTable,
    attack: AmountAttack,
    master: HittingSet[Cell],
    pattern: frozenset[Cell],
    everything: frozenset[Cell],
) -> frozenset[Cell]:
    """Return a safe pattern around this one; every success on the way is a condition learned."""
    while found := attack.findings(pattern):
        more: set[Cell] = set()
        for finding in found:
            if any(finding.can_help(table, cell) for cell in more):
                continue
            useful = _ways_out(table, attack, finding, everything, pattern)
            master.demand_one_of(useful)
            more.add(min(useful, key=lambda cell: (table.responses[cell[1]], cell)))
        pattern |= more
    return pattern


def _costs(table: AmountTable, shown: Collection[Cell]) -> dict[Cell, float]:
    """Return one per cell, and a little for the responses of its group: wide groups go last."""
    whole = 2 * max(1, sum(table.responses[group] for _, group in table.totals))
    return {
        cell: 1 + table.responses[cell[1]] / whole if cell in shown else _FREE
        for cell in table.totals
    }


def _sums(table: AmountTable) -> dict[Node, list[Cell]]:
    found: dict[Node, list[Cell]] = defaultdict(list)
    for cell in table.totals:
        for node in ends(table, cell):
            if node != GROUND:
                found[node].append(cell)
    return found


def _ways_out(
    table: AmountTable,
    attack: AmountAttack,
    finding: AmountFinding,
    everything: frozenset[Cell],
    pattern: frozenset[Cell],
) -> frozenset[Cell]:
    """Return cells of which one must be suppressed: without them all the attacker succeeds."""
    useful = {cell for cell in everything - pattern if finding.can_help(table, cell)}
    for cell in sorted(useful):
        if attack.still_finds(finding, everything - (useful - {cell})):
            useful.discard(cell)
    return frozenset(useful)


def _smaller(
    table: AmountTable,
    attack: AmountAttack,
    pattern: frozenset[Cell],
    base: frozenset[Cell],
    order: int | None = None,
) -> frozenset[Cell]:
    """Return a safe pattern of which no cell can be left out, within a safe one.

    Wide groups are given back first, or cells in one of many fixed orders.
    """
    cells = sorted(pattern - base, key=lambda cell: (-table.responses[cell[1]], cell))
    if order is not None:
        random.Random(order).shuffle(cells)
    for cell in cells:
        if not attack.findings(pattern - {cell}):
            pattern = pattern - {cell}
    return pattern
