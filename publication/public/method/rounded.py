"""Rounded figures of a wave: on grids fixed in advance, less what could be told from them.

The figures are those of the internal edition. How finely a group may be rounded follows from its
responses and their weights (`protection.rounding.choice`), and further from how many answered the
question. Then the attacker looks at all of them together (`protection.rounding.doubt`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, cached_property
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from protection.ranges.rules import Shape
from protection.rounding.alternatives import Indicator, Move, Respondent, moves
from protection.rounding.choice import Candidate, choose
from protection.rounding.doubt import Flags, Known, Printed, protect
from protection.rounding.grid import BY_SIZE, MEANS_BY_SIZE, Grid, step_of_size
from publication.public.method.asked import BAND, Asked
from publication.public.method.counts import InternalFigure, WaveResponses
from publication.public.method.counts import Respondent as Response
from publication.public.method.intervals import interval_of
from publication.public.method.rounding import KNOWN, Risk, Rounded, RoundedCell, RoundedRules

FURTHER, CROSSED = 5, 25
"""Finest steps of groups of a further classification, and of crossed groups."""
COSTS = {"top": 1000.0, "first": 60.0, "further": 8.0, "crossed": 1.0}
"""What it costs to make a figure coarser: rather many of crossed groups than one of a layer."""
FILTER, DERIVED = 200.0, 0.1
"""How much more it costs where an indicator tells whom most is asked of, and less where it counts
others."""
DERIVED_STEP = 5
TOLD = (10, 20, 30, 50, 70)
"""Smallest bases that are told, and ten, a hundred times as many; behind a filter the base itself
would tell how many passed it."""
COARSER = "coarser_for_safety"
TOO_FEW, TOO_SMALL = "too_few_answers", "group_too_small"
FILTER_TOO_SMALL = "filter_too_small"
NOT_AUDITED = "not_audited"
POINTS = 100
_SAME = 1e-9
_EXACT = 10**12


def round_wave(responses: WaveResponses, rules: RoundedRules, asked: Asked) -> Rounded:
    """Round the figures of a wave and withhold what could be told from them.

    Args:
        responses: with answers and the figures of the internal edition.
        rules: what is decided in advance.
        asked: questions and indicators.
    """
    rounding = _Rounding(responses, rules, asked)
    cells = {(cell.group_id, cell.indicator_id): cell for cell in rounding.cells()}
    shown = {place: cell for place, cell in cells.items() if cell.lower is not None}
    doubt = protect(
        rounding.known,
        rounding.moves(),
        {place: rounding.printed(place) for place in shown},
        rounding.answered,
        rules.candidates,
    )
    for place, at in sorted(doubt.coarser.items()):
        cells[place] = rounding.cell(place, at)
    for place, cell in cells.items():
        cells[place] = rounding.behind_filter(cell, cells, doubt.coarser.get(place, 0))
    withheld = sum(cells[place].lower is None for place in doubt.coarser)
    coarser = len(doubt.coarser) - withheld
    risk = Risk(doubt.fewest, doubt.counts, doubt.spared, coarser, withheld)
    return Rounded(tuple(cells[place] for place in sorted(cells)), risk)


class _Rounding:
    def __init__(self, responses: WaveResponses, rules: RoundedRules, asked: Asked) -> None:
        self._rules = rules
        self._asked = asked
        self._people = responses.respondents
        self._figures = responses.figures
        keys: dict[tuple[str, Fraction, frozenset[str]], int] = {}
        self._atom = np.array(
            [
                keys.setdefault((one.stratum_id, one.weight, one.groups), len(keys))
                for one in self._people
            ],
            dtype=np.int64,
        )
        self._weights = [weight for _, weight, _ in keys]
        self._responses = np.bincount(self._atom, minlength=len(keys))
        self._groups = {
            group: np.array([group in groups for _, _, groups in keys], dtype=bool)
            for group in sorted(frozenset().union(*(groups for _, _, groups in keys)))
        }
        strata = {
            f"stratum {name}": np.array([stratum == name for stratum, _, _ in keys], dtype=bool)
            for name in sorted({stratum for stratum, _, _ in keys})
        }
        places: dict[bytes, tuple[str, Flags]] = {}
        for name, atoms in (*self._groups.items(), *strata.items()):
            places.setdefault(atoms.tobytes(), (name, atoms))
        self.known = Known(
            np.array([float(weight) for weight in self._weights]),
            self._groups,
            dict(places.values()),
        )

    @cached_property
    def _modelled(self) -> tuple[Indicator, ...]:
        """The indicators whose values follow from the answers as the attacker reckons them."""
        return tuple(
            each
            for each in self._asked.indicators
            if all(
                abs(each.value(one.chosen, self._asked.questions) - float(value)) < _SAME
                for one in self._people
                if (value := _value(one, each)) is not None
            )
        )

    @cached_property
    def answered(self) -> Mapping[str, NDArray[np.int64]]:
        """Per indicator how many of each atom are in its base."""
        return {
            each.indicator_id: np.bincount(
                self._atom[[_value(one, each) is not None for one in self._people]],
                minlength=len(self._weights),
            )
            for each in self._modelled
        }

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {each.indicator_id: each for each in self._asked.indicators}

    def moves(self) -> tuple[Move, ...]:
        """Return other answers of the respondents."""
        return moves(
            [
                Respondent(
                    int(atom),
                    one.chosen,
                    frozenset(
                        each.indicator_id
                        for each in self._modelled
                        if _value(one, each) is not None
                    ),
                )
                for atom, one in zip(self._atom, self._people, strict=True)
            ],
            self._asked.questions,
            self._modelled,
        )

    @cached_property
    def _sums(self) -> Mapping[str, NDArray[np.float64]]:
        """Per indicator the sum of the values of each atom."""
        return {
            each.indicator_id: np.bincount(
                self._atom,
                [float(_value(one, each) or 0) for one in self._people],
                minlength=len(self._weights),
            ).astype(np.float64)
            for each in self._modelled
        }

    def cells(self) -> Iterator[RoundedCell]:
        """Yield a cell for every figure that the internal edition shows."""
        for figure in self._figures:
            group, name = figure.group_id, figure.indicator_id
            if name not in self._indicators:
                continue
            reason = self._reason(figure)
            yield RoundedCell(group, name, reason=reason) if reason else self.cell((group, name))

    def _reason(self, figure: InternalFigure) -> str | None:
        """Return why a figure is withheld whatever the attacker finds."""
        if figure.answered < self._rules.minimum_base:
            return TOO_FEW
        if figure.indicator_id not in self.answered:
            return NOT_AUDITED
        return TOO_SMALL if self._grid_of(figure) is None else None

    def printed(self, place: tuple[str, str]) -> Printed:
        """Return a figure as the attacker sees it, with the sums behind it."""
        group, name = place
        weights = self.known.weights * self._groups[group]
        low, high = self._scale(name)
        ranges = [
            (
                None if lower <= low else float(lower),
                None if upper >= high else float(upper),
            )
            for lower, upper, _ in self._ranges(place)
        ]
        return Printed(
            tuple(ranges),
            float(weights @ self._sums[name]),
            float(weights @ self.answered[name]),
            self._cost(place),
        )

    def _cost(self, place: tuple[str, str]) -> float:
        cost = COSTS[self._place_of(place[0])]
        if place[1] in {name for name, _ in self._asked.filters.values()}:
            return FILTER * cost
        return cost * (DERIVED if self._indicators[place[1]].is_derived else 1)

    def cell(self, place: tuple[str, str], at: int = 0, fewest: int | None = None) -> RoundedCell:
        """Return a figure on its own grid, or on a coarser one.

        Args:
            place: group and indicator.
            at: how many grids coarser; with none left it is withheld.
            fewest: of a figure behind a filter, how few can have passed it.
        """
        ranges = self._ranges(place)
        if at >= len(ranges):
            return RoundedCell(*place, reason=KNOWN)
        figure, (lower, upper, grid) = self._shown[place], ranges[at]
        name = place[1]
        unit = POINTS if self._indicators[name].is_share else 1
        shown = grid.shown(unit * _exact(figure.estimate))
        is_routed = name in self._asked.routed
        base = min(figure.answered, figure.answered if fewest is None else fewest)
        base = told(base) if is_routed else base
        limits = self._limits(figure, (lower, upper), base, is_share=unit == POINTS)
        # Limits of a share follow from its range, so a whole percentage of them tells no more.
        step = Fraction(1, POINTS) if unit == POINTS else grid.step
        low, high = self._scale(name)
        return RoundedCell(
            *place,
            lower,
            upper,
            None if shown is None else shown / unit,
            (
                max(low, step * floor(limits[0] / float(step) + _SAME)),
                min(high, step * ceil(limits[1] / float(step) - _SAME)),
            ),
            base,
            None if is_routed else figure.answered,
            COARSER if at else None,
        )

    def behind_filter(
        self, cell: RoundedCell, cells: Mapping[tuple[str, str], RoundedCell], at: int
    ) -> RoundedCell:
        """Return a figure behind a filter, no finer and on no more than the filter warrants.

        Where its printed range warrants less than the smallest base the figure is withheld: it
        would say by being there that more passed, as it would by a finer step.
        """
        name = cell.indicator_id
        if cell.lower is None or name not in self._asked.filters:
            return cell
        filter_id, is_counted = self._asked.filters[name]
        passed = cells.get((cell.group_id, filter_id))
        share = Fraction(0)
        if passed is not None and passed.lower is not None and passed.upper is not None:
            share = passed.lower if is_counted else 1 - passed.upper
        fewest = self._fewest(cell.group_id, filter_id, share)
        if fewest < self._rules.minimum_base:
            return RoundedCell(cell.group_id, name, reason=FILTER_TOO_SMALL)
        place = cell.group_id, name
        ranges, finest = self._ranges(place), self._finest(self._indicators[name], fewest)
        while at < len(ranges) and ranges[at][2].step < finest:
            at += 1
        return self.cell(place, at, fewest)

    def _fewest(self, group: str, filter_id: str, share: Fraction) -> int:
        """Return how few can be so large a share of those who answered the filter."""
        answered = self.answered[filter_id] * self._groups[group]
        needed = share * sum(
            (int(number) * weight for number, weight in zip(answered, self._weights, strict=True)),
            Fraction(0),
        )
        fewest = 0
        for weight, number in sorted(zip(self._weights, map(int, answered), strict=True))[::-1]:
            taken = min(number, ceil(needed / weight)) if needed > 0 else 0
            fewest, needed = fewest + taken, needed - taken * weight
        return fewest

    @cached_property
    def _shown(self) -> Mapping[tuple[str, str], InternalFigure]:
        return {(figure.group_id, figure.indicator_id): figure for figure in self._figures}

    def _ranges(self, place: tuple[str, str]) -> list[tuple[Fraction, Fraction, Grid]]:
        """Return the ranges that may hold a figure, the finest first."""
        figure, unit = self._shown[place], POINTS if self._indicators[place[1]].is_share else 1
        value = unit * _exact(figure.estimate)
        found = []
        for grid in _and_coarser(self._grid_of(figure)):
            lower, upper = grid.range_of(value)
            found.append((lower / unit, upper / unit, grid))
        return found

    def _limits(
        self, figure: InternalFigure, edges: tuple[Fraction, Fraction], base: int, *, is_share: bool
    ) -> tuple[float, float]:
        """Return confidence limits that tell no more than the range of the figure.

        Those of a share are the widest of any count in it. How far those of a mean are from it
        depends on the spread of the scores alone.
        """
        if not is_share:
            half = max(figure.estimate - figure.lower, figure.upper - figure.estimate)
            return float(edges[0]) - half, float(edges[1]) + half
        atoms = np.flatnonzero(self._groups[figure.group_id])
        shape = Shape(
            tuple(int(self._responses[at]) for at in atoms),
            tuple(self._weights[at] for at in atoms),
            base,
        )
        return interval_of(shape, *edges)

    @staticmethod
    def _finest(indicator: Indicator, answered: int) -> Fraction:
        """Return the finest step of an indicator on so many answers."""
        if indicator.is_share:
            return Fraction(step_of_size(answered, BY_SIZE))
        return step_of_size(answered, MEANS_BY_SIZE)

    def _grid_of(self, figure: InternalFigure) -> Grid | None:
        """Return the finest grid of a figure; None where the group, or the scale, is too small."""
        indicator = self._indicators[figure.indicator_id]
        own, step = self._grids.get(figure.group_id), self._finest(indicator, figure.answered)
        if indicator.is_share:
            least = max(step, Fraction(DERIVED_STEP if indicator.is_derived else 1))
            return own and own.at_least(int(least))
        low, high = self._scale(indicator.indicator_id)
        return Grid(step, step, low, high) if own and 3 * step <= high - low else None

    def _scale(self, name: str) -> tuple[Fraction, Fraction]:
        """Return the least and the largest value of an indicator."""
        indicator = self._indicators[name]
        if indicator.is_share:
            return Fraction(0), Fraction(1)
        if indicator.kind == "count":
            return Fraction(0), Fraction(len(indicator.items))
        scores = [
            Fraction(str(score))
            for question in indicator.questions
            for score in self._asked.questions[question].scores.values()
        ]
        return min(scores), max(scores)

    @cached_property
    def _grids(self) -> Mapping[str, Grid]:
        sizes = {group: int(self._responses[atoms].sum()) for group, atoms in self._groups.items()}
        order = sorted(
            (group for group in sizes if sizes[group] >= self._rules.minimum_base),
            key=lambda group: (-COSTS[self._place_of(group)], sizes[group], group),
        )
        finest = {"further": FURTHER, "crossed": CROSSED}
        return choose(
            [
                Candidate(
                    group,
                    self._groups[group],
                    max(step_of_size(sizes[group], BY_SIZE), finest.get(self._place_of(group), 1)),
                )
                for group in order
            ],
            [int(number) for number in self._responses],
            self._weights,
            self._rules.candidates,
        )

    def _place_of(self, group: str) -> str:
        classification, name = group.split(".", 1)
        if classification == self._asked.first:
            return "top" if name in self._asked.tops else "first"
        return "further" if classification in self._asked.further else "crossed"


@cache
def _and_coarser(grid: Grid | None) -> tuple[Grid, ...]:
    """Return a grid and those that are coarser, with their edges worked out once."""
    return () if grid is None else (grid, *_and_coarser(grid.coarser()))


def _exact(value: float) -> Fraction:
    return Fraction(round(value * _EXACT), _EXACT)


def told(base: int) -> int:
    """Return a base as it is told where it would tell how many passed a filter."""
    power = 10 ** max(0, len(str(base)) - 2)
    return max((power * step for step in TOLD if power * step <= base), default=0)


def _value(one: Response, indicator: Indicator) -> Fraction | None:
    """Return the value of a response as the build has it; of a band that of its scale."""
    scale, _, is_band = indicator.indicator_id.partition(BAND)
    value = one.values.get(scale)
    return value if value is None or not is_band else Fraction(indicator.holds(float(value)))
