"""Boschloo's exact unconditional test of two shares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.errors import require

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Fisher p-values closer together than this, relative, are equal up to rounding.
TIE = 1e-10
# A count this close to a whole number is one.
ROUNDING = 1e-9
# Shares tried for the common share, evenly spread on the scale of arcsine of the square root, on
# which a binomial distribution is equally wide everywhere.
GRID = 401
# Peaks on the grid this close to the highest, relative, are searched further.
NEAR = 0.97
REFINEMENTS = 6
POINTS = 9
# Probabilities held at once.
ROOM = 2_000_000


def boschloo(successes_a: int, size_a: int, successes_b: int, size_b: int) -> float:
    """Return the two-sided p-value of no difference between two independent shares.

    Boschloo (1970, Statistica Neerlandica 24): Fisher's one-sided p-value is the statistic, and
    its p-value is the largest probability, over every value of the common share, of a statistic
    as small as the one observed. Two-sided: twice the one-sided p-value of the side that the
    difference points to. The probability of a p-value of alpha or less is never above alpha.

    Raises:
        EstimationError: unless 0 <= successes <= size and size > 0 on both sides.
    """
    counts = (np.array([n]) for n in (successes_a, size_a, successes_b, size_b))
    return float(boschloo_p_values(*counts)[0])


def boschloo_p_values(
    successes_a: Integers, sizes_a: Integers, successes_b: Integers, sizes_b: Integers
) -> Floats:
    """Return the p-values of `boschloo`, for arrays of one length.

    Each table is computed once, however often it occurs.

    Raises:
        EstimationError: as `boschloo`.
    """
    for successes, sizes in ((successes_a, sizes_a), (successes_b, sizes_b)):
        possible = (successes >= 0) & (successes <= sizes) & (sizes > 0)
        for row in np.flatnonzero(~possible)[:1]:
            require(
                False,
                f"There is no share of {successes[row]} among {sizes[row]}.",
                "0 <= successes <= size, and at least one answer",
            )
    # That a has the larger share is that b has the larger share of the others. So all tables can be
    # asked whether the smaller group has the larger share, over the counts of few answers.
    groups_a, groups_b = np.stack([sizes_a, successes_a]), np.stack([sizes_b, successes_b])
    small, large = np.where(sizes_a <= sizes_b, [groups_a, groups_b], [groups_b, groups_a])
    is_lower = small[1] * large[0] < large[1] * small[0]
    counts = [np.where(is_lower, size - count, count) for size, count in (small, large)]
    tables, places = np.unique(np.stack([small[0], large[0], *counts]), axis=1, return_inverse=True)
    found = np.ones(tables.shape[1])
    for rows in _of_one_size(tables):
        size_a, size_b = (int(size) for size in tables[:2, rows[0]])
        found[rows] = np.minimum(
            1.0, 2 * _one_sided(tables[2, rows], size_a, tables[3, rows], size_b)
        )
    return found[places]


def whole_p_values(
    shares_a: Floats, sizes_a: Integers, shares_b: Floats, sizes_b: Integers
) -> Floats:
    """Return the p-values of `boschloo` for shares that are no whole counts of their sizes.

    Counts are rounded towards each other, so that they never differ more than the shares do; where
    that turns them round, the p-value is 1.

    Args:
        shares_a: between 0 and 1.
        sizes_a: what they rest on, in whole answers.
        shares_b: the same of the other side.
        sizes_b: the same of the other side.
    """
    sign = np.sign(shares_a - shares_b)
    found = np.ones(len(sign))
    counts = [
        np.where(
            direction > 0, np.floor(shares * sizes + ROUNDING), np.ceil(shares * sizes - ROUNDING)
        ).astype(np.int64)
        for shares, sizes, direction in ((shares_a, sizes_a, sign), (shares_b, sizes_b, -sign))
    ]
    apart = np.sign(counts[0] * sizes_b - counts[1] * sizes_a) == sign
    found[apart] = boschloo_p_values(
        *(part[apart] for part in (counts[0], sizes_a, counts[1], sizes_b))
    )
    return found


def _of_one_size(tables: Integers) -> Iterator[npt.NDArray[np.intp]]:
    """Yield rows with one pair of sizes, in order, as many as there is room for."""
    changes = np.flatnonzero((np.diff(tables[:2], axis=1) != 0).any(axis=0)) + 1
    for rows in np.split(np.arange(tables.shape[1]), changes):
        many = max(1, ROOM // (GRID * (int(tables[:2, rows].max(initial=0)) + 1)))
        for start in range(0, len(rows), many):
            yield rows[start : start + many]


@lru_cache(maxsize=65536)
def boschloo_one_sided(successes_a: int, size_a: int, successes_b: int, size_b: int) -> float:
    """Return the p-value against a larger share in a; counts and sizes as in `boschloo`."""
    found = _one_sided(np.array([successes_a]), size_a, np.array([successes_b]), size_b)
    return float(found[0])


def _one_sided(successes_a: Integers, size_a: int, successes_b: Integers, size_b: int) -> Floats:
    critical = critical_counts(successes_a, size_a, successes_b, size_b)
    return np.minimum(1.0, _largest_probabilities(critical, size_a, size_b))


def fisher_greater(
    successes_a: Integers, size_a: int, successes_b: Integers, size_b: int
) -> Floats:
    """Return Fisher's one-sided p-values against a larger share in a."""
    # Imported where it is used: it takes a second, and few surveys have an exact test.
    from scipy import stats

    total = successes_a + successes_b
    return np.asarray(stats.hypergeom.sf(successes_a - 1, size_a + size_b, size_a, total))


