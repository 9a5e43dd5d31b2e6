"""Tests of a difference between two estimates, its interval, and its size.

Shares are fractions between 0 and 1. P-values are two-sided. The tests do not know whether an
estimate carries a finite population correction: give sizes and standard errors without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, exp, lgamma, log

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.boschloo import boschloo
from estimation.errors import require
from estimation.intervals import Interval, wilson_limits
from estimation.method import LEVEL

__all__ = [
    "boschloo",
    "cohen_effects",
    "cohen_h",
    "combined_limits",
    "hedges_effects",
    "hedges_g",
    "holm",
    "newcombe",
    "score_p_values",
    "score_test",
    "t_p_values",
    "t_test",
]

Floats = npt.NDArray[np.float64]


def score_test(
    share_a: float,
    size_a: float,
    share_b: float,
    size_b: float,
    correlation: float = 0.0,
    margin: float = 0.0,
) -> float:
    """Return the p-value of no difference between two shares on (effective) sizes.

    The difference over its standard error under equality, with the pooled share p:
    p(1 - p) · (1/n_a + 1/n_b - 2 · correlation / √(n_a n_b)), against the normal distribution.
    With a margin, of that difference: less the margin, over the standard error with the shares
    that are the most likely ones under it (Miettinen & Nurminen 1985, without their n / (n - 1);
    Farrington & Manning 1990).

    Args:
        share_a: share on one side.
        size_a: number of cases it rests on, effective where weighted.
        share_b: share on the other side.
        size_b: the same for the other side.
        correlation: correlation of the two estimates, where the sides share respondents.
        margin: difference a - b that is tested, above -1 and below 1.

    Raises:
        EstimationError: unless shares are in [0, 1], sizes positive, the correlation in [-1, 1].
    """
    return float(score_p_values(share_a, size_a, share_b, size_b, correlation, margin))


def score_p_values(
    shares_a: npt.ArrayLike,
    sizes_a: npt.ArrayLike,
    shares_b: npt.ArrayLike,
    sizes_b: npt.ArrayLike,
    correlations: npt.ArrayLike = 0.0,
    margins: npt.ArrayLike = 0.0,
) -> Floats:
    """Return the p-values of `score_test`, for arrays that fit each other.

    Raises:
        EstimationError: as `score_test`.
    """
    share_a, size_a, share_b, size_b, correlation = _require_shares(
        shares_a, sizes_a, shares_b, sizes_b, correlations
    )
    margin = np.broadcast_to(np.asarray(margins, dtype=np.float64), share_a.shape)
    difference = np.abs(share_a - share_b - margin)
    under_b = _likeliest_shares(share_a, size_a, share_b, size_b, margin)
    deviations = [
        np.sqrt(np.maximum(0.0, share * (1 - share)) / size)
        for share, size in ((under_b + margin, size_a), (under_b, size_b))
    ]
    variance = np.maximum(
        0.0,
        deviations[0] ** 2 + deviations[1] ** 2 - 2 * correlation * deviations[0] * deviations[1],
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        p_values = 2 * special.ndtr(-difference / np.sqrt(variance))
    # What is left of equal shares is rounding.
    return np.asarray(np.where(difference <= 1e-12, 1.0, p_values))


def _likeliest_shares(
    share_a: Floats, size_a: Floats, share_b: Floats, size_b: Floats, margin: Floats
) -> Floats:
    """Return the likeliest share of b where that of a is larger by the margin.

    Without one the pooled share; else the root of a cubic equation (Farrington & Manning 1990).
    """
    found = np.array((size_a * share_a + size_b * share_b) / (size_a + size_b))
    shifted = margin != 0
    if not shifted.any():
        return found
    p_a, p_b, d = share_a[shifted], share_b[shifted], margin[shifted]
    theta = size_b[shifted] / size_a[shifted]
    # In the share of a; that of b is less by the margin.
    a = 1 + theta
    b = -(1 + theta + p_a + theta * p_b + d * (theta + 2))
    c = d * d + d * (2 * p_a + theta + 1) + p_a + theta * p_b
    last = -p_a * d * (1 + d)
    v = b**3 / (3 * a) ** 3 - b * c / (6 * a * a) + last / (2 * a)
    u = np.where(v >= 0, 1.0, -1.0) * np.sqrt(np.maximum(0.0, (b / (3 * a)) ** 2 - c / (3 * a)))
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.where(u == 0, 0.0, v / u**3)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    likeliest = 2 * u * np.cos(angle) - b / (3 * a) - d
    found[shifted] = np.clip(likeliest, np.maximum(0.0, -d), np.minimum(1.0, 1 - d))
    return found


def t_test(difference: float, standard_error: float, degrees_of_freedom: float) -> float | None:
    """Return the p-value of a difference by Student's t.

    None where nothing can be said: below one degree of freedom, or without any variation.
    """
    found = float(t_p_values(difference, standard_error, degrees_of_freedom))
    return None if np.isnan(found) else found


def t_p_values(
    differences: npt.ArrayLike, standard_errors: npt.ArrayLike, degrees_of_freedom: npt.ArrayLike
) -> Floats:
    """Return the p-values of `t_test`, for arrays that fit each other; nan where it is None."""
    difference, error, degrees = (
        np.asarray(values, dtype=np.float64)
        for values in (differences, standard_errors, degrees_of_freedom)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2 * special.stdtr(degrees, -np.abs(difference) / error)
    return np.asarray(np.where((degrees >= 1) & (error > 0), found, np.nan))


def newcombe(
    share_a: float,
    size_a: float,
    share_b: float,
    size_b: float,
    correlation: float = 0.0,
    level: float = LEVEL,
) -> Interval:
    """Interval of the difference a - b of two shares, from the Wilson interval of each.

    Newcombe (1998, Statistics in Medicine 17: 873-890), method 10; with a correlation between the
    estimates, Newcombe (1998, Statistics in Medicine 17: 2635-2650), method 10, and Zou & Donner
    (2008).

    Raises:
        EstimationError: unless shares are in [0, 1], sizes positive, the correlation in [-1, 1].
    """
    sides = _require_shares(share_a, size_a, share_b, size_b, correlation)
    limits_a, limits_b = (
        wilson_limits(share, size, level) for share, size in (sides[:2], sides[2:4])
    )
    lower, upper = combined_limits(sides[0], limits_a, sides[2], limits_b, sides[4])
    return Interval(float(lower), float(upper))


def combined_limits(
    share_a: Floats,
    limits_a: tuple[Floats, Floats],
    share_b: Floats,
    limits_b: tuple[Floats, Floats],
    correlation: Floats,
) -> tuple[Floats, Floats]:
    """Return the limits of a difference of shares from those of each, as `newcombe`; arrays."""
    (lower_a, upper_a), (lower_b, upper_b) = limits_a, limits_b
    difference = share_a - share_b
    below = _joint(share_a - lower_a, upper_b - share_b, correlation)
    above = _joint(upper_a - share_a, share_b - lower_b, correlation)
    return np.maximum(-1.0, difference - below), np.minimum(1.0, difference + above)


def _joint(from_a: Floats, from_b: Floats, correlation: Floats) -> Floats:
    squared = from_a**2 - 2 * correlation * from_a * from_b + from_b**2
    return np.sqrt(np.maximum(0.0, squared))


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
    return float(cohen_effects(np.array([share_a]), np.array([share_b]))[0])


def cohen_effects(shares_a: Floats, shares_b: Floats) -> Floats:
    """Return `cohen_h`, for arrays of one length.

    Raises:
        EstimationError: as `cohen_h`.
    """
    _require_shares(shares_a, 1, shares_b, 1, 0)
    # Not numpy's arcsine, whose last digit is not the same on every processor.
    angles_a, angles_b = (
        np.array([asin(root) for root in np.sqrt(shares).tolist()], dtype=np.float64)
        for shares in (shares_a, shares_b)
    )
    return np.asarray(2 * angles_a - 2 * angles_b)


def hedges_g(
    mean_a: float, sd_a: float, n_a: int, mean_b: float, sd_b: float, n_b: int
) -> float | None:
    """Return the difference of two means in pooled standard deviations, corrected for bias.

    Hedges (1981), with the exact correction Γ(m/2) / (√(m/2) Γ((m - 1)/2)), m = n_a + n_b - 2.
    None with fewer than two degrees of freedom or without any variation.
    """
    values = (np.array([value], dtype=np.float64) for value in (mean_a, sd_a, n_a))
    others = (np.array([value], dtype=np.float64) for value in (mean_b, sd_b, n_b))
    found = float(hedges_effects(*values, *others)[0])
    return None if np.isnan(found) else found


def hedges_effects(
    means_a: Floats, sds_a: Floats, ns_a: Floats, means_b: Floats, sds_b: Floats, ns_b: Floats
) -> Floats:
    """Return `hedges_g`, for arrays of one length; nan where it is None."""
    degrees = ns_a + ns_b - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.sqrt(((ns_a - 1) * sds_a**2 + (ns_b - 1) * sds_b**2) / degrees)
        exists = (degrees >= 2) & (np.minimum(ns_a, ns_b) >= 1) & (pooled > 0)
        different, places = np.unique(np.where(exists, degrees, 2.0), return_inverse=True)
        corrections = np.array([_correction(one) for one in different.tolist()], dtype=np.float64)
        found = corrections[places] * (means_a - means_b) / pooled
    return np.where(exists, found, np.nan)


def _correction(degrees: float) -> float:
    return exp(lgamma(degrees / 2) - lgamma((degrees - 1) / 2) - log(degrees / 2) / 2)


def _require_shares(
    shares_a: npt.ArrayLike,
    sizes_a: npt.ArrayLike,
    shares_b: npt.ArrayLike,
    sizes_b: npt.ArrayLike,
    correlations: npt.ArrayLike,
) -> list[Floats]:
    """Return the arguments as arrays of one shape."""
    arrays = [
        np.asarray(array, dtype=np.float64)
        for array in np.broadcast_arrays(shares_a, sizes_a, shares_b, sizes_b, correlations)
    ]
    share_a, size_a, share_b, size_b, correlation = arrays
    comparable = (
        ((share_a >= 0) & (share_a <= 1) & (size_a > 0))
        & ((share_b >= 0) & (share_b <= 1) & (size_b > 0))
    )  # fmt: skip
    for row in np.argwhere(~comparable)[:1]:
        one = [array[tuple(row)] for array in arrays]
        require(
            False,
            f"Shares of {one[0]} on {one[1]} and {one[2]} on {one[3]} cannot be compared.",
            "shares between 0 and 1, and sizes above 0",
        )
    exists = (correlation >= -1) & (correlation <= 1)
    for row in np.argwhere(~exists)[:1]:
        require(
            False,
            f"A correlation of {correlation[tuple(row)]} does not exist.",
            "a correlation between -1 and 1",
        )
    return arrays
