"""Grids of rounded shares: how fine a group may be rounded, fixed before any answer is seen.

A share is rounded to a whole number of steps. The first and the last values are one range each, "at
most 5 %" and "at least 95 %": there few counts give a share, so that a step of its own would tell
which. How wide these ends are, and how large the step is, follows from the weights and the numbers
of responses alone: every range of the grid must hold enough counts of the group and of each
stratum in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from math import ceil
from typing import TypeVar

from protection.errors import ProtectionError

Step = TypeVar("Step", int, Fraction)

STEPS = (1, 2, 5, 10, 20, 25)
"""Steps that a share may be rounded to, in percentage points."""
BY_SIZE = {30: 1, 20: 5, 10: 10}
"""Finest step of a share by the smallest number of answers that it goes with."""
MEANS_BY_SIZE = {30: Fraction(1, 10), 20: Fraction(1, 5), 10: Fraction(1, 2)}
"""Likewise of a mean, in scores."""
ENDS = STEPS
"""Widths of the ends: the largest share, as it is rounded, that is printed as "at most"."""
_PLACES = 20_000
"""Places between 0 and 100 % at which sums of weights are told apart."""
COARSER = (5, 3)
"""By how many steps a grid is made coarser: an odd number, so that its ranges are made of whole
ranges of the finer one. Steps below five times five, others times three; or else the other way."""


@dataclass(frozen=True, order=True)
class Grid:
    """A grid of rounded figures.

    Attributes:
        step: figures are rounded to a whole number of these.
        end: what is rounded to at most `low` and this is one range, and likewise below `high`.
        low: least value: 0 percentage points of a share, or the lowest score.
        high: largest value.
    """

    step: Fraction
    end: Fraction
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(100)

    def __post_init__(self) -> None:
        length = self.high - self.low
        if self.step <= 0 or self.end < self.step or 2 * self.end + self.step > length:
            raise ProtectionError(
                f"Steps of {self.step} with ends of {self.end} are no grid.",
                where=f"{self.low} to {self.high}",
                expected="ends of at least a step, and a step between them",
            )

    @cached_property
    def edges(self) -> tuple[Fraction, ...]:
        """Where the ranges begin and end."""
        first = (self.low + self.end) / self.step
        last = (self.high - self.end) / self.step
        inner = range(ceil(first), ceil(last))
        return (self.low, *((at + Fraction(1, 2)) * self.step for at in inner), self.high)

    def range_of(self, value: Fraction) -> tuple[Fraction, Fraction]:
        """Return the range that holds a value.

        The lower edge belongs to it; the upper one only where it is the largest value.
        """
        at = bisect_right(self.edges, value, 1, len(self.edges) - 1) - 1
        return self.edges[at], self.edges[at + 1]

    def shown(self, value: Fraction) -> Fraction | None:
        """Return the value as it is rounded; None at the ends."""
        low, high = self.range_of(value)
        return None if self.low == low or self.high == high else (low + high) / 2

    def coarser(self) -> Grid | None:
        """Return the next grid whose ranges are made of ranges of this one, if there is one.

        Where no larger step has room, the ends become twice as wide.
        """
        for times in COARSER if self.step < max(COARSER) else COARSER[::-1]:
            step = times * self.step
            end = max(step, ceil(self.end / step) * step)
            if 2 * end + step <= self.high - self.low:
                return Grid(step, end, self.low, self.high)
        if 4 * self.end + self.step <= self.high - self.low:
            return Grid(self.step, 2 * self.end, self.low, self.high)
        return None

    def at_least(self, step: int) -> Grid:
        """Return this grid of a share, or the one of a step where that is coarser."""
        if step <= self.step:
            return self
        return Grid(Fraction(step), max(Fraction(step), ceil(self.end / step) * Fraction(step)))


def step_of_size(answered: int, steps: Mapping[int, Step]) -> Step:
    """Return the finest step that goes with a number of answers; the coarsest below all numbers."""
    fitting = [size for size in steps if size <= answered]
    return steps[max(fitting, default=min(steps))]


@dataclass(frozen=True)
class Responses:
    """The responses of one group, as everybody knows them: how many weigh how much."""

    numbers: tuple[int, ...]
    weights: tuple[Fraction, ...]

    @property
    def total(self) -> int:
        """How many responses there are."""
        return sum(self.numbers)

    @cached_property
    def weight(self) -> Fraction:
        """What they weigh together."""
        pairs = zip(self.numbers, self.weights, strict=True)
        return sum((number * weight for number, weight in pairs), Fraction(0))


def responses_of(pairs: Sequence[tuple[int, Fraction]]) -> Responses:
    """Return responses, those of one weight together."""
    numbers: Counter[Fraction] = Counter()
    for number, weight in pairs:
        numbers[weight] += number
    known = sorted((weight, number) for weight, number in numbers.items() if number)
    return Responses(tuple(n for _, n in known), tuple(w for w, _ in known))


@lru_cache(maxsize=4096)
def own_grid(responses: Responses, step: int, candidates: int) -> Grid | None:
    """Return the finest grid of at least a step on which every range holds enough counts.

    Enough are `candidates` for a reader, and for a respondent, who knows one answer: no range may
    hold fewer when the count of nobody, or of everybody, is struck out.

    Args:
        responses: of the group.
        step: the finest step allowed, in percentage points.
        candidates: counts of the group and of the responses of each weight that must stay possible.

    Returns:
        The grid, or None where no grid will do.
    """
    if not responses.total:
        return None
    unit = 100 * max(responses.weights) / responses.weight
    sums: _Sums | None = None
    for each in STEPS:
        if each < step:
            continue
        # Putting answers in one by one moves the share by at most a unit (ranges.weighted).
        if each >= candidates * unit and Fraction(3 * each, 2) >= (candidates + 1) * unit:
            return Grid(Fraction(each), Fraction(each))
        sums = sums or _Sums(responses)
        for end in ENDS:
            if end >= each and end % each == 0 and end <= max(10, each):
                grid = Grid(Fraction(each), Fraction(end))
                if sums.are_enough(grid, candidates):
                    return grid
    return None


class _Sums:
    """Which sums of weights there are, as bits of whole numbers, per count."""

    def __init__(self, responses: Responses) -> None:
        self._of = responses
        scale = Fraction(_PLACES) / responses.weight
        self._moves = [
            [round(value * weight * scale) for value in range(number + 1)]
            for number, weight in zip(responses.numbers, responses.weights, strict=True)
        ]
        # Rounding moves a sum by half a place per weight; what is so near an edge counts nowhere.
        self._blur = len(responses.numbers)
        self._by_count = self._counted()
        self._without = [self._any(at) for at in range(len(self._moves))]

    def are_enough(self, grid: Grid, candidates: int) -> bool:
        """Say whether every range of a grid holds enough counts."""
        edges = grid.edges
        masks = []
        for low, high in pairwise(edges):
            first = int(low * _PLACES / 100) + (self._blur if low else 0)
            last = int(high * _PLACES / 100) - (self._blur if high < 100 else -self._blur)
            masks.append((low == 0, high == 100, ((1 << max(0, last - first + 1)) - 1) << first))
        total = self._of.total
        for is_first, is_last, mask in masks:
            found = sum(1 for own in self._by_count if own & mask)
            struck = (is_first and self._by_count[0] & mask) or (
                is_last and self._by_count[total] & mask
            )
            if found - bool(struck) < min(candidates, total):
                return False
            for at, number in enumerate(self._of.numbers):
                values = sum(1 for move in self._moves[at] if (self._without[at] << move) & mask)
                if values < min(candidates, number + 1):
                    return False
        return True

    def _counted(self) -> list[int]:
        found = [1]
        for moves in self._moves:
            longer = [0] * (len(found) + len(moves) - 1)
            for count, own in enumerate(found):
                for value, move in enumerate(moves):
                    longer[count + value] |= own << move
            found = longer
        return found

    def _any(self, left_out: int) -> int:
        """Return the sums of all but the responses of one weight."""
        found = 1
        for at, moves in enumerate(self._moves):
            if at != left_out:
                own = found
                found = 0
                for move in moves:
                    found |= own << move
        return found
