"""Mixed integer programs over one block of cells, by HiGHS; every solution is checked exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from protection.attack.bounds import Contradiction
from protection.attack.model import Block
from protection.programs import Conditions, minimise

EXPLORING_ROUNDS = 30
IDLE_ROUNDS = 2


class IntegerProgram:
    """The whole-number solutions of one block, and the values of each cell seen in them."""

    def __init__(self, block: Block, bounds: tuple[tuple[int, int], ...]) -> None:
        self._block = block
        self._low = np.array([pair[0] for pair in bounds], dtype=float)
        self._high = np.array([pair[1] for pair in bounds], dtype=float)
        size = len(bounds)
        self._size = size
        self._conditions = Conditions(
            [(row.positions, row.coefficients) for row in block.rows],
            [-np.inf if row.lower is None else row.lower for row in block.rows],
            [np.inf if row.upper is None else row.upper for row in block.rows],
            size,
        )
        self.seen: list[set[int]] = [set() for _ in range(size)]
        self.points: list[NDArray[np.int64]] = []

    def start(self) -> NDArray[np.int64]:
        """Return a solution: the one the block thinks likely, where it is one.

        Raises:
            Contradiction: there is none.
        """
        solution = self._likely()
        if solution is None:
            solution = self._solve(np.zeros(self._size))
        if solution is None:
            raise Contradiction
        return solution

    def within(self, highest: dict[int, int]) -> NDArray[np.int64] | None:
        """Return a solution in which some cells are at most so large, or None.

        Of all of them one in which these cells are as small as they can be together.

        Args:
            highest: position of a cell to its largest value here.
        """
        kept = self._high.copy()
        objective = np.zeros(self._size)
        for at, value in highest.items():
            self._high[at] = min(self._high[at], value)
            objective[at] = 1.0
        fits = bool((self._low <= self._high).all())
        solution = self._solve(objective) if fits else None
        self._high = kept
        return solution

    def explore(self, required: tuple[int, ...]) -> None:
        """Look for different solutions until every cell has enough values, or few are new."""
        generator = np.random.default_rng(5)
        idle = 0
        for _ in range(EXPLORING_ROUNDS):
            missing = [at for at, need in enumerate(required) if len(self.seen[at]) < need]
            if not missing or idle == IDLE_ROUNDS:
                return
            objective = np.zeros(len(required))
            chosen = generator.random(len(missing)) < 0.7
            signs = generator.choice([-1.0, 1.0], size=len(missing))
            objective[missing] = np.where(chosen, signs, 0.0)
            before = sum(min(len(self.seen[at]), required[at]) for at in missing)
            self._solve(objective)
            after = sum(min(len(self.seen[at]), required[at]) for at in missing)
            idle = 0 if after > before else idle + 1

    def settle(self, at: int, required: int, *, exact: bool) -> bool:
        """Find enough values of one cell, or all there are.

        Returns:
            Whether the smallest and largest value are proven.
        """
        if not exact and self._relaxed_span(at) < required:
            exact = True
        lowest = self._extreme(at, 1.0, self._low[at], self._high[at])
        if lowest is None:
            return False
        if not exact and len(self.seen[at]) >= required:
            return False
        highest = self._extreme(at, -1.0, self._low[at], self._high[at])
        if highest is None:
            return False
        if len(self.seen[at]) < required:
            for value in range(lowest + 1, highest):
                if value not in self.seen[at]:
                    self._extreme(at, 1.0, float(value), float(value))
                if len(self.seen[at]) >= required:
                    break
        return True

    def _relaxed_span(self, at: int) -> float:
        """Number of whole values between the limits of the linear relaxation (a quick reject)."""
        limits = []
        for sign in (1.0, -1.0):
            objective = np.zeros(self._size)
            objective[at] = sign
            found = minimise(objective, self._conditions, self._low, self._high, whole=False)
            if found is None:
                return np.inf
            limits.append(sign * found[1])
        return float(np.floor(limits[1] + 1e-6) - np.ceil(limits[0] - 1e-6) + 1)

    def _extreme(self, at: int, sign: float, low: float, high: float) -> int | None:
        objective = np.zeros(self._size)
        objective[at] = sign
        kept = self._low[at], self._high[at]
        self._low[at], self._high[at] = low, high
        solution = self._solve(objective)
        self._low[at], self._high[at] = kept
        return None if solution is None else int(solution[at])

    def _solve(self, objective: NDArray[np.float64]) -> NDArray[np.int64] | None:
        found = minimise(objective, self._conditions, self._low, self._high)
        return None if found is None else self._noted(np.rint(found[0]).astype(np.int64))

    def _likely(self) -> NDArray[np.int64] | None:
        if self._block.likely is None:
            return None
        point = np.array(self._block.likely, dtype=np.int64)
        within = ((self._low <= point) & (point <= self._high)).all()
        return self._noted(point) if within else None

    def _noted(self, solution: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Keep a solution and return it, or None where it does not agree with every fact."""
        if not self._agrees([int(value) for value in solution]):
            return None
        self.points.append(solution)
        for at, value in enumerate(solution):
            self.seen[at].add(int(value))
        return solution

    def _agrees(self, solution: list[int]) -> bool:
        for row in self._block.rows:
            total = sum(
                c * solution[at] for at, c in zip(row.positions, row.coefficients, strict=True)
            )
            if row.lower is not None and total < row.lower:
                return False
            if row.upper is not None and total > row.upper:
                return False
        return True
