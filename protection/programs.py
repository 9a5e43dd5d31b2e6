"""Integer programs, by HiGHS.

SciPy's optimisers are imported when the first program is solved: that takes longer than most
programs, and many a release needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

_OPTIMAL = 0

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Conditions:
    """Limits of weighted sums of the unknowns.

    Attributes:
        terms: per sum the positions of its unknowns, and their coefficients.
        lower: per sum the least that it may be.
        upper: per sum the most.
        size: number of unknowns.
    """

    terms: Sequence[tuple[Sequence[int], Sequence[float]]]
    lower: Sequence[float]
    upper: Sequence[float]
    size: int

    @cached_property
    def constraint(self) -> LinearConstraint:
        """Return them as SciPy takes them."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_matrix

        values = [float(value) for _, own in self.terms for value in own]
        positions = [at for own, _ in self.terms for at in own]
        lengths = np.cumsum([0, *(len(own) for own, _ in self.terms)])
        matrix = csr_matrix((values, positions, lengths), shape=(len(self.terms), self.size))
        return LinearConstraint(matrix, np.array(self.lower), np.array(self.upper))


def minimise(
    objective: Numbers, conditions: Conditions, low: Numbers, high: Numbers, *, whole: bool = True
) -> tuple[Numbers, float] | None:
    """Return the unknowns that make a weighted sum smallest, and that sum; None where none do.

    Args:
        objective: weight of each unknown.
        conditions: what must hold.
        low: least value of each unknown.
        high: most.
        whole: the unknowns are whole numbers; the solution is then as close to whole as HiGHS goes.
    """
    from scipy.optimize import Bounds, milp

    answer = milp(
        objective,
        integrality=np.full(len(objective), whole, dtype=np.uint8),
        bounds=Bounds(low, high),
        constraints=conditions.constraint,
        options={"mip_rel_gap": 0.0},
    )
    if answer.status != _OPTIMAL or answer.x is None or answer.fun is None:
        return None
    return answer.x, float(answer.fun)