def critical_counts(
    successes_a: Integers, size_a: int, successes_b: Integers, size_b: int
) -> Integers:
    """Return, for each count of a, up to which count of b a table is as extreme as this one.

    Minus one where no count of b is. Fisher's p-value falls with the count of a and rises with the
    count of b, so a bisection finds it for all counts of a at once.

    Args:
        successes_a: one per table.
        size_a: of all tables.
        successes_b: one per table.
        size_b: of all tables.

    Returns:
        One row per table, one column per count of a.
    """
    observed = fisher_greater(successes_a, size_a, successes_b, size_b)
    threshold = observed[:, None] * (1 + TIE)
    counts = np.arange(size_a + 1)
    below = np.full((len(observed), size_a + 1), -1)
    above = np.full((len(observed), size_a + 1), size_b + 1)
    while np.any(above - below > 1):
        middle = (below + above) // 2
        inside = (middle >= 0) & (middle <= size_b)
        tried = np.clip(middle, 0, size_b)
        extreme = inside & (fisher_greater(counts, size_a, tried, size_b) <= threshold)
        settled = above - below <= 1
        below = np.where(extreme & ~settled, middle, below)
        above = np.where(extreme | settled, above, middle)
    return below


def _largest_probabilities(critical: Integers, size_a: int, size_b: int) -> Floats:
    """Return the largest probability of the tables up to the critical counts of each row.

    A grid finds the neighbourhoods of the highest peaks; each is narrowed down on ever finer grids.
    """
    angles = np.linspace(0.0, np.pi / 2, GRID)
    pmf, cdf = _grid_distributions(size_a, size_b)
    probabilities = np.einsum("sa,sta->ts", pmf, cdf[:, critical + 1])
    best = probabilities.max(axis=1)
    inner = probabilities[:, 1:-1]
    is_peak = (inner >= probabilities[:, :-2]) & (inner >= probabilities[:, 2:])
    rows, places = np.nonzero(is_peak & (inner >= NEAR * best[:, None]))
    width = angles[1] - angles[0]
    centres = angles[places + 1]
    for _ in range(REFINEMENTS if len(centres) else 0):
        tried = centres[:, None] + np.linspace(-width, width, POINTS)
        shares = np.sin(np.clip(tried, 0.0, np.pi / 2)) ** 2
        pmf, cdf = _distributions(shares.ravel(), size_a, size_b)
        up_to = np.repeat(critical[rows] + 1, POINTS, axis=0)
        found = np.einsum("sa,sa->s", pmf, np.take_along_axis(cdf, up_to, axis=1))
        found = found.reshape(shares.shape)
        np.maximum.at(best, rows, found.max(axis=1))
        centres = tried[np.arange(len(centres)), found.argmax(axis=1)]
        width *= 2 / (POINTS - 1)
    return np.asarray(best)


@lru_cache(maxsize=16)
def _grid_distributions(size_a: int, size_b: int) -> tuple[Floats, Floats]:
    shares = np.sin(np.linspace(0.0, np.pi / 2, GRID)) ** 2
    return _distributions(shares, size_a, size_b)


def _distributions(shares: Floats, size_a: int, size_b: int) -> tuple[Floats, Floats]:
    """Return probabilities of counts of a, and of up to -1, 0, … of b; a row per share."""
    below = np.zeros((len(shares), size_b + 2))
    np.cumsum(_binomial(shares, size_b), axis=1, out=below[:, 1:])
    return _binomial(shares, size_a), below


def _binomial(shares: Floats, size: int) -> Floats:
    """Return the probabilities of all counts; a row per share."""
    counts = np.arange(size + 1)
    ways = (
        special.gammaln(size + 1) - special.gammaln(counts + 1) - special.gammaln(size - counts + 1)
    )
    # One logarithm per share. Nothing to the power of nothing is one.
    yes, no = np.zeros((2, len(shares), size + 1))
    yes[:, 1:] = special.xlogy(1, shares)[:, None] * counts[1:]
    no[:, :-1] = special.xlog1py(1, -shares)[:, None] * (size - counts[:-1])
    return np.asarray(np.exp(ways + yes + no))
