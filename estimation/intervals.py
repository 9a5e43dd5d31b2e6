"""Confidence intervals for a share.

Shares and limits are fractions between 0 and 1. Every interval contains the observed share and is
two-sided; `level` is its confidence level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.acceptability import smallest_accepted
from estimation.errors import require
from estimation.method import LEVEL

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A confidence interval, both limits included."""

    lower: float
    upper: float


def blaker(successes: int, sample: int, population: int, level: float = LEVEL) -> Interval:
    """Exact interval for the share of a finite population, from a simple random sample.

    Blaker (2000, Canadian Journal of Statistics 28) for the hypergeometric distribution: a number
    D of successes in the population is accepted when its acceptability exceeds 1 - level, the
    probability of every count whose smaller tail is no larger than the smaller tail of the count
    observed. The accepted numbers can have gaps; the interval runs from the smallest to the
    largest, over N. It covers at least `level` of the time for every D.

    Args:
        successes: count in the sample with the property.
        sample: size of the sample, n.
        population: size of the population, N.
        level: confidence level.

    Raises:
        EstimationError: unless 0 <= successes <= sample <= population and sample > 0.
    """
    _require_possible(successes, sample, population)
    _require_level(level)
    return _blaker(int(successes), int(sample), int(population), float(level))


@lru_cache(maxsize=65536)
def _blaker(successes: int, sample: int, population: int, level: float) -> Interval:
    table = [np.array([count]) for count in (successes, sample, population)]
    lower, upper = blaker_limits(table[0], table[1], table[2], level)
    return Interval(float(lower[0]), float(upper[0]))


