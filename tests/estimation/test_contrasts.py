"""Which test a difference gets, what it is about, and which way it points."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.weightstats import ttest_ind

from estimation.contrasts import (
    Contrast,
    Side,
    correlation,
    examine,
    finite_correlation,
    overlap,
)
from estimation.tests_of_difference import newcombe, score_test

# 14 answers of 50, all with one weight; 9 with the property.
EQUAL = Side(
    n_answered=14,
    degrees_of_freedom=13.0,
    n_missing=0.0,
    n_effective=14.0,
    sum_weights=50.0,
    is_equally_weighted=True,
    estimate=9 / 14,
    standard_deviation=None,
    variance=9 / 14 * 5 / 14 / 13,
    variance_finite=9 / 14 * 5 / 14 / 13 * 0.72,
)


def share(successes: int, answered: int, population: float, **changes: object) -> Side:
    estimate = successes / answered
    variance = estimate * (1 - estimate) / (answered - 1)
    side = replace(
        EQUAL,
        n_answered=answered,
        degrees_of_freedom=answered - 1.0,
        n_effective=float(answered),
        sum_weights=population,
        estimate=estimate,
        variance=variance,
        variance_finite=variance * (1 - answered / population),
    )
    return replace(side, **changes)


def mean(values: np.ndarray, population: float) -> Side:
    n = len(values)
    variance = values.var(ddof=1) / n
    return replace(
        EQUAL,
        n_answered=n,
        degrees_of_freedom=n - 1.0,
        n_effective=float(n),
        sum_weights=population,
        estimate=float(values.mean()),
        standard_deviation=float(values.std(ddof=1)),
        variance=variance,
        variance_finite=variance * (1 - n / population),
    )


def groups(a: Side, b: Side, kind: str = "share") -> Contrast:
    return Contrast("groups", kind, a, b, 0.0, 0.0, 0, 0.0, 0.0)


def waves(a: Side, b: Side, covariance: float, both: int, kind: str = "share") -> Contrast:
    weight = math.sqrt(a.sum_weights / a.n_answered * b.sum_weights / b.n_answered)
    return Contrast("waves", kind, a, b, covariance, covariance / 2, both, both * weight**2, 0.0)


def test_shares_with_one_weight_each_are_compared_exactly():
    found = examine(groups(EQUAL, share(5, 20, 90)))

    expected = scipy.stats.boschloo_exact([[9, 5], [5, 15]], n=64).pvalue
    assert found.test_method == "boschloo"
    assert found.p_value == pytest.approx(expected, abs=1e-6)
    assert found.correlation is None


def boschloo(a: int, n_a: int, b: int, n_b: int) -> float:
    return scipy.stats.boschloo_exact([[a, b], [n_a - a, n_b - b]], n=64).pvalue


def test_weighted_shares_are_compared_exactly_on_their_effective_sizes():
    """12.5 answers are 12, nine of fourteen of which are 7.7: 7 is nearer to the other share."""
    weighted = share(9, 14, 50, is_equally_weighted=False, n_effective=12.5, variance=0.01)

    found = examine(groups(weighted, share(5, 20, 90)))

    assert found.test_method == "boschloo_kish"
    assert found.p_value == pytest.approx(boschloo(7, 12, 5, 20), abs=1e-6)
    assert found.effect_size == pytest.approx(
        2 * math.asin(math.sqrt(9 / 14)) - 2 * math.asin(math.sqrt(0.25))
    )


def test_weighted_shares_that_vary_more_than_kish_says_rest_on_fewer_answers():
    """On 1 + 0.23 / 0.03, which is 9; in the interval, with correction, on 1 + 0.23 / 0.02."""
    unit = 9 / 14 * 5 / 14
    varied = share(9, 14, 50, is_equally_weighted=False, variance=0.03, variance_finite=0.02)
    other = share(5, 20, 90)

    found = examine(groups(varied, other))

    assert 1 + unit / 0.03 == pytest.approx(8.65, abs=0.01)
    assert found.p_value == pytest.approx(boschloo(5, 9, 5, 20), abs=1e-6)
    low = newcombe(9 / 14, 1 + unit / 0.02, 5 / 20, 20 / (1 - 20 / 90)).lower
    assert found.difference_lower == pytest.approx(low, rel=1e-12)


def test_with_one_weight_the_number_of_answers_stands_whatever_the_variance():
    side = share(9, 14, 50, variance=0.03, variance_finite=0.02)
    assert (side.size, side.finite_size) == (14, pytest.approx(14 / (1 - 14 / 50)))


def test_groups_that_share_strata_are_never_surer_of_a_difference_for_it():
    a = share(90, 140, 500, is_equally_weighted=False)
    b = share(100, 200, 900, is_equally_weighted=False)
    apart = examine(groups(a, b))
    joint = 0.2 * math.sqrt(a.variance * b.variance)

    below = examine(replace(groups(a, b), covariance=-joint))
    above = examine(replace(groups(a, b), covariance=joint))

    # The variance is 1 + 2 · 0.2 · 0.49 times as large: as of 117 and of 167 answers.
    assert below.p_value == pytest.approx(boschloo(75, 117, 84, 167), abs=1e-6)
    assert above.p_value == apart.p_value < below.p_value


@pytest.mark.parametrize("kind", ["share", "mean"])
def test_a_difference_is_side_a_minus_side_b(kind):
    values = np.random.default_rng(1).normal(size=(2, 20)) + np.array([[1.0], [0.0]])
    if kind == "share":
        a, b = share(16, 20, 60), share(8, 20, 70)
    else:
        a, b = mean(values[0], 60), mean(values[1], 70)

    found, turned = examine(groups(a, b, kind)), examine(groups(b, a, kind))

    assert found.difference > 0
    assert found.effect_size > 0
    assert found.difference_lower < found.difference < found.difference_upper
    assert turned.difference == -found.difference
    assert turned.effect_size == pytest.approx(-found.effect_size)
    assert turned.difference_lower == pytest.approx(-found.difference_upper)
    assert turned.p_value == pytest.approx(found.p_value)


def test_a_census_has_no_interval_and_still_a_p_value():
    a, b = share(14, 20, 20), share(6, 22, 22)

    found = examine(groups(a, b))

    assert found.interval_method == "census"
    assert (found.difference_lower, found.difference_upper) == (found.difference,) * 2
    assert found.p_value == examine(groups(share(14, 20, 80), share(6, 22, 90))).p_value
    assert found.p_value < 0.05


def test_answers_missing_from_a_census_are_what_its_interval_is_made_of():
    """14 of 20 and 4 left out: between 14 and 18 of 24. 6 of 22: exactly that."""
    a, b = share(14, 20, 20, n_missing=4.0), share(6, 22, 22)

    found = examine(groups(a, b))

    assert found.interval_method == "newcombe_kish"
    assert found.difference_lower == pytest.approx(14 / 24 - 6 / 22)
    assert found.difference_upper == pytest.approx(18 / 24 - 6 / 22)
    counted = replace(mean(np.arange(20.0), 20), n_missing=4.0)
    means = examine(groups(counted, mean(np.arange(22.0), 22), "mean"))
    assert (means.difference_lower, means.interval_method) == (None, "none")


def test_with_a_census_on_one_side_only_the_other_is_uncertain():
    sample = share(8, 20, 50)

    found = examine(groups(share(15, 20, 20), sample))

    assert found.interval_method == "newcombe_kish"
    size = 20 / (1 - 20 / 50)
    z = scipy.stats.norm.isf(0.025)
    centre, spread = 0.4 + z * z / (2 * size), z * math.sqrt(0.24 / size + (z / size) ** 2 / 4)
    upper = (centre + spread) / (1 + z * z / size)
    assert found.difference_lower == pytest.approx(0.75 - upper)


def test_means_have_the_degrees_of_freedom_of_the_side_that_has_fewer():
    random = np.random.default_rng(2)
    a, b = random.normal(0, 1, 30), random.normal(1, 3, 18)

    found = examine(groups(mean(a, 100), mean(b, 40), "mean"))

    statistic, _, _ = ttest_ind(a, b, usevar="unequal")
    assert found.test_method == "t_linearised"
    assert found.degrees_of_freedom == 17
    assert found.p_value == pytest.approx(2 * scipy.stats.t.sf(abs(statistic), 17), rel=1e-12)


@pytest.mark.parametrize("kind", ["mean", "count", "ratio"])
def test_means_of_few_answers_are_not_tested_and_say_why(kind):
    values = np.random.default_rng(4).normal(size=60)

    found = examine(groups(mean(values[:14], 50), mean(values[14:], 200), kind))

    assert (found.p_value, found.test_method) == (None, None)
    assert found.untested_reason == "too_few_answers"
    assert found.difference_lower < found.difference < found.difference_upper
    tested = examine(groups(mean(values[:15], 50), mean(values[15:], 200), kind))
    assert tested.untested_reason is None
    assert tested.p_value is not None


def test_shares_of_few_answers_in_two_waves_are_compared_as_if_nobody_answered_both():
    a, b = share(9, 14, 50), share(5, 20, 60)

    found = examine(waves(a, b, 0.4 * math.sqrt(a.variance * b.variance), 10))

    assert found.test_method == "boschloo"
    assert found.p_value == pytest.approx(boschloo(9, 14, 5, 20), abs=1e-6)
    assert found.interval_method == "newcombe_kish_paired"


def test_two_answers_of_few_organisations_are_not_tested():
    contrast = replace(
        waves(share(9, 14, 50), share(5, 14, 50), 0.0, 14), contrast_kind="indicators"
    )

    assert examine(contrast).untested_reason == "too_few_answers"


def test_a_margin_is_what_the_difference_is_tested_against():
    a, b = share(40, 60, 240), share(20, 50, 180)

    found = examine(replace(groups(a, b), margin=0.1))

    assert found.test_method == "score_kish"
    assert found.p_value == pytest.approx(score_test(40 / 60, 60, 0.4, 50, margin=0.1))
    assert found.difference == pytest.approx(40 / 60 - 0.4)
    small = examine(replace(groups(share(12, 14, 50), b), margin=0.1))
    assert (small.p_value, small.untested_reason) == (None, "too_few_answers")


def test_a_margin_of_a_mean_is_taken_off_the_difference():
    values = np.random.default_rng(5).normal(size=40) + np.repeat([1.0, 0.0], 20)
    a, b = mean(values[:20], 50), mean(values[20:], 50)

    found = examine(replace(groups(a, b, "mean"), margin=0.5))

    moved = replace(a, estimate=a.estimate - 0.5)
    assert found.p_value == pytest.approx(examine(groups(moved, b, "mean")).p_value)
    assert found.difference == pytest.approx(a.estimate - b.estimate)


def test_means_of_one_panel_are_compared_as_pairs():
    random = np.random.default_rng(3)
    before = random.normal(0, 1, 400)
    after = before * 0.7 + random.normal(0.1, 0.7, 400)
    covariance = np.cov(after, before)[0, 1] / 400

    found = examine(waves(mean(after, 900), mean(before, 900), covariance, 400, "mean"))

    expected = scipy.stats.ttest_rel(after, before)
    assert found.degrees_of_freedom == 399
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.correlation == pytest.approx(np.corrcoef(after, before)[0, 1])


def test_shares_of_two_waves_have_the_variance_of_their_overlap():
    a, b = share(30, 60, 200), share(20, 60, 200)
    covariance = 0.4 * math.sqrt(a.variance * b.variance)

    found = examine(waves(a, b, covariance, 45))

    pooled = 50 / 120
    z = (10 / 60) / math.sqrt(pooled * (1 - pooled) * (2 / 60) * (1 - 0.4))
    assert found.test_method == "score_kish_paired"
    assert found.interval_method == "newcombe_kish_paired"
    assert found.degrees_of_freedom == 60 + 60 - 45 - 1
    assert found.p_value == pytest.approx(2 * scipy.stats.t.sf(z, 74), rel=1e-12)
    # The same without anything in common is less sure.
    assert found.p_value < examine(waves(a, b, 0.0, 0)).p_value


def test_a_correlation_is_never_more_than_the_overlap_allows():
    # One organisation of seven, and the same one of eight: chance makes it look perfect.
    a, b = share(1, 7, 12), share(1, 8, 12)
    contrast = waves(a, b, math.sqrt(a.variance * b.variance), 7)

    assert overlap(contrast) == pytest.approx(7 / math.sqrt(56))
    assert correlation(contrast) == pytest.approx(7 / math.sqrt(56) * 6 / 7)
    assert correlation(replace(contrast, covariance=-1.0)) == -correlation(contrast)
    assert examine(contrast).p_value > 0.5


def test_without_variance_on_a_side_nothing_correlates():
    contrast = waves(share(20, 20, 60), share(15, 20, 60), 0.0, 12)

    assert correlation(contrast) == 0
    assert finite_correlation(contrast) == 0
    assert examine(contrast).p_value < 0.05


def test_of_one_list_a_correlation_can_be_negative():
    a, b = share(10, 20, 40), share(12, 20, 40)
    contrast = replace(
        waves(a, b, 0.1 * math.sqrt(a.variance * b.variance), 8),
        covariance_finite=-0.3 * math.sqrt(a.variance_finite * b.variance_finite),
    )

    assert finite_correlation(contrast) == pytest.approx(-0.3)
    found = examine(contrast)
    apart = examine(replace(contrast, covariance_finite=0.0))
    assert found.difference_upper - found.difference_lower > (
        apart.difference_upper - apart.difference_lower
    )


@pytest.mark.parametrize("other", [np.full(18, 3.0), np.full(18, 4.0), np.arange(18.0)])
def test_a_side_whose_answers_are_all_the_same_is_not_tested_and_has_no_interval(other):
    found = examine(groups(mean(np.full(19, 3.0), 30), mean(other, 30), "mean"))

    assert (found.p_value, found.untested_reason) == (None, "no_variation")
    assert (found.difference_lower, found.interval_method) == (None, "none")


def test_the_same_answer_of_every_organisation_is_certain_about_the_list():
    found = examine(groups(mean(np.full(19, 3.0), 19), mean(np.full(18, 4.0), 18), "mean"))

    assert (found.difference_lower, found.difference_upper) == (-1.0, -1.0)
    assert found.untested_reason == "no_variation"


def test_a_side_with_one_answer_per_stratum_has_no_degrees_of_freedom():
    scattered = replace(mean(np.arange(16.0), 30), degrees_of_freedom=0.0)
    contrast = groups(scattered, mean(np.arange(30.0), 90), "mean")

    found = examine(contrast)
    assert (found.p_value, found.difference_lower, found.interval_method) == (None, None, "none")
    assert found.untested_reason == "too_few_answers"
    assert found.difference == pytest.approx(7.5 - 14.5)


def test_without_an_estimate_nothing_is_said():
    assert examine(groups(replace(EQUAL, estimate=None), EQUAL, "ratio")).difference is None


def test_totals_and_ratios_have_no_effect_size():
    a, b = mean(np.arange(15.0), 30), mean(np.arange(16.0), 30)
    a, b = replace(a, standard_deviation=None), replace(b, standard_deviation=None)

    found = examine(groups(a, b, "ratio"))

    assert (found.effect_size, found.effect_measure) == (None, None)
    assert found.p_value is not None
