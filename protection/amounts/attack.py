"""The attacker over a table of amounts: a reader, and every organisation that is in it.

An organisation knows its own amounts, and so the whole of a cell that is about it alone. So beside
a reader each respondent is tried, on every cell that is unsafe by itself. To be quick, the
respondents of a lowest group are first tried as one who knows the largest amount of each member;
only where that one succeeds they are tried one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from protection.amounts.network import AmountNetwork, Attacker, Move, Node, ends
from protection.amounts.totals import HUNDREDTHS, AmountTable, Cell

READER = Attacker()


@dataclass(frozen=True)
class AmountFinding:
    """A cell that is not safe.

    Attributes:
        cell: amount and group.
        attacker: who comes too close.
        room: hundredths that the cell can still be lower and higher.
        needed: hundredths it would have to be able to move either way.
        cuts: per direction that has too little room, the nodes on one side of what holds it.
    """

    cell: Cell
    attacker: Attacker
    room: tuple[int, int]
    needed: int
    cuts: tuple[frozenset[Node], ...]

    @property
    def reason(self) -> str:
        """One sentence for a person; says neither the amount nor who could work it out."""
        member, group = self.cell
        who = "a reader" if self.attacker == READER else "an organisation in the table"
        span = sum(self.room) / HUNDREDTHS
        return (
            f"{member} of {group}: suppressed, and {who} can work it out from the published sums "
            f"to within {span:g}, which is too close"
        )

    def can_help(self, table: AmountTable, cell: Cell) -> bool:
        """Say whether suppressing a cell could give more room."""
        tail, head = ends(table, cell)
        return any((tail in cut) != (head in cut) for cut in self.cuts)


class AmountAttack:
    """The attack on one table."""

    def __init__(self, table: AmountTable) -> None:
        self._table = table

    def findings(self, suppressed: Collection[Cell]) -> list[AmountFinding]:
        """Return the first success on each unsafe cell; none where the pattern is safe."""
        network = AmountNetwork(self._table, suppressed)
        relevant = self._relevant(suppressed)
        found = []
        for cell in sorted(self._table.primary):
            if cell in suppressed:
                finding = self._on(network, cell, relevant)
                if finding is not None:
                    found.append(finding)
        return found

    def still_finds(self, finding: AmountFinding, suppressed: Collection[Cell]) -> bool:
        """Say whether the same attacker succeeds on the same cell beside another pattern."""
        network = AmountNetwork(self._table, suppressed)
        return self._tried(network, finding.cell, finding.attacker) is not None

    def _on(
        self, network: AmountNetwork, cell: Cell, relevant: Iterable[str]
    ) -> AmountFinding | None:
        contributions = self._table.contributions[cell]
        victim = contributions[0][1] if contributions else None
        alone = [READER] if victim is None else [READER, self._respondent(victim)]
        for attacker in alone:
            finding = self._tried(network, cell, attacker)
            if finding is not None:
                return finding
        for leaf in relevant:
            if self._tried(network, cell, self._together(leaf, victim)) is None:
                continue
            for attacker in self._one_by_one(leaf, victim):
                finding = self._tried(network, cell, attacker)
                if finding is not None:
                    return finding
        return None

    def _tried(
        self, network: AmountNetwork, cell: Cell, attacker: Attacker
    ) -> AmountFinding | None:
        """Return what an attacker finds out about somebody else's part of a cell."""
        if cell in attacker.certain:
            return None
        table, rule = self._table, self._table.rule
        own = attacker.own.get(cell, 0)
        other = self._largest_other(cell, attacker)
        gap = table.gap(cell, own, other)
        highest = rule.highest.get(cell[0])
        gap_up = gap if highest is None else min(gap, highest - other)
        limit = max(gap, rule.width)
        up, down = network.up(cell, attacker, limit), network.down(cell, attacker, limit)
        cuts: list[Move] = []
        if up.amount < gap_up:
            cuts.append(up)
        if down.amount < gap:
            cuts.append(down)
        if not cuts and up.amount + down.amount < rule.width:
            cuts = [up, down]
        if not cuts:
            return None
        return AmountFinding(
            cell, attacker, (down.amount, up.amount), gap, tuple(move.reached for move in cuts)
        )

    def _largest_other(self, cell: Cell, attacker: Attacker) -> int:
        """Return the largest amount in a cell that is not the attacker's."""
        contributions = self._table.contributions[cell]
        others = [amount for amount, owner in contributions[:2] if owner != attacker.position]
        return others[0] if others else 0

    def _relevant(self, suppressed: Collection[Cell]) -> list[str]:
        """Return the lowest groups whose respondents have a part in a suppressed cell."""
        groups = {group for _, group in suppressed}
        return [leaf for leaf in self._table.leaves if groups.intersection(self._chain(leaf))]

    def _chain(self, leaf: str) -> tuple[str, ...]:
        return self._table.chains[leaf]

    def _together(self, leaf: str, victim: int | None) -> Attacker:
        """Return somebody who knows what any respondent of a group but the victim knows."""
        own: dict[Cell, int] = {}
        for member in self._table.rule.members:
            largest = self._table.contributions[member, leaf][:2]
            amount = next((amount for amount, owner in largest if owner != victim), 0)
            if amount:
                own.update({(member, group): amount for group in self._chain(leaf)})
        alone = self._table.leaves[leaf] != (victim,)
        return Attacker(own, self._certain(leaf) if alone else frozenset())

    def _certain(self, leaf: str) -> frozenset[Cell]:
        """Return the cells that are one respondent's, whom everybody knows to be alone in them."""
        groups = [group for group in self._chain(leaf) if self._table.responses[group] == 1]
        return frozenset((member, group) for member in self._table.rule.members for group in groups)

    @cached_property
    def _respondents(self) -> dict[int, Attacker]:
        return {}

    def _respondent(self, at: int) -> Attacker:
        if at not in self._respondents:
            leaf = self._table.leaf[at]
            own: dict[Cell, int] = {}
            for member in self._table.rule.members:
                amount = self._table.amounts[member][at]
                if amount:
                    own.update({(member, group): amount for group in self._chain(leaf)})
            self._respondents[at] = Attacker(own, self._certain(leaf), at)
        return self._respondents[at]

    def _one_by_one(self, leaf: str, victim: int | None) -> Iterator[Attacker]:
        for at in self._table.leaves[leaf]:
            if at != victim:
                attacker = self._respondent(at)
                if attacker.own or attacker.certain:
                    yield attacker
