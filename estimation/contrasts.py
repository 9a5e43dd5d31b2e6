"""Tests, interval and effect size of the difference between two estimates of a survey.

A contrast is side a minus side b: two groups of one wave, two waves of one group, or two indicators
of one group and wave. P-values leave the finite population correction out: they are about the
process that both sides came from. The interval has it: it is about the two lists of organisations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from estimation.intervals import inferential_size, kish_size
from estimation.tests_of_difference import (
    boschloo,
    cohen_h,
    hedges_g,
    newcombe,
    satterthwaite,
    score_test,
    t_test,
)

LEVEL = 0.95
# A sampling fraction this close to one is a census.
_CENSUS = 1 - 1e-12


@dataclass(frozen=True)
class Side:
    """One estimate of a contrast.

    Attributes:
        n_answered: answers in the base.
        n_strata: strata with an answer.
        sum_value: sum of the values, unweighted; for a share the number of answers counted in.
        n_effective: Kish's effective number of answers.
        sum_weights: organisations that the answers stand for.
        is_equally_weighted: whether all answers have one weight.
        estimate: the weighted estimate; None where there is none.
        standard_deviation: of the values of a mean or count; None for other kinds.
        variance: of the estimate, without finite population correction.
        variance_finite: the same with the correction.
    """

    n_answered: int
    n_strata: int
    sum_value: float
    n_effective: float
    sum_weights: float
    is_equally_weighted: bool
    estimate: float | None
    standard_deviation: float | None
    variance: float
    variance_finite: float

    @property
    def is_census(self) -> bool:
        """Whether the answers are those of every organisation they stand for."""
        return self.n_answered >= self.sum_weights * _CENSUS

    @property
    def degrees_of_freedom(self) -> int:
        """Answers minus strata: what is left once every stratum has its mean."""
        return self.n_answered - self.n_strata

    @property
    def size(self) -> float:
        """Number of answers that a share rests on in a test.

        With unequal weights Kish's, or what the variance allows where that is less.
        """
        return self._cautious(self.n_effective, self.variance)

    @property
    def finite_size(self) -> float:
        """The same in an interval, with finite population correction; infinite for a census."""
        if self.is_census:
            return math.inf
        return self._cautious(kish_size(self.n_effective, self.sum_weights), self.variance_finite)

    def _cautious(self, kish: float, variance: float) -> float:
        if self.is_equally_weighted or self.estimate is None:
            return kish
        return inferential_size(kish, self.estimate, variance)


@dataclass(frozen=True)
class Contrast:
    """Two estimates and what they have in common.

    Attributes:
        contrast_kind: `groups`, `waves` or `indicators`.
        kind: kind of the indicator: `share`, `mean`, `count`, `ratio` or `total`.
        a: the side that the difference is of.
        b: the side that is subtracted.
        covariance: of the two estimates, without finite population correction.
        covariance_finite: the same with the correction.
        n_both: organisations whose answers enter both sides.
        n_both_strata: strata (or pairs of strata) that these are in.
        weight_products: sum, over these organisations, of the product of their two weights.
    """

    contrast_kind: str
    kind: str
    a: Side
    b: Side
    covariance: float
    covariance_finite: float
    n_both: int
    n_both_strata: int
    weight_products: float

    @property
    def is_paired(self) -> bool:
        """Whether organisations can have answers on both sides."""
        return self.contrast_kind != "groups"

    @property
    def is_census(self) -> bool:
        """Whether nothing is estimated on either side."""
        return self.a.is_census and self.b.is_census


@dataclass(frozen=True)
class Difference:
    """What can be said of a contrast; every figure is None where it does not exist."""

    difference: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    interval_method: str | None = None
    correlation: float | None = None
    degrees_of_freedom: float | None = None
    test_method: str | None = None
    p_value: float | None = None
    effect_size: float | None = None
    effect_measure: str | None = None


def examine(contrast: Contrast) -> Difference:
    """Return difference, interval, p-value and effect size of a contrast."""
    a, b = contrast.a, contrast.b
    if a.estimate is None or b.estimate is None:
        return Difference()
    if contrast.kind == "share":
        return _shares(contrast, a.estimate, b.estimate)
    return _others(contrast, a.estimate, b.estimate)


def overlap(contrast: Contrast) -> float:
    """Return how far the two sides rest on the same organisations, from 0 to 1.

    The correlation that the estimates would have if all of these gave one answer on both sides:
    Σ w_a w_b over the shared ones, over √(Σ w_a² · Σ w_b²).
    """
    squares_a = contrast.a.sum_weights**2 / contrast.a.n_effective
    squares_b = contrast.b.sum_weights**2 / contrast.b.n_effective
    return min(1.0, contrast.weight_products / math.sqrt(squares_a * squares_b))


def correlation(contrast: Contrast) -> float:
    """Return the correlation of the two estimates, without finite population correction.

    0 where one of them has no variance; never further from 0 than the overlap allows, which few
    shared organisations would else exceed by chance.
    """
    a, b = contrast.a, contrast.b
    limit = _limit(contrast)
    found = _correlation(contrast.covariance, a.variance, b.variance)
    return min(limit, max(-limit, found))


def finite_correlation(contrast: Contrast) -> float:
    """Return the correlation of the two estimates with finite population correction.

    It is below the one without, and can be negative: of two samples from one list, the more they
    differ the more of the list they have seen.
    """
    a, b = contrast.a, contrast.b
    found = _correlation(contrast.covariance_finite, a.variance_finite, b.variance_finite)
    return min(_limit(contrast), max(-1.0, found))


def _limit(contrast: Contrast) -> float:
    """The overlap, less one degree of freedom: nothing is known so well that it leaves no doubt."""
    if contrast.n_both < 1:
        return 0.0
    return overlap(contrast) * (1 - 1 / contrast.n_both)


def _correlation(covariance: float, variance_a: float, variance_b: float) -> float:
    if not (variance_a > 0 and variance_b > 0):
        return 0.0
    return covariance / math.sqrt(variance_a * variance_b)


def degrees_of_freedom(contrast: Contrast) -> float:
    """Return the degrees of freedom of the variance of a difference.

    Those of Satterthwaite (1946) for the sum of two variances of unequal size, each with answers
    minus strata; never more than both have together, counting once what both sides share. 0 where
    a side that varies has none.
    """
    a, b = contrast.a, contrast.b
    shared = contrast.n_both - contrast.n_both_strata
    together = float(a.degrees_of_freedom + b.degrees_of_freedom - shared)
    varying = [side for side in (a, b) if side.variance > 0]
    if not varying:
        return together
    if any(side.degrees_of_freedom < 1 for side in varying):
        return 0.0
    unequal = satterthwaite(
        [side.variance for side in varying], [side.degrees_of_freedom for side in varying]
    )
    return min(together, unequal)


def _shares(contrast: Contrast, share_a: float, share_b: float) -> Difference:
    a, b = contrast.a, contrast.b
    # Rounding may leave a share a hair outside 0 to 1.
    share_a, share_b = min(1.0, max(0.0, share_a)), min(1.0, max(0.0, share_b))
    if contrast.is_paired:
        return _paired_shares(contrast, share_a, share_b)
    joint, finite_joint = _correlations(contrast)
    if a.is_equally_weighted and b.is_equally_weighted:
        method = "boschloo"
        p_value = boschloo(round(a.sum_value), a.n_answered, round(b.sum_value), b.n_answered)
    else:
        method = "score_kish"
        p_value = score_test(share_a, a.size, share_b, b.size, joint)
    lower, upper = _newcombe(contrast, share_a, share_b, finite_joint)
    return Difference(
        difference=share_a - share_b,
        difference_lower=lower,
        difference_upper=upper,
        interval_method="census" if contrast.is_census else "newcombe_kish",
        test_method=method,
        p_value=p_value,
        effect_size=cohen_h(share_a, share_b),
        effect_measure="cohen_h",
    )


def _correlations(contrast: Contrast) -> tuple[float, float]:
    """Return the correlation of the two estimates without and with correction.

    Groups have no answer in common. Through strata they share, the more of a stratum is in one
    group the less is in the other: that counts where it is below 0. Above 0 it is mostly chance,
    and a test that used it would err too often.
    """
    if contrast.is_paired:
        return correlation(contrast), finite_correlation(contrast)
    a, b = contrast.a, contrast.b
    joint = _correlation(contrast.covariance, a.variance, b.variance)
    finite = _correlation(contrast.covariance_finite, a.variance_finite, b.variance_finite)
    return max(-1.0, min(0.0, joint)), max(-1.0, min(0.0, finite))


def _paired_shares(contrast: Contrast, share_a: float, share_b: float) -> Difference:
    a, b = contrast.a, contrast.b
    joint, finite_joint = _correlations(contrast)
    degrees = float(a.n_answered + b.n_answered - contrast.n_both - 1)
    # The correlation is estimated: the same statistic against Student's t.
    p_normal = score_test(share_a, a.size, share_b, b.size, joint)
    p_value = float(2 * stats.t.sf(stats.norm.isf(p_normal / 2), degrees))
    lower, upper = _newcombe(contrast, share_a, share_b, finite_joint)
    return Difference(
        difference=share_a - share_b,
        difference_lower=lower,
        difference_upper=upper,
        interval_method="census" if contrast.is_census else "newcombe_kish_paired",
        correlation=joint,
        degrees_of_freedom=degrees,
        test_method="score_kish_paired",
        p_value=p_value,
        effect_size=cohen_h(share_a, share_b),
        effect_measure="cohen_h",
    )


def _newcombe(
    contrast: Contrast, share_a: float, share_b: float, joint: float
) -> tuple[float, float]:
    if contrast.is_census:
        return share_a - share_b, share_a - share_b
    a, b = contrast.a, contrast.b
    interval = newcombe(share_a, a.finite_size, share_b, b.finite_size, joint, LEVEL)
    return interval.lower, interval.upper


def _others(contrast: Contrast, estimate_a: float, estimate_b: float) -> Difference:
    a, b = contrast.a, contrast.b
    difference = estimate_a - estimate_b
    joint, finite_joint = _correlations(contrast)
    error = _standard_error(a.variance, b.variance, joint)
    finite = _standard_error(a.variance_finite, b.variance_finite, finite_joint)
    degrees = degrees_of_freedom(contrast)
    p_value = t_test(difference, error, degrees)
    if p_value is None and difference == 0 and degrees >= 1:
        p_value = 1.0
    lower: float | None = None
    upper: float | None = None
    method = "none"
    if contrast.is_census:
        lower, upper, method = difference, difference, "census"
    elif degrees >= 1:
        margin = float(stats.t.isf((1 - LEVEL) / 2, degrees)) * finite
        lower, upper, method = difference - margin, difference + margin, "t_linearised"
    effect = _hedges_g(a, b, estimate_a, estimate_b)
    return Difference(
        difference=difference,
        difference_lower=lower,
        difference_upper=upper,
        interval_method=method,
        correlation=joint if contrast.is_paired else None,
        degrees_of_freedom=degrees,
        test_method="t_linearised",
        p_value=p_value,
        effect_size=effect,
        effect_measure=None if effect is None else "hedges_g",
    )


def _standard_error(variance_a: float, variance_b: float, joint: float) -> float:
    covariance = joint * math.sqrt(variance_a * variance_b)
    return math.sqrt(max(0.0, variance_a + variance_b - 2 * covariance))


def _hedges_g(a: Side, b: Side, estimate_a: float, estimate_b: float) -> float | None:
    if a.standard_deviation is None or b.standard_deviation is None:
        return None
    return hedges_g(
        estimate_a,
        a.standard_deviation,
        a.n_answered,
        estimate_b,
        b.standard_deviation,
        b.n_answered,
    )
