"""Reliability of scales, against other forms of the formulas and printed figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from estimation.errors import EstimationError
from estimation.scales import alpha_interval, cronbach_alpha, item_analysis

# Worked by hand: item variances 2.5, 1.3 and 1.7, variance of the sum 11.2.
BY_HAND = [[1, 2, 1], [2, 1, 2], [3, 3, 3], [4, 4, 2], [5, 3, 4]]


@pytest.fixture(scope="module")
def answers() -> np.ndarray:
    random = np.random.default_rng(7)
    common = random.normal(size=(63, 1))
    return np.clip(np.round(3.7 + 0.6 * common + 0.8 * random.normal(size=(63, 8))), 1, 5)


def test_alpha_by_hand():
    items = np.array(BY_HAND, dtype=float)
    variances = [2.5, 1.3, 1.3]
    assert items.var(axis=0, ddof=1).tolist() == pytest.approx(variances)
    expected = 3 / 2 * (1 - sum(variances) / items.sum(axis=1).var(ddof=1))
    assert cronbach_alpha(BY_HAND) == pytest.approx(expected, abs=1e-12)


def test_alpha_is_the_mean_covariance_over_the_mean_of_the_covariance_matrix(answers):
    """k² · mean covariance / sum of the covariance matrix: the other form of the formula."""
    matrix = np.cov(answers, rowvar=False)
    items = len(matrix)
    off_diagonal = matrix[~np.eye(items, dtype=bool)].mean()
    assert cronbach_alpha(answers) == pytest.approx(
        items**2 * off_diagonal / matrix.sum(), abs=1e-12
    )


def test_alpha_of_two_parallel_items_is_spearman_brown():
    items = np.array([[1, 2], [2, 1], [3, 4], [4, 3]], dtype=float)
    correlation = np.corrcoef(items, rowvar=False)[0, 1]
    assert cronbach_alpha(items) == pytest.approx(2 * correlation / (1 + correlation), abs=1e-12)


def test_alpha_is_one_of_identical_items_and_none_without_variation():
    assert cronbach_alpha([[1, 1, 1], [3, 3, 3], [4, 4, 4]]) == pytest.approx(1.0)
    assert cronbach_alpha([[2, 3], [2, 3], [2, 3]]) is None
    assert cronbach_alpha([[1], [2]]) is None
    assert cronbach_alpha([[1, 2]]) is None


@pytest.mark.parametrize(
    ("alpha", "n", "k", "lower", "upper"),
    [(0.913, 873, 20, 0.9044024, 0.9211588)],
)
def test_interval_of_alpha_equals_printed_figures(alpha, n, k, lower, upper):
    """Printed by C. Evans with his R code for Feldt's interval."""
    found = alpha_interval(alpha, n, k)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5.1e-8)


def test_interval_of_alpha_is_the_f_interval_of_an_analysis_of_variance(answers):
    """One minus within over between mean squares; their ratio over the true one follows F."""
    respondents, items = answers.shape
    grand = answers.mean()
    rows, columns = answers.mean(axis=1), answers.mean(axis=0)
    between = items * ((rows - grand) ** 2).sum() / (respondents - 1)
    degrees = (respondents - 1, (respondents - 1) * (items - 1))
    rest = ((answers - rows[:, None] - columns + grand) ** 2).sum() / degrees[1]
    alpha = cronbach_alpha(answers)
    assert alpha == pytest.approx(1 - rest / between, abs=1e-12)
    found = alpha_interval(alpha, respondents, items)
    expected = 1 - rest / between * stats.f.ppf([0.975, 0.025], *degrees)
    assert (found.lower, found.upper) == pytest.approx(tuple(expected), abs=1e-8)
    assert found.lower < alpha < found.upper


def test_interval_of_alpha_holds_the_truth_as_often_as_it_says():
    """Items of equal covariance, true alpha by formula; 2,000 samples of 14."""
    random = np.random.default_rng(14)
    items, truth = 5, 5 * 0.4 / (1 + 4 * 0.4)
    held = 0
    for _ in range(2000):
        common = random.normal(size=(14, 1)) * np.sqrt(0.4)
        sample = common + random.normal(size=(14, items)) * np.sqrt(0.6)
        alpha = cronbach_alpha(sample)
        found = alpha_interval(alpha, 14, items)
        held += found.lower <= truth <= found.upper
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


def test_item_analysis_equals_numpy_and_alpha_without_the_item(answers):
    found = item_analysis(answers)
    assert len(found) == answers.shape[1]
    for column, item in enumerate(found):
        others = np.delete(answers, column, axis=1)
        correlation = np.corrcoef(answers[:, column], others.sum(axis=1))[0, 1]
        assert item.mean == pytest.approx(answers[:, column].mean(), abs=1e-12)
        assert item.standard_deviation == pytest.approx(np.std(answers[:, column], ddof=1))
        assert item.item_rest_correlation == pytest.approx(correlation, abs=1e-12)
        assert item.alpha_if_deleted == pytest.approx(cronbach_alpha(others), abs=1e-12)


def test_item_analysis_of_an_item_that_does_not_vary_has_no_correlation():
    constant, varying = item_analysis([[3, 1], [3, 2], [3, 5]])
    assert constant.item_rest_correlation is None
    assert varying.item_rest_correlation is None
    assert constant.alpha_if_deleted is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: cronbach_alpha([[1.0, float("nan")], [2.0, 3.0]]),
        lambda: cronbach_alpha([1.0, 2.0]),
        lambda: alpha_interval(0.8, 1, 5),
        lambda: alpha_interval(1.2, 10, 5),
        lambda: item_analysis([[1, 2, 3]]),
    ],
)
def test_a_scale_with_gaps_or_without_respondents_is_refused(call):
    with pytest.raises(EstimationError):
        call()
