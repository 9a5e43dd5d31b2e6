"""An attacker on the public edition: counts as integer programs, from what everybody may know.

Written apart from the package `protection`. The attacker knows who responded and what each response
weighs, how many of each cell answered a question that everybody was asked, and what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

OPEN = 1e-7
"""How far below an edge that is not in a range a sum has to stay."""


@dataclass(frozen=True)
class Cell:
    """Responses that weigh the same and are in the same groups.

    Attributes:
        number: how many.
        weight: weight of each.
        groups: the groups, and the stratum.
        answered: how many answered the question; None where that is not known.
    """

    number: int
    weight: float
    groups: frozenset[str]
    answered: int | None


@dataclass(frozen=True)
class Printed:
    """A range of a share, 0 to 1, as it is printed."""

    group: str
    share: str
    low: float
    high: float
    smallest_base: int = 0


@dataclass
class Attack:
    """Counts of some shares that have one base, in every cell.

    Attributes:
        cells: the responses.
        shares: the shares.
        printed: what is printed of them.
        exactly_one: everybody in the base counts in one of the shares.
        union: a share that counts whoever counts in any of the others.
    """

    cells: Sequence[Cell]
    shares: Sequence[str]
    printed: Sequence[Printed]
    exactly_one: bool = False
    union: str | None = None
    _rows: list[tuple[np.ndarray, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._number = len(self.cells) * (len(self.shares) + 1)
        for at, cell in enumerate(self.cells):
            own = [self._row({(at, share): 1.0}) for share in self.shares]
            base = self._row({(at, None): 1.0})
            if cell.answered is not None:
                self._rows.append((base, cell.answered, cell.answered))
            self._rows += [(base - row, 0, np.inf) for row in own]
            if self.exactly_one:
                self._rows.append((base - sum(own), 0, 0))
            if self.union is not None:
                whole = self._row({(at, self.union): 1.0})
                parts = [
                    self._row({(at, share): 1.0}) for share in self.shares if share != self.union
                ]
                self._rows += [(whole - part, 0, np.inf) for part in parts]
                self._rows.append((sum(parts) - whole, 0, np.inf))
        for each in self.printed:
            inside = [at for at, cell in enumerate(self.cells) if each.group in cell.groups]
            weights = {at: self.cells[at].weight for at in inside}
            counted = self._row({(at, each.share): weight for at, weight in weights.items()})
            base = self._row({(at, None): weight for at, weight in weights.items()})
            whole = sum(self.cells[at].number * weight for at, weight in weights.items())
            self._rows.append((counted - each.low * base, 0, np.inf))
            room = 0.0 if each.high >= 1 else OPEN * whole
            self._rows.append((each.high * base - counted, room, np.inf))
            answered = self._row(dict.fromkeys(((at, None) for at in inside), 1.0))
            self._rows.append((answered, each.smallest_base, np.inf))

    def possible(self, group: str, share: str, enough: int) -> list[int]:
        """Return values that a count in a group may have: so many, or all there are."""
        inside = [at for at, cell in enumerate(self.cells) if group in cell.groups]
        count = self._row(dict.fromkeys(((at, share) for at in inside), 1.0))
        found: list[int] = []
        while len(found) < enough:
            value = self._least(count, found[-1] + 1 if found else 0)
            if value is None:
                break
            found.append(value)
        return found

    def _least(self, count: np.ndarray, floor: int) -> int | None:
        rows = [*self._rows, (count, floor, np.inf)]
        limits = [cell.number for cell in self.cells for _ in range(len(self.shares) + 1)]
        answer = milp(
            count,
            integrality=np.ones(self._number),
            bounds=Bounds(np.zeros(self._number), np.array(limits, dtype=float)),
            constraints=LinearConstraint(
                np.array([row for row, _, _ in rows]),
                [low for _, low, _ in rows],
                [high for _, _, high in rows],
            ),
        )
        return None if answer.x is None else ceil(answer.fun - 1e-6)

    def _row(self, terms: Mapping[tuple[int, str | None], float]) -> np.ndarray:
        row = np.zeros(self._number)
        for (at, share), weight in terms.items():
            own = len(self.shares) if share is None else self.shares.index(share)
            row[at * (len(self.shares) + 1) + own] += weight
        return row


def too_few(attack: Attack, groups: Iterable[str], enough: int) -> list[str]:
    """Return the counts of groups and strata that have fewer values than enough, and than ever."""
    found = []
    for group in groups:
        most = sum(cell.number for cell in attack.cells if group in cell.groups)
        for share in attack.shares:
            values = attack.possible(group, share, enough)
            if len(values) < min(enough, most + 1):
                found.append(f"{share} in {group}: {values}")
    return found
