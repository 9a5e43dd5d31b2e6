"""How much of the variance of a score lies between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from estimation.errors import require
from estimation.intervals import Interval


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


def variance_between(groups: Sequence[npt.ArrayLike], level: float = 0.95) -> VarianceBetween:
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
        p_value=float(stats.f.sf(f_statistic, *degrees)),
        interval=eta_interval(f_statistic, *degrees, level=level),
    )


def eta_interval(
    f_statistic: float, degrees_between: int, degrees_within: int, level: float = 0.95
) -> Interval:
    """Interval of the population's share of variance between groups, from an F observed."""
    total = degrees_between + degrees_within + 1
    limits = [
        _noncentrality(f_statistic, degrees_between, degrees_within, probability)
        for probability in ((1 + level) / 2, (1 - level) / 2)
    ]
    return Interval(*(limit / (limit + total) for limit in limits))


def _noncentrality(
    f_statistic: float, degrees_between: int, degrees_within: int, probability: float
) -> float:
    """Return the λ under which an F of this size or less has the given probability; at least 0."""

    def excess(noncentrality: float) -> float:
        return float(
            special.ncfdtr(degrees_between, degrees_within, noncentrality, f_statistic)
            - probability
        )

    if special.fdtr(degrees_between, degrees_within, f_statistic) <= probability:
        return 0.0
    upper = 1.0 + degrees_between * f_statistic
    while excess(upper) > 0:
        upper *= 2
    return float(optimize.brentq(excess, 0.0, upper, xtol=1e-12, rtol=1e-14))