def blaker_limits(
    successes: Integers, samples: Integers, populations: Integers, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `blaker`, for arrays of one length.

    Each table is computed once, however often it occurs.

    Raises:
        EstimationError: as `blaker`.
    """
    _require_level(level)
    possible = (successes >= 0) & (successes <= samples) & (samples <= populations) & (samples > 0)
    for row in np.flatnonzero(~possible)[:1]:
        _require_possible(int(successes[row]), int(samples[row]), int(populations[row]))
    # The largest accepted number mirrors the smallest accepted number of failures.
    counts = np.concatenate([successes, samples - successes])
    tables, places = np.unique(
        np.stack([np.tile(samples, 2), np.tile(populations, 2), counts]),
        axis=1,
        return_inverse=True,
    )
    fewest = smallest_accepted(tables[2], tables[0], tables[1], 1 - level)[places]
    lower, failures = np.split(fewest, 2)
    return lower / populations, (populations - failures) / populations


def korn_graubard(share: float, effective_size: float, level: float = LEVEL) -> Interval:
    """Beta interval of a weighted share on an effective sample size.

    Clopper and Pearson's limits with `share * effective_size` successes, which need not be a whole
    number (Korn & Graubard 1998, Survey Methodology 24).

    Raises:
        EstimationError: unless the share is between 0 and 1 and the size positive.
    """
    lower, upper = beta_limits(np.array([share]), np.array([effective_size]), level)
    return Interval(float(lower[0]), float(upper[0]))


def beta_limits(shares: Floats, sizes: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `korn_graubard`, for arrays of one shape.

    Raises:
        EstimationError: as `korn_graubard`.
    """
    _require_shares(shares, sizes)
    _require_level(level)
    successes = shares * sizes
    failures = sizes - successes
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        lower = special.betaincinv(np.maximum(successes, 1e-300), failures + 1, tail)
        upper = special.betainccinv(successes + 1, np.maximum(failures, 1e-300), tail)
    return (
        np.minimum(np.where(successes > 0, lower, 0.0), shares),
        np.maximum(np.where(failures > 0, upper, 1.0), shares),
    )


def wilson(share: float, size: float, level: float = LEVEL) -> Interval:
    """Score interval of a share on `size` cases, which may be an effective size (Wilson 1927).

    Raises:
        EstimationError: unless the share is between 0 and 1 and the size positive.
    """
    lower, upper = wilson_limits(np.array([share]), np.array([size]), level)
    return Interval(float(lower[0]), float(upper[0]))


def wilson_limits(shares: Floats, sizes: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `wilson`, for arrays of one shape.

    Raises:
        EstimationError: as `wilson`.
    """
    _require_shares(shares, sizes)
    _require_level(level)
    z = -special.ndtri((1 - level) / 2)
    centre = shares + z * z / (2 * sizes)
    spread = z * np.sqrt(shares * (1 - shares) / sizes + z * z / (4 * sizes * sizes))
    scale = 1 + z * z / sizes
    # Rounding must not put the limits outside 0 to 1, or the share outside the limits.
    lower = np.minimum(shares, np.maximum(0.0, (centre - spread) / scale))
    upper = np.maximum(shares, np.minimum(1.0, (centre + spread) / scale))
    return lower, upper


def kish_size(effective_size: float, population: float) -> float:
    """Return the size that, in a Wilson interval, stands for an effective size from a population.

    Of a share that is the same in all strata, the stratified estimate has the variance
    p(1 - p) · Σ W² (1/n - 1/N) = p(1 - p) · (1/n_eff - 1/N), for Kish's n_eff = (Σw)² / Σw² and
    the population N = Σw. The correction is therefore 1 - n_eff / N. With 1 - n / N it would
    be too large wherever weights differ. Infinite for a census.
    """
    return float(kish_sizes(np.array([effective_size]), np.array([population]))[0])


def kish_sizes(effective_sizes: Floats, populations: Floats) -> Floats:
    """Return `kish_size`, for arrays of one shape."""
    is_sample = effective_sizes < populations
    left = 1 - np.where(is_sample, effective_sizes, 0.0) / populations
    return np.where(is_sample, effective_sizes / left, np.inf)


def inferential_size(kish: float, share: float, variance: float) -> float:
    """Return the size that the interval or test of a weighted share rests on.

    The smaller of Kish's size, which takes the share to be the same in all strata, and the size
    at which a simple random sample would be as uncertain as the stratified one was found to be:
    1 + share · (1 - share) / variance, because share · (1 - share) falls short of its counterpart
    in the population by the variance, on average. Of a simple random sample of n it is n. Where
    the share differs between strata and those that answer worst vary most, Kish's size promises
    too much; where nothing varies within the strata the variance is 0 and says nothing, and Kish's
    size stands.

    Args:
        kish: Kish's size.
        share: the weighted share.
        variance: its linearised variance; with finite population correction where `kish` has it,
            without where not.
    """
    return float(inferential_sizes(np.array([kish]), np.array([share]), np.array([variance]))[0])


def inferential_sizes(kish: Floats, shares: Floats, variances: Floats) -> Floats:
    """Return `inferential_size`, for arrays of one shape."""
    units = shares * (1 - shares)
    varies = (variances > 0) & (units > 0)
    linearised = np.divide(units, variances, out=np.full_like(units, np.inf), where=varies)
    return np.asarray(np.minimum(kish, 1 + linearised))


def _require_possible(successes: int, sample: int, population: int) -> None:
    require(
        0 <= successes <= sample <= population and sample > 0,
        f"There is no share of {successes} in a sample of {sample} from {population}.",
        "0 <= successes <= sample <= population, and at least one answer",
    )


def _require_shares(shares: Floats, sizes: Floats) -> None:
    for row in np.argwhere(~((shares >= 0) & (shares <= 1) & (sizes > 0)))[:1]:
        share, size = shares[tuple(row)], sizes[tuple(row)]
        require(
            False,
            f"There is no interval for a share of {share} on {size} cases.",
            "a share between 0 and 1, and a size above 0",
        )


def _require_level(level: float) -> None:
    require(
        0.5 <= level < 1,
        f"A confidence level of {level} is of no use.",
        "at least 0.5 and below 1",
    )
