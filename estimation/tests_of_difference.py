"""Tests of a difference between two estimates, its interval, and its size.

Shares are fractions between 0 and 1. P-values are two-sided. The tests do not know whether an
estimate carries a finite population correction: give sizes and standard errors without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, exp, lgamma, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.boschloo import boschloo
from estimation.errors import require
from estimation.intervals import Interval, wilson

__all__ = [
    "boschloo",
    "cohen_h",
    "hedges_g",
    "holm",
    "newcombe",
    "satterthwaite",
    "score_p_values",
    "score_test",
    "t_test",
]


def score_test(
    share_a: float, size_a: float, share_b: float, size_b: float, correlation: float = 0.0
) -> float:
    """Return the p-value of no difference between two shares on (effective) sizes.

    The difference over its standard error under equality, with the pooled share p:
    p(1 - p) · (1/n_a + 1/n_b - 2 · correlation / √(n_a n_b)), against the normal distribution.

    Args:
        share_a: share on one side.
        size_a: number of cases it rests on, effective where weighted.
        share_b: share on the other side.
        size_b: the same for the other side.
        correlation: correlation of the two estimates, where the sides share respondents.

    Raises:
        EstimationError: unless shares are in [0, 1], sizes positive, the correlation in [-1, 1].
    """
    _require_shares(share_a, size_a, share_b, size_b, correlation)
    return float(score_p_values(share_a, size_a, share_b, size_b, correlation))


def score_p_values(
    shares_a: npt.ArrayLike,
    sizes_a: npt.ArrayLike,
    shares_b: npt.ArrayLike,
    sizes_b: npt.ArrayLike,
    correlations: npt.ArrayLike = 0.0,
) -> npt.NDArray[np.float64]:
    """Return the p-values of `score_test`, for arrays that fit each other."""
    share_a, size_a, share_b, size_b, correlation = (
        np.asarray(values, dtype=np.float64)
        for values in (shares_a, sizes_a, shares_b, sizes_b, correlations)
    )
    difference = np.abs(share_a - share_b)
    pooled = (size_a * share_a + size_b * share_b) / (size_a + size_b)
    unit = 1 / size_a + 1 / size_b - 2 * correlation / np.sqrt(size_a * size_b)
    variance = np.maximum(0.0, pooled * (1 - pooled) * unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = 2 * stats.norm.sf(difference / np.sqrt(variance))
    # What is left of equal shares is rounding.
    return np.asarray(np.where(difference <= 1e-12, 1.0, p_values))


def satterthwaite(variances: Sequence[float], degrees: Sequence[float]) -> float:
    """Return the degrees of freedom of a sum of independent estimated variances.

    (Σv)² / Σ(v² / d), Satterthwaite (1946, Biometrics Bulletin 2). For a difference of stratified
    means: one v per stratum of either side, with d one less than its responses. Zero without
    any variance.
    """
    denominator = sum(v * v / d for v, d in zip(variances, degrees, strict=True))
    return sum(variances) ** 2 / denominator if denominator > 0 else 0.0


def t_test(difference: float, standard_error: float, degrees_of_freedom: float) -> float | None:
    """Return the p-value of a difference by Student's t.

    None where nothing can be said: below one degree of freedom, or without any variation.
    """
    if degrees_of_freedom < 1 or not standard_error > 0:
        return None
    return float(2 * stats.t.sf(abs(difference) / standard_error, degrees_of_freedom))


def newcombe(
    share_a: float,
    size_a: float,
    share_b: float,
    size_b: float,
    correlation: float = 0.0,
    level: float = 0.95,
) -> Interval:
    """Interval of the difference a - b of two shares, from the Wilson interval of each.

    Newcombe (1998, Statistics in Medicine 17: 873-890), method 10; with a correlation between the
    estimates, Newcombe (1998, Statistics in Medicine 17: 2635-2650), method 10, and Zou & Donner
    (2008).

    Raises:
        EstimationError: unless shares are in [0, 1], sizes positive, the correlation in [-1, 1].
    """
    _require_shares(share_a, size_a, share_b, size_b, correlation)
    a, b = wilson(share_a, size_a, level), wilson(share_b, size_b, level)
    difference = share_a - share_b
    return Interval(
        max(-1.0, difference - _joint(share_a - a.lower, b.upper - share_b, correlation)),
        min(1.0, difference + _joint(a.upper - share_a, share_b - b.lower, correlation)),
    )


def _joint(from_a: float, from_b: float, correlation: float) -> float:
    return sqrt(max(0.0, from_a**2 - 2 * correlation * from_a * from_b + from_b**2))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, in the order given (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def cohen_h(share_a: float, share_b: float) -> float:
    """Return the difference of two shares on the arcsine scale (Cohen 1988, ch. 6).

    Raises:
        EstimationError: unless shares are in [0, 1].
    """
    _require_shares(share_a, 1, share_b, 1, 0)
    return 2 * asin(sqrt(share_a)) - 2 * asin(sqrt(share_b))


def hedges_g(
    mean_a: float, sd_a: float, n_a: int, mean_b: float, sd_b: float, n_b: int
) -> float | None:
    """Return the difference of two means in pooled standard deviations, corrected for bias.

    Hedges (1981), with the exact correction Γ(m/2) / (√(m/2) Γ((m - 1)/2)), m = n_a + n_b - 2.
    None with fewer than two degrees of freedom or without any variation.
    """
    degrees = n_a + n_b - 2
    if degrees < 2 or min(n_a, n_b) < 1:
        return None
    pooled = sqrt(((n_a - 1) * sd_a**2 + (n_b - 1) * sd_b**2) / degrees)
    if pooled <= 0:
        return None
    correction = exp(lgamma(degrees / 2) - lgamma((degrees - 1) / 2) - log(degrees / 2) / 2)
    return correction * (mean_a - mean_b) / pooled


def _require_shares(
    share_a: float, size_a: float, share_b: float, size_b: float, correlation: float
) -> None:
    require(
        0 <= share_a <= 1 and 0 <= share_b <= 1 and size_a > 0 and size_b > 0,
        f"Shares of {share_a} on {size_a} and {share_b} on {size_b} cannot be compared.",
        "shares between 0 and 1, and sizes above 0",
    )
    require(
        -1 <= correlation <= 1,
        f"A correlation of {correlation} does not exist.",
        "a correlation between -1 and 1",
    )
