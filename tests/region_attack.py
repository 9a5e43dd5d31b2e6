"""An attacker who adds and subtracts the figures of groups, by integer programming."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

INFEASIBLE = 2
# How many times one group may be added or subtracted.
MOST_TIMES = 8.0


def smallest_sum(cells: Mapping[frozenset[Hashable], int], shown: Collection[Hashable]) -> float:
    """Return how few organisations a sum can be about that follows from the groups shown.

    Unknown are how many times each group is taken, and which cells are in the sum: each wholly or
    not. Whoever finds such a sum has every figure of it: how many there are and what they answered.

    Args:
        cells: how many answered, by the groups that they are in.
        shown: the groups whose figures are known.

    Returns:
        The smallest number above nought; infinity where there is none.
    """
    groups = sorted(shown)
    listed = [(held, count) for held, count in cells.items() if count]
    if not groups or not listed:
        return float("inf")
    inside = np.array([[float(group in held) for group in groups] for held, _ in listed])
    counts = np.array([float(count) for _, count in listed])
    nought = np.zeros(len(groups))
    found = milp(
        np.concatenate([nought, counts]),
        constraints=[
            LinearConstraint(np.hstack([inside, -np.eye(len(listed))]), 0, 0),
            LinearConstraint(np.concatenate([nought, counts])[None, :], 1, np.inf),
        ],
        integrality=np.concatenate([nought, np.ones(len(listed))]),
        bounds=Bounds(
            np.concatenate([nought - MOST_TIMES, np.zeros(len(listed))]),
            np.concatenate([nought + MOST_TIMES, np.ones(len(listed))]),
        ),
    )
    if found.status == INFEASIBLE:
        return float("inf")
    assert found.success, found.message
    return float(round(found.fun))
