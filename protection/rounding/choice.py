"""Which grid each group gets: fixed in advance, so that no group follows from others.

Whoever takes the groups inside a group from it has what is left of it, as finely as their ranges
are wide together. So a group is rounded coarsely enough that every rest keeps what its own grid
would leave it. Groups are chosen in turn, the most important first; later ones give way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from protection.rounding.grid import STEPS, Grid, Responses, own_grid, responses_of


@dataclass(frozen=True)
class Candidate:
    """A group that may have figures.

    Attributes:
        name: the group.
        atoms: which atoms are in it.
        step: the finest step that it may have.
    """

    name: str
    atoms: NDArray[np.bool_]
    step: int


def choose(
    groups: Sequence[Candidate],
    numbers: Sequence[int],
    weights: Sequence[Fraction],
    candidates: int,
) -> dict[str, Grid]:
    """Return the grid of every group that may have figures.

    Args:
        groups: the most important first.
        numbers: responses per atom.
        weights: weight of a response, per atom.
        candidates: counts that must stay possible.
    """
    chosen: dict[str, tuple[Candidate, Grid]] = {}

    def of(atoms: NDArray[np.bool_]) -> Responses:
        return responses_of([(numbers[at], weights[at]) for at in map(int, np.flatnonzero(atoms))])

    def room(atoms: NDArray[np.bool_]) -> Fraction:
        """Return how much weight what is said of some responses must leave open."""
        own = of(atoms)
        if not own.total:
            return Fraction(0)
        grid = own_grid(own, 1, candidates)
        least = candidates * max(own.weights)
        return least if grid is None else max(least, grid.step * own.weight / 100)

    def leaves_room(one: Candidate, grid: Grid) -> bool:
        taken = grid.step * of(one.atoms).weight / 100
        for other, its in chosen.values():
            more = its.step * of(other.atoms).weight / 100
            beyond, lacking = one.atoms & ~other.atoms, other.atoms & ~one.atoms
            if beyond.any() == lacking.any():
                continue
            if taken + more < room(beyond if beyond.any() else lacking):
                return False
        return True

    for one in groups:
        twin = next((g for o, g in chosen.values() if (o.atoms == one.atoms).all()), None)
        if twin is not None:
            chosen[one.name] = (one, twin)
            continue
        own = of(one.atoms)
        for step in STEPS:
            grid = own_grid(own, step, candidates) if step >= one.step else None
            if grid is not None and grid.step == step and leaves_room(one, grid):
                chosen[one.name] = (one, grid)
                break
    return {name: grid for name, (_, grid) in chosen.items()}
