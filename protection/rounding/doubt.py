"""The attacker on rounded figures: which counts stay in doubt, and what is coarser where none do.

Of every count of an indicator, in every group and stratum, other values are looked for: answers
that differ by a few moves (`protection.rounding.alternatives`) and print every figure of the wave
as it is printed. What is found is never a guess, since the answers are there to look at. Where none
is found the count is taken to be known, whether or not an attacker could really tell, and the
figures are made coarser, or withheld, that bring it into doubt at the least cost.

The attacker knows weights, groups, who answered which question, and all answers to all questions
that do not share an indicator with this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from protection.rounding.alternatives import Move, smallest

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Place = tuple[str, str]
"""Group and indicator."""
Range = tuple[float | None, float | None]

INSIDE = 1e-9
"""Part of the weight of a base by which a sum must stay clear of the edges of a range."""
CLEAR = 1e-5
"""By how much a solved sum must stay clear of the edges: the solver is exact to a millionth."""
CHEAP = 55.0
"""Cost of figures that become coarser without looking for another value any longer."""
EACH, MOST = 60.0, 600.0
"""Integer programs without a solution after which no more are tried: one for every so much that
would become coarser. Where figures are tied closely most have none, and each takes as long as ten
that have one.
"""
_LONGER = 40
"""Moves after those that settle what a reader knows, to find what any respondent does not."""
_DIFFERENT = 1e-7


@dataclass(frozen=True)
class Known:
    """What everybody knows of the responses of a wave.

    Attributes:
        weights: of a response, per atom.
        groups: per group which atoms are in it.
        places: per group and stratum whose counts are protected which atoms are in it.
    """

    weights: Numbers
    groups: Mapping[str, Flags]
    places: Mapping[str, Flags]


@dataclass(frozen=True)
class Printed:
    """A figure as it may be printed, and the sums behind it.

    Attributes:
        ranges: the figure is at least and at most this, None at the end of its scale; the finest
            range first, each of the others around those before it.
        numerator: weighted sum of the values.
        weight: weight of the base.
        cost: how much it costs to print it more coarsely.
    """

    ranges: tuple[Range, ...]
    numerator: float
    weight: float
    cost: float

    def room(self, at: int) -> tuple[float, float]:
        """By how much the sum may change, down and up, with one of the ranges, or with none."""
        clear = INSIDE * self.weight
        low, high = self.ranges[at] if at < len(self.ranges) else (None, None)
        below, above = -np.inf, np.inf
        if low is not None:
            below = min(0.0, low * self.weight - self.numerator + clear)
        if high is not None:
            above = max(0.0, high * self.weight - self.numerator - clear)
        return below, above


@dataclass
class Doubt:
    """What an attacker is left with.

    Attributes:
        coarser: which range each figure gets that may not have its finest; one beyond the last
            where it may have none.
        fewest: fewest values found possible of any count that could have two.
        counts: counts of groups and strata that were looked at.
        spared: of these, for which another value was found that leaves the answers of any single
            respondent as they were.
    """

    coarser: dict[Place, int] = field(default_factory=dict)
    fewest: int | None = None
    counts: int = 0
    spared: int = 0


def protect(
    known: Known,
    listed: Sequence[Move],
    printed: Mapping[Place, Printed],
    answered: Mapping[str, NDArray[np.int64]],
    candidates: int,
) -> Doubt:
    """Find out what must be coarser so that enough values of every count stay possible.

    Args:
        known: responses.
        listed: every move.
        printed: the figures.
        answered: per indicator how many of each atom are in its base.
        candidates: values that must stay possible; fewer where a count has no more.

    Returns:
        The figures that must be coarser and what is left to an attacker then.
    """
    room = {place: one.room(0) for place, one in printed.items()}
    by_indicator: dict[str, list[Move]] = defaultdict(list)
    for move in listed:
        for name in move.effects:
            by_indicator[name].append(move)
    doubt = Doubt()
    for name in sorted(answered):
        attack = _Attack(known, by_indicator[name], name, printed, room)
        base = attack.places @ answered[name]
        needed = np.minimum(candidates, base + 1)
        attack.run(needed, doubt)
        doubt.counts += int((base > 0).sum())
        doubt.spared += int((attack.is_spared & (base > 0)).sum())
        said = (base > 0) & ~attack.is_silent
        left = [len(own) + 1 for own, is_said in zip(attack.found, said, strict=True) if is_said]
        doubt.fewest = min([*left, *([doubt.fewest] if doubt.fewest else [])], default=None)
    return doubt


class _Attack:
    """The attack on one indicator."""

    def __init__(
        self,
        known: Known,
        moves: Sequence[Move],
        name: str,
        printed: Mapping[Place, Printed],
        room: dict[Place, tuple[float, float]],
    ) -> None:
        self.places = np.array(list(known.places.values()))
        self._groups = known.groups
        self._name = name
        self._room = room
        self._printed = printed
        self._moves = smallest(moves, name)
        touched = sorted({each for move in self._moves for each in move.effects})
        self._rows = [(g, each) for each in touched for g in known.groups if (g, each) in room]
        self._cost = np.array([printed[row].cost for row in self._rows])
        self._low, self._high = (np.array([room[row][end] for row in self._rows]) for end in (0, 1))
        atoms = np.array([move.atom for move in self._moves], dtype=np.int64)
        effects = {
            each: np.array([move.effects.get(each, 0.0) for move in self._moves])
            for each in touched
        }
        self._sums = np.zeros((len(self._moves), len(self._rows)))
        for at, (group, each) in enumerate(self._rows):
            self._sums[:, at] = known.weights[atoms] * known.groups[group][atoms] * effects[each]
        own = effects.get(name, np.zeros(len(self._moves)))
        self._counts = own[:, None] * self.places[:, atoms].T
        self._sole = np.array(
            [min(one.respondents) if len(one.respondents) == 1 else -1 for one in self._moves],
            dtype=np.int64,
        )
        self._number = np.array([len(move.respondents) for move in self._moves], dtype=np.int64)
        self.found: list[set[float]] = [set() for _ in self.places]
        self.is_spared: Flags = np.zeros(len(self.places), dtype=bool)
        self.is_silent: Flags = np.zeros(len(self.places), dtype=bool)
        self.needed = np.zeros(len(self.places), dtype=np.int64)

    def run(self, needed: NDArray[np.int64], doubt: Doubt) -> None:
        """Look for other values of every count; make figures coarser where there are too few."""
        self.needed = needed
        idle = 0
        for at, feasible in self._pairs():
            self._keep(at, feasible)
            if not self._open().size:
                idle += 1
                if self.is_spared.all() or idle > _LONGER:
                    return
        failed = 0
        for place in sorted(self._open(), key=lambda each: (self.places[each].sum(), each)):
            while len(self.found[place]) + 1 < needed[place] and not self.is_silent[place]:
                least, broken, sums, changed = self._cheapest(int(place))
                if least > CHEAP and failed < min(least, MOST) / EACH:
                    failed = 0 if self._solve(int(place)) else failed + 1
                elif changed is None:
                    self._give_up(int(place), doubt)
                else:
                    self._coarsen(broken, sums, changed, doubt)

    def _open(self) -> NDArray[np.int64]:
        """Return the places whose counts have too few values."""
        return np.array(
            [at for at, own in enumerate(self.found) if len(own) + 1 < self.needed[at]],
            dtype=np.int64,
        )

    def _pairs(self) -> Iterator[tuple[int, Flags]]:
        """Yield which pairs print the same: single moves as -1, then each with those after it."""
        yield -1, self._is_inside(self._sums)
        for at in range(len(self._moves)):
            yield at, self._is_inside(self._sums[at] + self._sums[at:]) & self._may_join(at)

    def _is_inside(self, sums: Numbers) -> Flags:
        inside: Flags = np.asarray(((sums >= self._low) & (sums <= self._high)).all(axis=1))
        return inside

    def _may_join(self, at: int) -> Flags:
        """Say of a move and those after it whether two different respondents could make both."""
        free: Flags = np.asarray((self._sole[at:] != self._sole[at]) | (self._sole[at] < 0))
        return free

    def _changed(self, at: int) -> Numbers:
        """Return by how much counts change, of a move and those after it."""
        changed: Numbers = self._counts if at < 0 else self._counts[at] + self._counts[at:]
        return changed

    def _keep(self, at: int, feasible: Flags) -> None:
        if not feasible.any():
            return
        changed = self._changed(at)[feasible]
        several = self._number > (1 if at < 0 else 2)
        spared = several[feasible] if at < 0 else (several[at:] & several[at])[feasible]
        self._see(changed)
        if spared.any():
            self.is_spared |= np.array((np.abs(changed[spared]) > _DIFFERENT).any(axis=0))

    def _see(self, changed: Numbers) -> None:
        for place in np.flatnonzero((np.abs(changed) > _DIFFERENT).any(axis=0)):
            own = self.found[place]
            if len(own) + 1 < self.needed[place]:
                values = np.unique(np.round(changed[:, place], 6))
                own.update(float(value) for value in values if abs(value) > _DIFFERENT)

    def _give_up(self, place: int, doubt: Doubt) -> None:
        """Withhold every figure of the indicator about a place where no move is possible."""
        for group, atoms in self._groups.items():
            own = group, self._name
            if own in self._printed and (atoms & self.places[place]).any():
                doubt.coarser[own] = len(self._printed[own].ranges)
                self._room[own] = (-np.inf, np.inf)
        self.is_silent[place] = True

    def _can_bind(self) -> Flags:
        most = (np.maximum(self._sums, 0) * self._number[:, None]).sum(axis=0)
        least = (np.minimum(self._sums, 0) * self._number[:, None]).sum(axis=0)
        binds: Flags = (most > self._high) | (least < self._low)
        return binds

    def _solve(self, place: int) -> bool:
        """Look for one more value of a count by an integer program."""
        # Imported when a program is solved, as in `protection.programs`.
        from scipy.optimize import Bounds, LinearConstraint, milp

        binds = self._can_bind()
        effect = self._counts[:, place]
        steps = np.abs(effect[np.abs(effect) > _DIFFERENT])
        if len(self.found[place]) + 1 >= self.needed[place]:
            return True
        if not steps.size:
            return False
        sums = LinearConstraint(
            self._sums.T[binds],
            np.minimum(0, self._low[binds] + CLEAR),
            np.maximum(0, self._high[binds] - CLEAR),
        )
        for sign in (1.0, -1.0):
            beyond = max((sign * each for each in self.found[place]), default=0.0)
            least = max(0.0, beyond) + steps.min() - _DIFFERENT
            solved = milp(
                np.zeros(len(self._moves)),
                integrality=np.ones(len(self._moves), dtype=np.int64),
                bounds=Bounds(0, self._number),
                constraints=[
                    sums,
                    *self._joint,
                    LinearConstraint(sign * effect[None], least, np.inf),
                ],
                # A number of nodes, not of seconds: the same figures on every machine.
                options={"node_limit": 1},
            )
            if solved.x is None:
                continue
            times = np.rint(solved.x)
            if self._is_inside((times @ self._sums)[None])[0] and self._can_be_made(times):
                self._see((times @ self._counts)[None])
                return True
        return False

    @cached_property
    def _joint(self) -> list[LinearConstraint]:
        """How often moves may be made together: two moves, and all of an atom, of their people."""
        from scipy.optimize import LinearConstraint

        atoms: dict[int, list[int]] = defaultdict(list)
        for at, move in enumerate(self._moves):
            atoms[move.atom].append(at)
        rows, most = [], []
        for own in atoms.values():
            for some in (*combinations(own, 2), tuple(own)):
                people = [self._moves[at].respondents for at in some]
                together = frozenset().union(*people)
                if len(together) < sum(len(each) for each in people):
                    rows.append(np.isin(np.arange(len(self._moves)), some).astype(float))
                    most.append(len(together))
        return [LinearConstraint(np.array(rows), -np.inf, np.array(most))] if rows else []

    def _can_be_made(self, times: Numbers) -> bool:
        """Say whether as many different respondents could make so many moves (Hall's theorem)."""
        made = [
            self._moves[at].respondents
            for at in np.flatnonzero(times)
            for _ in range(int(times[at]))
        ]
        taken: dict[int, int] = {}

        def place(at: int, seen: set[int]) -> bool:
            for who in made[at] - seen:
                seen.add(who)
                if who not in taken or place(taken[who], seen):
                    taken[who] = at
                    return True
            return False

        return all(place(at, set()) for at in range(len(made)))

    def _cheapest(self, place: int) -> tuple[float, NDArray[np.int64], Numbers, Numbers | None]:
        """Return what stands at the least cost between a count and another value of it.

        The cost, the figures that would differ, by how much all sums and all counts would.
        """
        least, found = np.inf, (np.array([], dtype=np.int64), np.array([]), None)
        for at in range(-1, len(self._moves)):
            sums = self._sums if at < 0 else self._sums[at] + self._sums[at:]
            outside = (sums < self._low) | (sums > self._high)
            changed = self._changed(at)[:, place]
            usable = ~np.isin(np.round(changed, 6), [0.0, *self.found[place]])
            usable &= self._may_join(at) if at >= 0 else np.ones_like(usable)
            if not usable.any():
                continue
            cost = np.where(usable, outside @ self._cost, np.inf)
            best = int(cost.argmin())
            if cost[best] < least:
                least = float(cost[best])
                found = (np.flatnonzero(outside[best]), sums[best], self._changed(at)[best])
        return least, *found

    def _coarsen(
        self, broken: NDArray[np.int64], sums: Numbers, changed: Numbers, doubt: Doubt
    ) -> None:
        for row in broken:
            place = self._rows[row]
            low, high = self._low[row], self._high[row]
            while not low <= sums[row] <= high:
                doubt.coarser[place] = doubt.coarser.get(place, 0) + 1
                low, high = self._printed[place].room(doubt.coarser[place])
            self._low[row], self._high[row] = self._room[place] = low, high
        self._see(changed[None])
        for at, feasible in self._pairs():
            self._keep(at, feasible)
