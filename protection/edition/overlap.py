"""Bands of one share in groups that overlap: other classifications, and a total with its parts.

The first groups, which share no response, have the bands of a share alone. The others are cut
further only where the attacker, given every band of the node, still finds enough values of every
count of every group and stratum on both sides of the cut. The attacker here knows that everybody
answered; not knowing it, he knows less, because that stays possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from protection.attack.model import Cell, Fact
from protection.attack.search import attack
from protection.errors import ProtectionError
from protection.ranges.bands import Band
from protection.ranges.partition import EVERYTHING, Node, descend
from protection.ranges.rules import Atom

TRIES = 4


@dataclass(frozen=True)
class OverlappingGroup:
    """A group whose share may be published beside overlapping ones.

    Attributes:
        group_id: the group.
        width: distance of the edges at which its share may be cut.
        share: its share, between 0 and 1.
        band: its band where it has one already; None: to be cut.
    """

    group_id: str
    width: int
    share: Fraction
    band: Band | None


def overlapping_bands(
    groups: Sequence[OverlappingGroup], atoms: Sequence[Atom], candidates: int
) -> dict[str, Band]:
    """Return the band of every group; 0 to 100 where no cut was safe."""
    start = tuple(group.band or EVERYTHING for group in groups)
    to_cut = [at for at, group in enumerate(groups) if group.band is None]
    node = descend(
        start,
        [group.width for group in groups],
        [group.share for group in groups],
        lambda node: _is_safe(groups, atoms, candidates, node),
        turns=[to_cut],
        tries=TRIES,
    )
    return {group.group_id: band for group, band in zip(groups, node, strict=True)}


def _is_safe(
    groups: Sequence[OverlappingGroup], atoms: Sequence[Atom], candidates: int, node: Node
) -> bool:
    cells = [Cell(f"k {atom.atom_id}", 0, atom.responses, candidates) for atom in atoms]
    facts = []
    for group, band in zip(groups, node, strict=True):
        members = [atom for atom in atoms if group.group_id in atom.groups]
        total = sum((atom.weight * atom.responses for atom in members), Fraction(0))
        cells.append(
            Cell(f"g {group.group_id}", 0, sum(atom.responses for atom in members), candidates)
        )
        facts.append(
            Fact(
                (
                    (f"g {group.group_id}", -1),
                    *((f"k {atom.atom_id}", 1) for atom in members),
                ),
                0,
                0,
            )
        )
        if band != EVERYTHING:
            facts.append(
                Fact(
                    tuple((f"k {atom.atom_id}", atom.weight) for atom in members),
                    total * band.lower / 100,
                    total * band.upper / 100,
                    upper_open=band.upper < 100,
                )
            )
    try:
        return attack(cells, facts).is_safe
    except ProtectionError:
        # One side of the cut holds nothing: the cut would say nothing.
        return False
