"""Confidence intervals for a share.

Shares and limits are fractions between 0 and 1. Every interval contains the observed share and is
two-sided; `level` is its confidence level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.errors import require

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Probabilities closer together than this, relative, are equal up to rounding.
TIE = 1e-10


@dataclass(frozen=True)
class Interval:
    """A confidence interval, both limits included."""

    lower: float
    upper: float


def blaker(successes: int, sample: int, population: int, level: float = 0.95) -> Interval:
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
    require(
        0 <= successes <= sample <= population and sample > 0,
        f"There is no share of {successes} in a sample of {sample} from {population}.",
        "0 <= successes <= sample <= population, and at least one answer",
    )
    _require_level(level)
    return _blaker(int(successes), int(sample), int(population), float(level))


@lru_cache(maxsize=65536)
def _blaker(successes: int, sample: int, population: int, level: float) -> Interval:
    lower = _smallest_accepted(successes, sample, population, 1 - level)
    # The largest accepted number mirrors the smallest accepted number of failures.
    failures = _smallest_accepted(sample - successes, sample, population, 1 - level)
    return Interval(lower / population, (population - failures) / population)


def _smallest_accepted(successes: int, sample: int, population: int, alpha: float) -> int:
    """Return the smallest number in the population that the acceptability does not reject."""
    if successes == 0:
        return 0
    least = successes
    most = population - sample + successes
    # With few in the population, `successes` or more is the smaller tail, and it grows with their
    # number: up to alpha / 2 everything is rejected, above alpha everything is accepted. One
    # earlier, in case a tail of exactly alpha / 2 was rounded.
    first = _first_above(alpha / 2, successes, sample, population, least, most) - 1
    for number in range(max(least, first), most):
        if acceptability(successes, sample, population, number) > alpha * (1 + TIE):
            return number
    return most


def _first_above(
    probability: float, successes: int, sample: int, population: int, least: int, most: int
) -> int:
    """Return the smallest number for which `successes` or more is likelier than `probability`."""
    while least < most:
        middle = (least + most) // 2
        if stats.hypergeom.sf(successes - 1, population, middle, sample) > probability:
            most = middle
        else:
            least = middle + 1
    return least


def acceptability(successes: int, sample: int, population: int, number: int) -> float:
    """Return Blaker's acceptability of `number` successes in the population.

    The probability, given that number, of every count in the sample of which the smaller tail
    (this count or less, this count or more) is at most the smaller tail of `successes`.
    """
    counts = np.arange(max(0, sample - population + number), min(sample, number) + 1)
    probabilities = _hypergeometric(counts, sample, population, number)
    below = np.cumsum(probabilities)
    above = np.cumsum(probabilities[::-1])[::-1]
    smaller = np.minimum(below, above)
    extreme = smaller <= smaller[successes - counts[0]] * (1 + TIE)
    return float(probabilities[extreme].sum())


def _hypergeometric(counts: Integers, sample: int, population: int, number: int) -> Floats:
    """Return the probabilities of all possible counts, from the ratios of neighbours."""
    count = counts[:-1]
    ratios = (number - count) / (count + 1) * (sample - count)
    ratios /= population - number - sample + count + 1
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    relative = np.exp(logs - logs.max())
    return np.asarray(relative / relative.sum())


def korn_graubard(share: float, effective_size: float, level: float = 0.95) -> Interval:
    """Beta interval of a weighted share on an effective sample size.

    Clopper and Pearson's limits with `share * effective_size` successes, which need not be a whole
    number (Korn & Graubard 1998, Survey Methodology 24).

    Raises:
        EstimationError: unless the share is between 0 and 1 and the size positive.
    """
    _require_share(share, effective_size)
    _require_level(level)
    lower, upper = beta_limits(np.array([share]), np.array([effective_size]), level)
    return Interval(float(lower[0]), float(upper[0]))


def beta_limits(shares: Floats, sizes: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `korn_graubard`, for arrays of one shape."""
    successes = shares * sizes
    failures = sizes - successes
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(
            successes > 0, stats.beta.ppf(tail, np.maximum(successes, 1e-300), failures + 1), 0.0
        )
        upper = np.where(
            failures > 0, stats.beta.isf(tail, successes + 1, np.maximum(failures, 1e-300)), 1.0
        )
    return np.minimum(lower, shares), np.maximum(upper, shares)


def wilson(share: float, size: float, level: float = 0.95) -> Interval:
    """Score interval of a share on `size` cases, which may be an effective size (Wilson 1927).

    Raises:
        EstimationError: unless the share is between 0 and 1 and the size positive.
    """
    _require_share(share, size)
    _require_level(level)
    lower, upper = wilson_limits(np.array([share]), np.array([size]), level)
    return Interval(float(lower[0]), float(upper[0]))


def wilson_limits(shares: Floats, sizes: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `wilson`, for arrays of one shape."""
    z = stats.norm.isf((1 - level) / 2)
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
    return (
        effective_size / (1 - effective_size / population)
        if (effective_size < population)
        else float("inf")
    )


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


def _require_share(share: float, size: float) -> None:
    require(
        0 <= share <= 1 and size > 0,
        f"There is no interval for a share of {share} on {size} cases.",
        "a share between 0 and 1, and a size above 0",
    )


def _require_level(level: float) -> None:
    require(
        0.5 <= level < 1,
        f"A confidence level of {level} is of no use.",
        "at least 0.5 and below 1",
    )
