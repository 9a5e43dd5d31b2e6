"""Tables of amounts as networks: how far one suppressed cell can move, exactly.

Sums over a tree of groups, crossed with one sum over the members of a set, are a network: every
cell lies in two sums, once on either side, when the sums of a set are written for the lowest groups
only (those of wider groups follow). A cell can grow by what can flow back from its head to its tail
through the other suppressed cells, and every whole amount in between is possible. So the limits
follow from maximum flows in whole numbers, and need no solver with tolerances.

Sources: Cox, Network models for complementary cell suppression (JASA 90, 1995); Edmonds & Karp,
Theoretical improvements in algorithmic efficiency for network flow problems (JACM 19, 1972).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from protection.amounts.totals import AmountTable, Cell

Node = tuple[str, ...]
GROUND: Node = ()
"""Where the cells end that are in one sum only."""


@dataclass(frozen=True)
class Attacker:
    """Somebody who knows more than what is published.

    Attributes:
        own: per cell how much of it is his; it cannot be less.
        certain: cells that he knows, because his is the only response in the group.
        position: his response in the table; None for a reader, or several together.
    """

    own: Mapping[Cell, int] = field(default_factory=dict)
    certain: frozenset[Cell] = frozenset()
    position: int | None = None


@dataclass(frozen=True)
class Move:
    """How far a cell can move one way, up to the limit asked for.

    Attributes:
        amount: hundredths.
        reached: the nodes on one side of what holds it; only a cell with one end on either side
            can give it more room.
    """

    amount: int
    reached: frozenset[Node]


def ends(table: AmountTable, cell: Cell) -> tuple[Node, Node]:
    """Return where a cell begins and ends in the network."""
    member, group = cell
    above = table.parent[group]
    outer: Node = GROUND if above is None else ("groups", member, above)
    inner: Node
    if group not in table.leaves:
        inner = ("groups", member, group)
    elif table.rule.union_id is None:
        inner = GROUND
    else:
        inner = ("members", group)
    return (inner, outer) if member == table.rule.union_id else (outer, inner)


class AmountNetwork:
    """The suppressed cells of a table."""

    def __init__(self, table: AmountTable, suppressed: Collection[Cell]) -> None:
        self._table = table
        self._ends = {cell: ends(table, cell) for cell in sorted(suppressed)}
        self._at: dict[Node, list[Cell]] = defaultdict(list)
        for cell, (tail, head) in self._ends.items():
            self._at[tail].append(cell)
            if head != tail:
                self._at[head].append(cell)

    def up(self, cell: Cell, attacker: Attacker, limit: int) -> Move:
        """Return by how much a cell may be larger, as far as an attacker knows."""
        tail, head = self._ends[cell]
        return self._flow(head, tail, cell, attacker, min(limit, self._above(cell, limit)))

    def down(self, cell: Cell, attacker: Attacker, limit: int) -> Move:
        """Return by how much a cell may be smaller, as far as an attacker knows."""
        tail, head = self._ends[cell]
        return self._flow(tail, head, cell, attacker, min(limit, self._below(cell, attacker)))

    def blocks(self) -> list[frozenset[Cell]]:
        """Return the suppressed cells that are tied to each other, by sums they share."""
        found: list[frozenset[Cell]] = []
        left = set(self._ends)
        while left:
            block, todo = set(), [min(left)]
            while todo:
                cell = todo.pop()
                if cell not in block:
                    block.add(cell)
                    nodes = [node for node in self._ends[cell] if node != GROUND]
                    todo += [other for node in nodes for other in self._at[node]]
            left -= block
            found.append(frozenset(block))
        return found

    def _above(self, cell: Cell, limit: int) -> int:
        """Return by how much a cell may grow at all: the registry may know a largest amount."""
        member, group = cell
        highest = self._table.rule.highest.get(member)
        if highest is None:
            return limit
        number = self._table.responses[group]
        return max(0, max(1, number - 1) * highest - self._table.totals[cell])

    def _below(self, cell: Cell, attacker: Attacker) -> int:
        return self._table.totals[cell] - attacker.own.get(cell, 0)

    def _flow(self, source: Node, sink: Node, skipped: Cell, who: Attacker, limit: int) -> Move:
        """Push up to `limit` from source to sink, by shortest paths."""
        if source == sink or limit <= 0:
            return Move(max(0, limit), frozenset())
        flow: dict[Cell, int] = defaultdict(int)
        total = 0
        while True:
            came: dict[Node, tuple[Cell, Node, int, int] | None] = {source: None}
            queue = deque([source])
            while queue and sink not in came:
                node = queue.popleft()
                for cell in self._at[node]:
                    if cell == skipped or cell in who.certain:
                        continue
                    tail, head = self._ends[cell]
                    sign, other = (1, head) if tail == node else (-1, tail)
                    if other in came:
                        continue
                    free = (
                        self._above(cell, 2 * limit) if sign > 0 else self._below(cell, who)
                    ) - sign * flow[cell]
                    if free > 0:
                        came[other] = (cell, node, sign, free)
                        queue.append(other)
            if sink not in came:
                return Move(total, frozenset(came))
            path, node, push = [], sink, limit - total
            while (step := came[node]) is not None:
                path.append(step)
                push, node = min(push, step[3]), step[1]
            for cell, _, sign, _ in path:
                flow[cell] += sign * push
            total += push
            if total >= limit:
                return Move(total, frozenset())
