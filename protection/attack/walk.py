"""Further whole solutions by small steps from known ones: cheap, and every one is exact.

Cells that are only the sum of others follow them. The rest moves one or two cells at a time, by one
or two; every step that keeps all facts true shows values that are possible.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from protection.attack.model import Block, Row

STEPS = 60
LARGEST = 6_000_000

Whole = NDArray[np.int64]


class Walk:
    """Small steps among the whole solutions of a block."""

    def __init__(self, block: Block, bounds: tuple[tuple[int, int], ...]) -> None:
        self._size = len(bounds)
        free, followed = _followed(block)
        self._free = np.array(free, dtype=np.int64)
        matrix = np.zeros((len(block.rows), self._size), dtype=np.int64)
        for at, row in enumerate(block.rows):
            matrix[at, list(row.positions)] = row.coefficients
        # What one step of a free cell does to every cell: itself, and the sums that follow it.
        effect = np.zeros((len(free), self._size), dtype=np.int64)
        effect[np.arange(len(free)), self._free] = 1
        place = {cell: at for at, cell in enumerate(free)}
        for cell, row in followed:
            own = row.coefficients[row.positions.index(cell)]
            for position, coefficient in zip(row.positions, row.coefficients, strict=True):
                if position != cell:
                    effect[place[position], cell] = -coefficient * own
        kept = [at for at, row in enumerate(block.rows) if row not in {row for _, row in followed}]
        self._matrix = np.vstack([matrix[kept], np.eye(self._size, dtype=np.int64)])
        self._low = np.array(
            [_or(block.rows[at].lower, -(2**61)) for at in kept] + [low for low, _ in bounds],
            dtype=np.int64,
        )
        self._high = np.array(
            [_or(block.rows[at].upper, 2**61) for at in kept] + [high for _, high in bounds],
            dtype=np.int64,
        )
        self._moves = self._combined(effect)
        self._shifts = self._moves @ self._matrix.T

    def _combined(self, effect: Whole) -> Whole:
        """Return the moves: of one cell, and of two tied by a fact, in all directions."""
        single = [effect * step for step in (1, -1, 2, -2)]
        touches = (effect @ self._matrix.T) != 0
        tied = np.argwhere(np.triu(touches.astype(np.int64) @ touches.T.astype(np.int64), 1))
        if len(tied) * 6 * len(self._low) > LARGEST:
            return np.vstack(single)
        one, other = effect[tied[:, 0]], effect[tied[:, 1]]
        pairs = [one - other, other - one, one + other, -one - other]
        pairs += [2 * (one - other), 2 * (other - one)]
        return np.vstack([*single, *pairs])

    def spread(
        self,
        start: Whole,
        required: tuple[int, ...],
        seen: list[set[int]],
        points: list[Whole] | None = None,
    ) -> None:
        """Walk from a solution and add the values met to `seen`, until every cell has enough.

        Args:
            start: a solution.
            required: values each cell needs.
            seen: values met so far, per cell.
            points: gets a solution for each value that was new.
        """
        generator = np.random.default_rng(7)
        point = start.copy()
        for _ in range(STEPS):
            missing = [at for at, need in enumerate(required) if len(seen[at]) < need]
            if not missing:
                return
            sums = self._matrix @ point + self._shifts
            allowed = np.flatnonzero(((sums >= self._low) & (sums <= self._high)).all(axis=1))
            if not len(allowed):
                return
            reached = self._moves[allowed][:, missing] + point[missing]
            new = np.zeros(len(allowed), dtype=bool)
            for column, at in enumerate(missing):
                fresh = sorted(set(reached[:, column].tolist()) - seen[at])
                if fresh:
                    new |= (reached[:, column, np.newaxis] == fresh).any(axis=1)
                if points is not None:
                    firsts = [int(np.flatnonzero(reached[:, column] == v)[0]) for v in fresh]
                    points.extend(point + self._moves[allowed[first]] for first in firsts)
                seen[at].update(fresh)
            chosen = allowed[new] if new.any() else allowed
            point = point + self._moves[generator.choice(chosen)]


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _followed(block: Block) -> tuple[list[int], list[tuple[int, Row]]]:
    """Return the cells that move freely, and those that are a sum of such, with their fact."""
    uses: dict[int, int] = {}
    for row in block.rows:
        for position in row.positions:
            uses[position] = uses.get(position, 0) + 1
    followed: dict[int, Row] = {}
    for row in block.rows:
        if row.lower is None or row.lower != row.upper:
            continue
        own = [
            position
            for position, coefficient in zip(row.positions, row.coefficients, strict=True)
            if uses[position] == 1 and abs(coefficient) == 1
        ]
        if len(own) == 1 and not followed.keys() & set(row.positions):
            followed[own[0]] = row
    free = [at for at in range(len(block.bounds)) if at not in followed]
    return free, list(followed.items())
