"""Tests of differences, against scipy, statsmodels, R and the tables of the papers."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_effectsize,
    proportions_ztest,
)

from estimation.boschloo import critical_counts
from estimation.errors import EstimationError
from estimation.tests_of_difference import (
    boschloo,
    cohen_h,
    hedges_g,
    holm,
    newcombe,
    score_p_values,
    score_test,
    t_test,
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((43, 40), (10, 39), 0.0003231115),
        ((2, 7), (8, 2), 0.01977228),
        ((5, 1), (10, 10), 0.1801707),
        ((5, 16), (20, 25), 0.116547),
        ((5, 0), (1, 4), 0.01373073),
        ((0, 1), (3, 2), 0.6875),
        ((7, 12), (8, 3), 0.06821831),
    ],
)
def test_boschloo_equals_the_p_values_that_r_printed(first, second, expected):
    """R package Exact, central two-sided method, as quoted in scipy's own tests.

    The columns of the table are the groups; the first row holds the successes. R searched an
    interval for the common share that misses it with probability 1e-8, and added that.
    """
    (a, b), (not_a, not_b) = first, second
    found = boschloo(a, a + not_a, b, b + not_b)
    assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("size_a", "size_b"), [(14, 49), (14, 63), (49, 63), (5, 200), (1, 3)])
def test_boschloo_equals_scipy(size_a, size_b):
    random = np.random.default_rng(20)
    for _ in range(6):
        a, b = int(random.integers(size_a + 1)), int(random.integers(size_b + 1))
        expected = stats.boschloo_exact([[a, b], [size_a - a, size_b - b]], n=64).pvalue
        found = boschloo(a, size_a, b, size_b)
        # Scipy searches for the largest probability too; where it finds less it stopped too early.
        assert found >= min(1.0, expected) - 1e-10
        assert found == pytest.approx(min(1.0, expected), abs=1e-8)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.data())
def test_boschloo_calls_a_table_extreme_where_fisher_in_whole_numbers_does(data):
    size_a, size_b = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 30))
    a, b = data.draw(st.integers(0, size_a)), data.draw(st.integers(0, size_b))

    def fisher(first: int, second: int) -> Fraction:
        total = first + second
        ways = sum(
            comb(size_a, count) * comb(size_b, total - count)
            for count in range(first, min(size_a, total) + 1)
        )
        return Fraction(ways, comb(size_a + size_b, total))

    observed = fisher(a, b)
    expected = [
        max(
            (second for second in range(size_b + 1) if fisher(first, second) <= observed),
            default=-1,
        )
        for first in range(size_a + 1)
    ]
    found = critical_counts(np.array([a]), size_a, np.array([b]), size_b)
    assert found.tolist() == [expected]


def test_boschloo_does_not_mind_the_order_of_the_groups_or_of_the_answers():
    found = boschloo(12, 14, 20, 49)
    assert boschloo(20, 49, 12, 14) == pytest.approx(found, abs=1e-12)
    assert boschloo(2, 14, 29, 49) == pytest.approx(found, abs=1e-9)


def test_boschloo_of_groups_that_all_answered_alike_is_one():
    assert boschloo(0, 14, 0, 49) == 1.0
    assert boschloo(14, 14, 49, 49) == 1.0


@pytest.mark.parametrize(("a", "size_a", "b", "size_b"), [(9, 14, 20, 49), (54, 63, 40, 49)])
def test_score_test_equals_statsmodels(a, size_a, b, size_b):
    _, expected = proportions_ztest([a, b], [size_a, size_b])
    found = score_test(a / size_a, size_a, b / size_b, size_b)
    assert found == pytest.approx(expected, abs=1e-12)


def test_score_test_of_the_same_respondents_uses_the_variance_of_the_difference():
    """With one pair of answers per respondent, against the variance under equality by hand."""
    both, first, second, neither = 30, 12, 5, 16
    size = both + first + second + neither
    share_a, share_b = (both + first) / size, (both + second) / size
    covariance = both / size - share_a * share_b
    correlation = covariance / sqrt(share_a * (1 - share_a) * share_b * (1 - share_b))
    pooled = (share_a + share_b) / 2
    variance = 2 * pooled * (1 - pooled) * (1 - correlation) / size
    expected = 2 * stats.norm.sf(abs(share_a - share_b) / sqrt(variance))
    found = score_test(share_a, size, share_b, size, correlation)
    assert found == pytest.approx(expected, abs=1e-12)
    # McNemar's test estimates the same variance from the pairs that differ.
    mcnemar = stats.chi2.sf((first - second) ** 2 / (first + second), 1)
    assert found == pytest.approx(mcnemar, rel=0.1)


def test_score_test_of_equal_shares_is_one_even_where_nothing_varies():
    assert score_test(0.4, 10.2, 0.4, 38.7) == 1.0
    assert score_test(1.0, 14, 1.0, 49) == 1.0
    assert score_test(0.3, 14, 0.3, 14, correlation=1.0) == 1.0


@pytest.mark.parametrize(
    ("a", "size_a", "b", "size_b"),
    [(40, 60, 20, 50), (5, 60, 20, 50), (60, 60, 20, 50), (0, 20, 20, 50), (20, 20, 50, 50)],
)
@pytest.mark.parametrize("margin", [-0.3, -0.1, 0.0, 0.1, 0.2])
def test_score_test_of_a_margin_takes_the_likeliest_shares(a, size_a, b, size_b, margin):
    def unlikely(share: float) -> float:
        return -(
            special.xlogy(a, share + margin)
            + special.xlogy(size_a - a, 1 - share - margin)
            + special.xlogy(b, share)
            + special.xlogy(size_b - b, 1 - share)
        )

    bounds = (max(0.0, -margin) + 1e-12, min(1.0, 1 - margin) - 1e-12)
    likeliest = optimize.minimize_scalar(
        unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}
    ).x
    difference = a / size_a - b / size_b - margin
    variance = (likeliest + margin) * (1 - likeliest - margin) / size_a
    variance += likeliest * (1 - likeliest) / size_b
    expected = 2 * stats.norm.sf(abs(difference) / sqrt(variance))
    found = score_test(a / size_a, size_a, b / size_b, size_b, margin=margin)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-8)


def test_score_p_values_are_those_of_the_single_test():
    shares = np.array([0.1, 0.5, 0.9])
    found = score_p_values(shares, 12.5, 0.4, 60.0)
    assert found.tolist() == [score_test(share, 12.5, 0.4, 60.0) for share in shares]


def test_t_test_equals_scipy():
    first, second = [3.1, 4.0, 2.2, 3.7, 4.4], [2.0, 3.0, 1.5, 2.5]
    expected = stats.ttest_ind(first, second, equal_var=False)
    parts = [np.var(first, ddof=1) / 5, np.var(second, ddof=1) / 4]
    found = t_test(np.mean(first) - np.mean(second), sqrt(sum(parts)), expected.df)
    assert found == pytest.approx(expected.pvalue, abs=1e-12)


def test_t_test_says_nothing_without_variation_or_degrees_of_freedom():
    assert t_test(1.0, 0.0, 10) is None
    assert t_test(1.0, 0.5, 0.9) is None


@pytest.mark.parametrize(
    ("a", "size_a", "b", "size_b", "lower", "upper"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombe_equals_the_table_of_the_paper(a, size_a, b, size_b, lower, upper):
    """Newcombe (1998), table II, method 10."""
    found = newcombe(a / size_a, size_a, b / size_b, size_b)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5.1e-5)


@pytest.mark.parametrize(("a", "b"), [(0, 0), (3, 40), (14, 49), (14, 0), (9, 31)])
def test_newcombe_equals_statsmodels(a, b):
    found = newcombe(a / 14, 14, b / 49, 49)
    expected = confint_proportions_2indep(a, 14, b, 49, method="newcomb")
    assert (found.lower, found.upper) == pytest.approx(expected, abs=1e-12)


def test_newcombe_with_a_correlation_is_the_printed_interval_of_paired_shares():
    """14, 5, 0 and 22 of 41 pairs: 0.011 to 0.226 in the manual of the R package epiR.

    An example of its function epi.conf, type "prop.paired", which corrects the correlation for
    continuity as is done here.
    """
    correlation = (14 * 22 - 0 * 5 - 41 / 2) / sqrt(19 * 22 * 14 * 27)
    found = newcombe(19 / 41, 41, 14 / 41, 41, correlation)
    assert (round(found.lower, 3), round(found.upper, 3)) == (0.011, 0.226)


def test_newcombe_narrows_as_the_estimates_go_together():
    widths = []
    for correlation in (-1.0, -0.5, 0.0, 0.5, 0.9):
        found = newcombe(0.6, 49, 0.5, 49, correlation)
        assert found.lower < 0.1 < found.upper
        widths.append(found.upper - found.lower)
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("number", [1, 2, 7, 40])
def test_holm_equals_statsmodels(number):
    p_values = np.random.default_rng(number).beta(0.3, 3, size=number).round(3)
    expected = multipletests(p_values, method="holm")[1]
    assert holm(p_values.tolist()) == pytest.approx(expected.tolist(), abs=1e-12)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@pytest.mark.parametrize(("first", "second"), [(0.5, 0.25), (0.0, 1.0), (0.86, 0.71), (0.4, 0.4)])
def test_cohen_h_equals_statsmodels(first, second):
    assert cohen_h(first, second) == pytest.approx(proportion_effectsize(first, second), abs=1e-12)


def test_hedges_g_is_free_of_bias():
    """The expected value of a noncentral t undoes the correction exactly."""
    n_a, n_b, true = 4, 6, 0.8
    scale = sqrt(1 / n_a + 1 / n_b)
    expected_d = stats.nct.mean(n_a + n_b - 2, true / scale) * scale
    assert hedges_g(expected_d, 1.0, n_a, 0.0, 1.0, n_b) == pytest.approx(true, rel=1e-10)


def test_hedges_g_equals_statsmodels_up_to_its_approximation():
    found = hedges_g(3.7, 0.6, 14, 3.2, 0.8, 49)
    expected, _ = effectsize_smd(3.7, 0.6, 14, 3.2, 0.8, 49)
    assert found == pytest.approx(expected, rel=1e-4)


def test_hedges_g_needs_variation_and_degrees_of_freedom():
    assert hedges_g(1.0, 0.0, 5, 0.0, 0.0, 5) is None
    assert hedges_g(1.0, 1.0, 1, 0.0, 1.0, 2) is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: boschloo(3, 2, 0, 5),
        lambda: boschloo(0, 0, 0, 5),
        lambda: score_test(1.1, 10, 0.5, 10),
        lambda: score_test(0.1, 10, 0.5, 0),
        lambda: newcombe(0.1, 10, 0.5, 10, correlation=1.5),
        lambda: cohen_h(-0.1, 0.5),
    ],
)
def test_a_comparison_of_something_impossible_is_refused(call):
    with pytest.raises(EstimationError):
        call()
