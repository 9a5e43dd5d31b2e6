"""How much of the variance of a score lies between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.errors import require
from estimation.intervals import Interval
from estimation.method import LEVEL
from estimation.roots import Rows, roots

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VarianceBetween:
    """Variance between groups as a share of all variance, from a one-way analysis of variance.

    Attributes:
        eta_squared: share in these answers; None when the score does not vary at all.
        omega_squared: estimate for the population, less biased; it can fall below 0 by chance.
        f_statistic: mean square between over within; None when nothing varies within the groups.
        degrees_between: groups - 1.
        degrees_within: answers - groups.
        p_value: of no difference between the groups.
        interval: of the population's share.
    """

    eta_squared: float | None
    omega_squared: float | None
    f_statistic: float | None
    degrees_between: int
    degrees_within: int
    p_value: float | None
    interval: Interval | None


def variance_between(groups: Sequence[npt.ArrayLike], level: float = LEVEL) -> VarianceBetween:
    """Return η², ω² and the interval of the share of variance between fixed groups.

    η² = SSB / SST; ω² = (SSB - (g - 1) MSW) / (SST + MSW) (Hays 1963). The interval holds those
    noncentralities λ of F under which the F observed is no outlier, as λ / (λ + n) (Steiger 2004,
    Psychological Methods 9; Smithson 2003).

    Args:
        groups: the scores of each group.
        level: confidence level of the interval.

    Raises:
        EstimationError: with fewer than two groups, an empty one, or no more answers than groups.
    """
    return variances_between([groups], level)[0]


def variances_between(
    divisions: Sequence[Sequence[npt.ArrayLike]], level: float = LEVEL
) -> list[VarianceBetween]:
    """Return `variance_between` of many divisions, each the scores of its groups.

    Raises:
        EstimationError: as `variance_between`.
    """
    found = [_without_interval(groups) for groups in divisions]
    varying = [one for one in found if one.f_statistic is not None]
    lower, upper = eta_limits(
        np.array([one.f_statistic for one in varying], dtype=np.float64),
        np.array([one.degrees_between for one in varying], dtype=np.float64),
        np.array([one.degrees_within for one in varying], dtype=np.float64),
        level,
    )
    intervals = iter(zip(lower.tolist(), upper.tolist(), strict=True))
    return [
        one if one.f_statistic is None else replace(one, interval=Interval(*next(intervals)))
        for one in found
    ]


def _without_interval(groups: Sequence[npt.ArrayLike]) -> VarianceBetween:
    scores = [np.asarray(group, dtype=np.float64) for group in groups]
    total = sum(len(group) for group in scores)
    require(
        len(scores) >= 2 and all(len(group) for group in scores) and total > len(scores),
        f"{total} answers in {len(scores)} groups have no variance to divide.",
        "two or more groups, none empty, and more answers than groups",
    )
    everything = np.concatenate(scores)
    mean = everything.mean()
    between = float(sum(len(group) * (group.mean() - mean) ** 2 for group in scores))
    within = float(sum(((group - group.mean()) ** 2).sum() for group in scores))
    # What is left of equal scores is rounding.
    rounding = 1e-24 * total * max(1.0, float(np.abs(everything).max())) ** 2
    between = between if between > rounding else 0.0
    within = within if within > rounding else 0.0
    degrees = (len(scores) - 1, total - len(scores))
    if between + within == 0:
        return VarianceBetween(None, None, None, *degrees, None, None)
    eta = between / (between + within)
    mean_within = within / degrees[1]
    omega = (between - degrees[0] * mean_within) / (between + within + mean_within)
    if within == 0:
        return VarianceBetween(eta, omega, None, *degrees, None, None)
    f_statistic = between / degrees[0] / mean_within
    return VarianceBetween(
        eta_squared=eta,
        omega_squared=omega,
        f_statistic=f_statistic,
        degrees_between=degrees[0],
        degrees_within=degrees[1],
        p_value=float(special.fdtrc(*degrees, f_statistic)),
        interval=None,
    )


def eta_interval(
    f_statistic: float, degrees_between: int, degrees_within: int, level: float = LEVEL
) -> Interval:
    """Interval of the population's share of variance between groups, from an F observed."""
    given = [np.array([float(n)]) for n in (f_statistic, degrees_between, degrees_within)]
    lower, upper = eta_limits(given[0], given[1], given[2], level)
    return Interval(float(lower[0]), float(upper[0]))


def eta_limits(
    f_statistics: Floats,
    degrees_between: Floats,
    degrees_within: Floats,
    level: float = LEVEL,
) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of `eta_interval`, for arrays of one length."""
    probabilities = np.repeat([(1 + level) / 2, (1 - level) / 2], len(f_statistics))
    statistics, between, within = (
        np.tile(values, 2) for values in (f_statistics, degrees_between, degrees_within)
    )
    limits = _noncentralities(statistics, between, within, probabilities)
    lower, upper = np.split(limits / (limits + between + within + 1), 2)
    return lower, upper


def _noncentralities(
    f_statistics: Floats, degrees_between: Floats, degrees_within: Floats, probabilities: Floats
) -> Floats:
    """Return the λ under which an F of this size or less has the given probability; at least 0."""

    def excess(noncentralities: Floats, rows: Rows) -> Floats:
        found = special.ncfdtr(
            degrees_between[rows], degrees_within[rows], noncentralities, f_statistics[rows]
        )
        return np.asarray(found - probabilities[rows])

    central = special.fdtr(degrees_between, degrees_within, f_statistics)
    above_zero = np.flatnonzero(central > probabilities)
    upper = 1.0 + degrees_between * f_statistics
    rows = above_zero
    while len(rows := rows[excess(upper[rows], rows) > 0]):
        upper[rows] *= 2
    found = np.zeros(len(upper))
    found[above_zero] = roots(
        lambda places, of: excess(places, above_zero[of]),
        np.zeros(len(above_zero)),
        upper[above_zero],
    )
    return found
