"""Boschloo's exact unconditional test of two shares."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from estimation.errors import require

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Fisher p-values closer together than this, relative, are equal up to rounding.
TIE = 1e-10
# Shares tried for the common share, evenly spread on the scale of arcsine of the square root, on
# which a binomial distribution is equally wide everywhere.
GRID = 401
# Peaks on the grid this close to the highest, relative, are searched further.
NEAR = 0.97
REFINEMENTS = 6
POINTS = 9


def boschloo(successes_a: int, size_a: int, successes_b: int, size_b: int) -> float:
    """Return the two-sided p-value of no difference between two independent shares.

    Boschloo (1970, Statistica Neerlandica 24): Fisher's one-sided p-value is the statistic, and
    its p-value is the largest probability, over every value of the common share, of a statistic
    as small as the one observed. Two-sided: twice the smaller of the two one-sided p-values, as in
    scipy. The probability of a p-value of alpha or less is never above alpha.

    The results for each table are cached.

    Raises:
        EstimationError: unless 0 <= successes <= size and size > 0 on both sides.
    """
    for successes, size in ((successes_a, size_a), (successes_b, size_b)):
        require(
            0 <= successes <= size and size > 0,
            f"There is no share of {successes} among {size}.",
            "0 <= successes <= size, and at least one answer",
        )
    a_high = boschloo_one_sided(int(successes_a), int(size_a), int(successes_b), int(size_b))
    b_high = boschloo_one_sided(int(successes_b), int(size_b), int(successes_a), int(size_a))
    return min(1.0, 2 * min(a_high, b_high))


@lru_cache(maxsize=65536)
def boschloo_one_sided(successes_a: int, size_a: int, successes_b: int, size_b: int) -> float:
    """Return the p-value against a larger share in a; counts and sizes as in `boschloo`."""
    critical = critical_counts(successes_a, size_a, successes_b, size_b)
    return min(1.0, _largest_probability(critical, size_a, size_b))


def fisher_greater(
    successes_a: Integers, size_a: int, successes_b: Integers, size_b: int
) -> Floats:
    """Return Fisher's one-sided p-values against a larger share in a."""
    total = successes_a + successes_b
    return np.asarray(stats.hypergeom.sf(successes_a - 1, size_a + size_b, size_a, total))


def critical_counts(successes_a: int, size_a: int, successes_b: int, size_b: int) -> Integers:
    """Return, for each count of a, up to which count of b a table is as extreme as this one.

    Minus one where no count of b is. Fisher's p-value falls with the count of a and rises with the
    count of b, so a bisection finds it for all counts of a at once.
    """
    observed = fisher_greater(np.array([successes_a]), size_a, np.array([successes_b]), size_b)[0]
    threshold = observed * (1 + TIE)
    counts = np.arange(size_a + 1)
    below = np.full(size_a + 1, -1)
    above = np.full(size_a + 1, size_b + 1)
    while np.any(above - below > 1):
        middle = (below + above) // 2
        inside = (middle >= 0) & (middle <= size_b)
        tried = np.clip(middle, 0, size_b)
        extreme = inside & (fisher_greater(counts, size_a, tried, size_b) <= threshold)
        settled = above - below <= 1
        below = np.where(extreme & ~settled, middle, below)
        above = np.where(extreme | settled, above, middle)
    return below


def _largest_probability(critical: Integers, size_a: int, size_b: int) -> float:
    """Return the largest probability of the tables up to the critical counts.

    A grid finds the neighbourhoods of the highest peaks; each is narrowed down on ever finer grids.
    """
    angles = np.linspace(0.0, np.pi / 2, GRID)
    pmf, cdf = _grid_distributions(size_a, size_b)
    probabilities = _probabilities(critical, pmf, cdf)
    inner = probabilities[1:-1]
    is_peak = (inner >= probabilities[:-2]) & (inner >= probabilities[2:])
    peaks = np.flatnonzero(is_peak) + 1
    best = float(probabilities.max())
    peaks = peaks[probabilities[peaks] >= NEAR * best]
    width = angles[1] - angles[0]
    centres = angles[peaks]
    for _ in range(REFINEMENTS if len(centres) else 0):
        tried = centres[:, None] + np.linspace(-width, width, POINTS)
        shares = np.sin(np.clip(tried, 0.0, np.pi / 2)) ** 2
        found = _probabilities(critical, *_distributions(shares.ravel(), size_a, size_b))
        found = found.reshape(shares.shape)
        best = max(best, float(found.max()))
        centres = tried[np.arange(len(centres)), found.argmax(axis=1)]
        width *= 2 / (POINTS - 1)
    return best


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
    share = shares[:, None]
    logs = ways + special.xlogy(counts, share) + special.xlog1py(size - counts, -share)
    return np.asarray(np.exp(logs))


def _probabilities(critical: Integers, pmf: Floats, cdf: Floats) -> Floats:
    found: Floats = np.einsum("sa,sa->s", pmf, cdf[:, critical + 1])
    return found
