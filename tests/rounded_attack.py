"""An attacker on rounded figures: everything that everybody may know as one integer program.

Written apart from the package `protection`. Unknown is only who answered what. What is called known
here is proven: the solver has to say that no other value of a count is possible. A program that it
does not finish counts for nothing, neither as known nor as safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

Numbers = NDArray[np.float64]
Row = tuple[dict[int, float], float, float]
Count = tuple[str, str]
"""A group or stratum, and what is counted in it."""

OPEN = 1e-7
"""Part of the weight of a base by which a sum stays below an edge that is not in its range."""
SCALE = 1e3
"""What the weight of a base is in the program: the solver is exact to a millionth."""
STEP = 1e-3
"""By how much sums of scores differ at least."""
EXACT = 1e-5
"""By how much the answers, rounded to whole numbers, may miss a row of the program."""
SOME, TRIES, SHORT = 20, 8, 0.1
"""Cells whose answers alone are tried, how often, and for which part of the time of a program."""
INFEASIBLE, UNFINISHED = 2, 1


@dataclass(frozen=True)
class Form:
    """Ways to fill in a questionnaire, reckoned per head.

    Attributes:
        adds: per unknown how much one of it adds to each indicator.
        ties: sums of unknowns with their least and largest value per head, and an indicator with
            the base that the heads are of; None where all responses of a cell are.
        silent: unknown of how many of those who were asked are not in the base of an indicator.
    """

    adds: tuple[Mapping[str, float], ...]
    ties: tuple[tuple[Mapping[int, float], float, float, str | None], ...]
    silent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """Responses that weigh the same, are in the same groups and answered the same questions.

    Attributes:
        number: how many.
        weight: weight of each.
        groups: the groups, and the stratum.
        form: how they may have answered.
        bases: indicators that they are in the base of.
        filter: indicator that counts who was asked the rest; how many is unknown then.
        silent: how many of those who were asked are not in the base of an indicator, where known.
    """

    number: int
    weight: float
    groups: frozenset[str]
    form: Form
    bases: frozenset[str]
    filter: str | None = None
    silent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Printed:
    """A range as it is printed; open above, and no upper end where it is the largest value.

    Attributes:
        base: what is told of the base where that is not known: least and largest number.
    """

    group: str
    indicator: str
    low: float
    high: float | None
    base: tuple[float, float] | None = None


@dataclass
class Found:
    """What an attack found.

    Attributes:
        counts: counts that were looked at.
        known: the only value of each count that has one.
        unfinished: counts of which another value was neither found nor excluded.
    """

    counts: int = 0
    known: dict[Count, float] = field(default_factory=dict)
    unfinished: list[Count] = field(default_factory=list)

    def __iadd__(self, other: Found) -> Found:
        self.counts += other.counts
        self.known |= other.known
        self.unfinished += other.unfinished
        return self


class Attack:
    """Answers that print what is printed.

    Args:
        cells: the responses.
        printed: ranges of their indicators.
        seconds: after which a program is left unfinished.
    """

    def __init__(
        self, cells: Sequence[Cell], printed: Iterable[Printed], seconds: float = 20
    ) -> None:
        self._cells = cells
        self._seconds = seconds
        starts = np.cumsum([0, *(len(cell.form.adds) + bool(cell.filter) for cell in cells)])
        self._starts = [int(start) for start in starts]
        self._size = self._starts[-1]
        self._limits = np.zeros(self._size)
        for cell, start, end in zip(cells, self._starts, self._starts[1:], strict=False):
            self._limits[start:end] = cell.number
        self._rows: list[Row] = []
        for at, cell in enumerate(cells):
            self._rows += self._ties(at, cell)
        for each in printed:
            self._rows += self._ranges(each)
        self._solutions: list[Numbers] = []
        self._draw = np.random.default_rng(1)

    @property
    def places(self) -> list[str]:
        """The groups and strata."""
        return sorted(frozenset().union(*(cell.groups for cell in self._cells)))

    def limit(self, count: Count, least: float, most: float) -> None:
        """Add that a count is at least and at most so much."""
        self._rows.append((self.terms(count), least, most))
        self._solutions.clear()
        vars(self).pop("_constraint", None)

    def run(self, indicators: Iterable[str], places: Iterable[str]) -> Found:
        """Look for a second value of every count that can have two."""
        found = Found()
        for indicator in indicators:
            for place in places:
                self._look_at((place, indicator), found)
        return found

    def ends(self, terms: Mapping[int, float]) -> tuple[float, float, bool]:
        """Return the least and the largest value of a sum, and whether both are proven."""
        ends, proven = [], True
        for sign in (1.0, -1.0):
            solved = self._solve([], {at: sign * each for at, each in terms.items()})
            proven &= solved.status == 0
            ends.append(np.nan if solved.x is None else sign * round(solved.fun))
        return ends[0], ends[1], proven

    def terms(self, count: Count) -> dict[int, float]:
        """Return what a count is made of."""
        place, indicator = count
        found: dict[int, float] = {}
        for cell, start, end in zip(self._cells, self._starts, self._starts[1:], strict=False):
            if place in cell.groups and indicator in cell.bases:
                if cell.filter == indicator:
                    found[end - 1] = 1.0
                for at, adds in enumerate(cell.form.adds):
                    if indicator in adds:
                        found[start + at] = adds[indicator]
        return found

    def _look_at(self, count: Count, found: Found) -> None:
        terms = self.terms(count)
        if not terms:
            return
        found.counts += 1
        if not self._solutions:
            first = self._solve([])
            if first.status == INFEASIBLE:
                raise AssertionError("No answers print these figures: the attacker errs.")
            if first.x is None:
                found.unfinished.append(count)
                return
            self._solutions.append(np.rint(first.x))
        values = {round(_sum(terms, each), 6) for each in self._solutions}
        if len(values) > 1:
            return
        value = values.pop()
        is_proven = True
        sides = ((value + STEP, np.inf), (-np.inf, value - STEP))
        # Other answers of some cells alone are found soonest; only all answers prove anything.
        for free, (low, high) in product((*self._some(count[0]), None), sides):
            solved = self._solve([(terms, low, high)], free=free)
            if solved.x is not None:
                self._solutions.append(np.rint(solved.x))
                return
            is_proven &= free is not None or solved.status == INFEASIBLE
        if is_proven:
            found.known[count] = value
        else:
            found.unfinished.append(count)

    def _some(self, place: str) -> Iterator[NDArray[np.bool_]]:
        """Yield the unknowns of some cells, at least one of them in a group or stratum."""
        inside = [at for at, cell in enumerate(self._cells) if place in cell.groups]
        for _ in range(TRIES):
            free = np.zeros(self._size, dtype=bool)
            most = min(SOME, len(self._cells))
            for at in (self._draw.choice(inside), *self._draw.permutation(len(self._cells))[:most]):
                free[self._starts[at] : self._starts[at + 1]] = True
            yield free

    def _solve(
        self,
        more: Sequence[Row],
        aim: Mapping[int, float] | None = None,
        free: NDArray[np.bool_] | None = None,
    ) -> OptimizeResult:
        cost = np.zeros(self._size)
        for column, each in (aim or {}).items():
            cost[column] = each
        constraints = [self._constraint, *([self._constraint_of(more)] if more else [])]
        solved = milp(
            cost,
            integrality=np.ones(self._size),
            bounds=Bounds(
                np.zeros(self._size) if free is None else np.where(free, 0, self._solutions[-1]),
                self._limits if free is None else np.where(free, self._limits, self._solutions[-1]),
            ),
            constraints=constraints,
            options={"time_limit": self._seconds * (1 if free is None else SHORT)},
        )
        if solved.x is not None:
            answers = np.rint(solved.x)
            for each in constraints:
                sums = each.A @ answers
                if (sums < each.lb - EXACT).any() or (sums > each.ub + EXACT).any():
                    solved.x, solved.status = None, UNFINISHED
                    break
        return solved

    @cached_property
    def _constraint(self) -> LinearConstraint:
        return self._constraint_of(self._rows)

    def _constraint_of(self, rows: Sequence[Row]) -> LinearConstraint:
        at = [(row, column) for row, (terms, _, _) in enumerate(rows) for column in terms]
        matrix = csr_array(
            (
                [each for terms, _, _ in rows for each in terms.values()],
                tuple(zip(*at, strict=True)),
            ),
            shape=(len(rows), self._size),
        )
        return LinearConstraint(matrix, *(np.array([row[end] for row in rows]) for end in (1, 2)))

    def _ties(self, at: int, cell: Cell) -> list[Row]:
        start, heads = self._starts[at], self._starts[at + 1] - 1
        rows: list[Row] = []
        for terms, low, high, rests_on in cell.form.ties:
            own = {start + each: times for each, times in terms.items()}
            if cell.filter is None:
                rows.append((own, low * cell.number, high * cell.number))
                continue
            silent = {start + cell.form.silent[rests_on]: 1.0} if rests_on is not None else {}
            for times, limits in ((low, (0.0, np.inf)), (high, (-np.inf, 0.0))):
                if np.isfinite(times):
                    minus = {heads: -times, **dict.fromkeys(silent, times)}
                    rows.append(({**own, **minus}, *limits))
        for name, each in cell.form.silent.items():
            rows.append(({heads: 1.0, start + each: -1.0}, 0.0, np.inf))
            if name in cell.silent:
                rows.append(({start + each: 1.0}, cell.silent[name], cell.silent[name]))
        return rows

    def _ranges(self, each: Printed) -> list[Row]:
        counted: dict[int, float] = {}
        base: dict[int, float] = {}
        weight = fixed = 0.0
        for cell, start, end in zip(self._cells, self._starts, self._starts[1:], strict=False):
            if each.group not in cell.groups or each.indicator not in cell.bases:
                continue
            weight += cell.number * cell.weight
            if cell.filter is None or cell.filter == each.indicator:
                fixed += cell.number * cell.weight
            else:
                base[end - 1] = cell.weight
                base[start + cell.form.silent[each.indicator]] = -cell.weight
            if cell.filter == each.indicator:
                counted[end - 1] = cell.weight
            for at, adds in enumerate(cell.form.adds):
                if each.indicator in adds:
                    counted[start + at] = cell.weight * adds[each.indicator]
        if not weight:
            raise ValueError(f"Nobody is known to be in the base of {each}.")
        to = SCALE / weight
        rows: list[Row] = []
        for edge, is_low in ((each.low, True), (each.high, False)):
            if edge is None:
                continue
            terms = {column: value * to for column, value in counted.items()}
            for column, value in base.items():
                terms[column] = terms.get(column, 0.0) - edge * value * to
            limit = edge * fixed * to
            rows.append(
                (terms, limit, np.inf) if is_low else (terms, -np.inf, limit - OPEN * SCALE)
            )
        if each.base is not None and base:
            heads = {column: float(np.sign(value)) for column, value in base.items()}
            rows.append((heads, *each.base))
        return rows


def _sum(terms: Mapping[int, float], solution: Numbers) -> float:
    return float(sum(solution[column] * times for column, times in terms.items()))
