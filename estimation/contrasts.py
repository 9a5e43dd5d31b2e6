"""Tests, interval and effect size of the difference between two estimates of a survey.

A contrast is side a minus side b: two groups of one wave, two waves of one group, or two indicators
of one group and wave. P-values leave the finite population correction out: they are about the
process that both sides came from. The interval has it: it is about the two lists of organisations.

Two independent shares are tested exactly, on whole counts. What is left to approximations has no
p-value below 15 answers on a side, but a reason.

All functions take one contrast or an array of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.boschloo import whole_p_values
from estimation.intervals import inferential_sizes, kish_sizes, wilson_limits
from estimation.joint_tests import overlap_of
from estimation.method import EXACT_BELOW, LEVEL
from estimation.tests_of_difference import (
    cohen_effects,
    combined_limits,
    hedges_effects,
    score_p_values,
    t_p_values,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]

# A sampling fraction this close to one is a census.
_CENSUS = 1 - 1e-12
# Why a contrast has no p-value.
TOO_FEW = "too_few_answers"
NO_VARIATION = "no_variation"


@dataclass(frozen=True)
class Side:
    """One estimate of a contrast, or of each of many.

    Attributes:
        n_answered: answers in the base.
        degrees_of_freedom: of the variance, from the design alone.
        n_missing: of a group of which every organisation responded, those without an answer.
        n_effective: Kish's effective number of answers.
        sum_weights: organisations that the answers stand for.
        is_equally_weighted: whether all answers have one weight.
        estimate: the weighted estimate; nan where there is none.
        standard_deviation: of the values of a mean or count; nan for other kinds.
        variance: of the estimate, without finite population correction.
        variance_finite: the same with the correction.
    """

    n_answered: Floats
    degrees_of_freedom: Floats
    n_missing: Floats
    n_effective: Floats
    sum_weights: Floats
    is_equally_weighted: Flags
    estimate: Floats
    standard_deviation: Floats
    variance: Floats
    variance_finite: Floats

    @property
    def is_all(self) -> Flags:
        """Whether every organisation that the answers stand for responded."""
        return np.asarray(self.n_answered >= self.sum_weights * _CENSUS)

    @property
    def is_census(self) -> Flags:
        """Whether these organisations answered the question, too."""
        return np.asarray(self.is_all & (self.n_missing == 0))

    def whole_size(self, inflation: Floats) -> Integers:
        """The size of a test in whole answers, divided by what inflates the variance."""
        return np.asarray(np.rint(np.maximum(1.0, self.size / inflation)), dtype=np.int64)

    @property
    def size(self) -> Floats:
        """Number of answers that a share rests on in a test.

        With unequal weights Kish's, or what the variance allows where that is less.
        """
        return self._cautious(self.n_effective, self.variance)

    @property
    def finite_size(self) -> Floats:
        """The same in an interval, with finite population correction; infinite if all responded."""
        kish = kish_sizes(self.n_effective, self.sum_weights)
        found = self._cautious(kish, self.variance_finite)
        return np.where(self.is_all, np.inf, found)

    @property
    def share_limits(self) -> tuple[Floats, Floats]:
        """Limits of a share; where all responded, those that the missing answers leave (Manski)."""
        share = np.clip(self.estimate, 0.0, 1.0)
        lower, upper = wilson_limits(share, self.finite_size)
        given = self.n_answered / (self.n_answered + self.n_missing)
        return (
            np.where(self.is_all, share * given, lower),
            np.where(self.is_all, share * given + 1 - given, upper),
        )

    def _cautious(self, kish: Floats, variance: Floats) -> Floats:
        cautious = inferential_sizes(kish, self.estimate, variance)
        return np.where(self.is_equally_weighted, kish, cautious)


@dataclass(frozen=True)
class Contrast:
    """Two estimates and what they have in common, or many pairs of them.

    Attributes:
        contrast_kind: `groups`, `waves` or `indicators`.
        kind: kind of the indicator: `share`, `mean`, `count`, `ratio` or `total`.
        a: the side that the difference is of.
        b: the side that is subtracted.
        covariance: of the two estimates, without finite population correction.
        covariance_finite: the same with the correction.
        n_both: organisations whose answers enter both sides.
        weight_products: sum, over these organisations, of the product of their two weights.
        margin: difference that is tested against; 0 unless more is claimed than that there is one.
    """

    contrast_kind: Texts
    kind: Texts
    a: Side
    b: Side
    covariance: Floats
    covariance_finite: Floats
    n_both: Floats
    weight_products: Floats
    margin: Floats

    @property
    def is_paired(self) -> Flags:
        """Whether organisations can have answers on both sides."""
        return np.asarray(self.contrast_kind != "groups")

    @property
    def is_census(self) -> Flags:
        """Whether nothing is estimated on either side."""
        return self.a.is_census & self.b.is_census

    @property
    def is_small(self) -> Flags:
        """Whether a side has too few answers for a test that holds only for many."""
        return np.minimum(self.a.n_answered, self.b.n_answered) < EXACT_BELOW


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
    untested_reason: str | None = None
    p_value: float | None = None
    effect_size: float | None = None
    effect_measure: str | None = None


_TEXTS = ("interval_method", "test_method", "untested_reason", "effect_measure")


def examine(contrast: Contrast) -> Difference:
    """Return difference, interval, p-value and effect size of one contrast."""
    found = examine_all(_chosen(contrast, lambda one: np.array([np.nan if one is None else one])))
    return Difference(**{name: _figure(values[0]) for name, values in found.items()})


def _figure(value: Any) -> Any:  # noqa: ANN401
    """Return a text or number; None where there is none."""
    return None if value == "" or value != value else value.item()


def examine_all(contrasts: Contrast) -> dict[str, npt.NDArray[Any]]:
    """Return the figures of `Difference` of many contrasts; nan or empty where it has None."""
    number = len(contrasts.kind)
    found: dict[str, npt.NDArray[Any]] = {
        field.name: np.full(number, "", "U24") if field.name in _TEXTS else np.full(number, np.nan)
        for field in fields(Difference)
    }
    estimates = np.array([contrasts.a.estimate, contrasts.b.estimate], dtype=np.float64)
    exists, is_share = ~np.isnan(estimates).any(axis=0), contrasts.kind == "share"
    for rows, figures_of in ((exists & is_share, _shares), (exists & ~is_share, _others)):
        figures = figures_of(_chosen(contrasts, itemgetter(rows)))
        for name, values in figures.items():
            found[name][rows] = values
    return found


def _chosen(contrasts: Contrast, choose: Callable[[Any], npt.NDArray[Any]]) -> Contrast:
    """Return contrasts of which every attribute is what `choose` makes of it."""

    def side(of: Side) -> Side:
        return Side(**{field.name: choose(getattr(of, field.name)) for field in fields(of)})

    return Contrast(
        a=side(contrasts.a),
        b=side(contrasts.b),
        **{
            field.name: choose(getattr(contrasts, field.name))
            for field in fields(contrasts)
            if field.name not in ("a", "b")
        },
    )


def overlap(contrast: Contrast) -> Floats:
    """Return how far the two sides rest on the same organisations, from 0 to 1."""
    squares_a = contrast.a.sum_weights**2 / contrast.a.n_effective
    squares_b = contrast.b.sum_weights**2 / contrast.b.n_effective
    return overlap_of(contrast.weight_products, squares_a, squares_b)


def correlation(contrast: Contrast) -> Floats:
    """Return the correlation of the two estimates, without finite population correction.

    0 where one of them has no variance; never further from 0 than the overlap allows, which few
    shared organisations would else exceed by chance.
    """
    a, b = contrast.a, contrast.b
    limit = _limit(contrast)
    found = _correlation(contrast.covariance, a.variance, b.variance)
    return np.minimum(limit, np.maximum(-limit, found))


def finite_correlation(contrast: Contrast) -> Floats:
    """Return the correlation of the two estimates with finite population correction.

    It is below the one without, and can be negative: of two samples from one list, the more they
    differ the more of the list they have seen.
    """
    a, b = contrast.a, contrast.b
    found = _correlation(contrast.covariance_finite, a.variance_finite, b.variance_finite)
    return np.minimum(_limit(contrast), np.maximum(-1.0, found))


def _limit(contrast: Contrast) -> Floats:
    """The overlap, less one degree of freedom: nothing is known so well that it leaves no doubt."""
    left = 1 - 1 / np.maximum(1, contrast.n_both)
    return np.where(contrast.n_both < 1, 0.0, overlap(contrast) * left)


def _correlation(covariance: Floats, variance_a: Floats, variance_b: Floats) -> Floats:
    varies = (variance_a > 0) & (variance_b > 0)
    scale = np.sqrt(np.where(varies, variance_a * variance_b, 1.0))
    return np.where(varies, covariance / scale, 0.0)


def _shares(contrasts: Contrast) -> dict[str, npt.NDArray[Any]]:
    a, b, paired = contrasts.a, contrasts.b, contrasts.is_paired
    # Rounding may leave a share a hair outside 0 to 1.
    share_a, share_b = np.clip(a.estimate, 0.0, 1.0), np.clip(b.estimate, 0.0, 1.0)
    joint, finite_joint = _correlations(contrasts)
    degrees = a.n_answered + b.n_answered - contrasts.n_both - 1
    p_values = score_p_values(share_a, a.size, share_b, b.size, joint, contrasts.margin)
    # The correlation is estimated: the same statistic against Student's t.
    p_values[paired] = 2 * special.stdtr(degrees[paired], special.ndtri(p_values[paired] / 2))
    # An organisation that answered twice does not say the opposite the second time more often than
    # another would: what the two waves share can be left out.
    waves = contrasts.contrast_kind == "waves"
    exact = (~paired | (waves & contrasts.is_small)) & (contrasts.margin == 0)
    equal = a.is_equally_weighted & b.is_equally_weighted
    inflation = np.where(paired | equal, 1.0, _inflation(a.size, b.size, joint))
    p_values[exact] = whole_p_values(
        share_a[exact],
        a.whole_size(inflation)[exact],
        share_b[exact],
        b.whole_size(inflation)[exact],
    )
    untested = contrasts.is_small & ~exact
    difference = share_a - share_b
    limits = combined_limits(share_a, a.share_limits, share_b, b.share_limits, finite_joint)
    census = contrasts.is_census
    return {
        "difference": difference,
        "difference_lower": np.where(census, difference, limits[0]),
        "difference_upper": np.where(census, difference, limits[1]),
        "interval_method": np.where(
            census, "census", np.where(paired, "newcombe_kish_paired", "newcombe_kish")
        ),
        "correlation": np.where(paired, joint, np.nan),
        "degrees_of_freedom": np.where(paired & ~exact, degrees, np.nan),
        "test_method": np.select(
            [untested, exact & equal, exact, paired],
            ["", "boschloo", "boschloo_kish", "score_kish_paired"],
            "score_kish",
        ),
        "untested_reason": np.where(untested, TOO_FEW, ""),
        "p_value": np.where(untested, np.nan, p_values),
        "effect_size": cohen_effects(share_a, share_b),
        "effect_measure": np.full(len(paired), "cohen_h"),
    }


def _inflation(size_a: Floats, size_b: Floats, joint: Floats) -> Floats:
    """Return how much larger the variance of a difference is for the correlation of its sides."""
    return np.asarray(1 - 2 * joint / (np.sqrt(size_a * size_b) * (1 / size_a + 1 / size_b)))


def _correlations(contrasts: Contrast) -> tuple[Floats, Floats]:
    """Return the correlations of the two estimates without and with correction.

    Groups have no answer in common. Through strata they share, the more of a stratum is in one
    group the less is in the other: that counts where it is below 0. Above 0 it is mostly chance,
    and a test that used it would err too often.
    """
    a, b, paired = contrasts.a, contrasts.b, contrasts.is_paired
    joint = _correlation(contrasts.covariance, a.variance, b.variance)
    finite = _correlation(contrasts.covariance_finite, a.variance_finite, b.variance_finite)
    return (
        np.where(paired, correlation(contrasts), np.clip(joint, -1.0, 0.0)),
        np.where(paired, finite_correlation(contrasts), np.clip(finite, -1.0, 0.0)),
    )


def _others(contrasts: Contrast) -> dict[str, npt.NDArray[Any]]:
    a, b, census = contrasts.a, contrasts.b, contrasts.is_census
    difference = a.estimate - b.estimate
    joint, finite_joint = _correlations(contrasts)
    # Those of the side that knows its variance worst: whatever the other knows, no more is sure.
    degrees = np.minimum(a.degrees_of_freedom, b.degrees_of_freedom)
    error = _error(a.variance, b.variance, joint)
    # Answers that are all the same say nothing of how far those not given may lie.
    varies = (a.variance > 0) & (b.variance > 0)
    untested = np.select([contrasts.is_small | (degrees < 1), ~varies], [TOO_FEW, NO_VARIATION], "")
    tested = untested == ""
    p_values = t_p_values(difference - contrasts.margin, error, degrees)
    known = (degrees >= 1) & _is_known(a) & _is_known(b)
    quantile = -special.stdtrit(np.where(known, degrees, 1.0), (1 - LEVEL) / 2)
    finite_error = _error(a.variance_finite, b.variance_finite, finite_joint)
    margin = np.where(census, 0.0, np.where(known, quantile * finite_error, np.nan))
    effects = hedges_effects(
        *(a.estimate, a.standard_deviation, a.n_answered),
        *(b.estimate, b.standard_deviation, b.n_answered),
    )
    return {
        "difference": difference,
        "difference_lower": difference - margin,
        "difference_upper": difference + margin,
        "interval_method": np.where(census, "census", np.where(known, "t_linearised", "none")),
        "correlation": np.where(contrasts.is_paired, joint, np.nan),
        "degrees_of_freedom": degrees,
        "test_method": np.where(tested, "t_linearised", ""),
        "untested_reason": untested,
        "p_value": np.where(tested, p_values, np.nan),
        "effect_size": effects,
        "effect_measure": np.where(np.isnan(effects), "", "hedges_g"),
    }


def _is_known(side: Side) -> Flags:
    """Whether it can be said how far an estimate that is no share may lie off."""
    return np.where(side.is_all, side.is_census, side.variance > 0)


def _error(variance_a: Floats, variance_b: Floats, joint: Floats) -> Floats:
    covariance = joint * np.sqrt(variance_a * variance_b)
    return np.sqrt(np.maximum(0.0, variance_a + variance_b - 2 * covariance))
