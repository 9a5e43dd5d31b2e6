"""Firth's logistic regression, against closed forms, statsmodels and a general optimiser."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.api import GLM, families

from estimation.errors import EstimationError
from estimation.firth import firth_logistic


def two_by_two(a: int, b: int, c: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Events and non-events of the exposed (a, b) and of the others (c, d)."""
    exposed = np.repeat([1.0, 1.0, 0.0, 0.0], [a, b, c, d])
    events = np.repeat([1.0, 0.0, 1.0, 0.0], [a, b, c, d])
    return np.column_stack([np.ones(len(events)), exposed]), events


def penalised(columns: np.ndarray, events: np.ndarray, coefficients: np.ndarray) -> float:
    linear = columns @ coefficients
    weights = 1 / (2 + np.exp(linear) + np.exp(-linear))
    information = columns.T @ np.diag(weights) @ columns
    return float(
        np.sum(events * linear - np.log1p(np.exp(linear))) + np.log(np.linalg.det(information)) / 2
    )


def augmented_by_statsmodels(columns: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Ordinary logistic regressions on data to which half the leverages are added as answers.

    Heinze & Schemper (2002), section 2: each answer is kept with weight 1 + h/2, and its opposite
    added with weight h/2; the leverages are those of the fit before.
    """
    coefficients = np.zeros(columns.shape[1])
    both = np.vstack([columns, columns])
    answers = np.concatenate([events, 1 - events])
    for _ in range(400):
        probability = 1 / (1 + np.exp(-columns @ coefficients))
        root = columns * np.sqrt(probability * (1 - probability))[:, None]
        leverage = np.diag(root @ np.linalg.inv(root.T @ root) @ root.T)
        weights = np.concatenate([1 + leverage / 2, leverage / 2])
        fit = GLM(answers, both, family=families.Binomial(), freq_weights=weights).fit(tol=1e-14)
        if np.abs(fit.params - coefficients).max() < 1e-12:
            break
        coefficients = fit.params
    return coefficients


@pytest.fixture(scope="module")
def survey() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(11)
    climate = random.normal(size=126)
    group = random.choice(3, size=126, p=[0.5, 0.11, 0.39])
    columns = np.column_stack([np.ones(126), climate, group == 1, group == 2]).astype(float)
    events = (random.random(126) < 1 / (1 + np.exp(-1.2 - 0.9 * climate))).astype(float)
    return columns, events


@pytest.mark.parametrize("table", [(10, 4, 20, 29), (14, 0, 40, 9), (0, 5, 7, 0), (3, 1, 1, 3)])
def test_two_by_two_table_adds_a_half_to_every_cell(table):
    """The saturated model has this closed form (Firth 1993)."""
    a, b, c, d = (count + 0.5 for count in table)
    found = firth_logistic(*two_by_two(*table), 1)
    assert found.status == "estimated"
    assert found.coefficient == pytest.approx(log(a * d / (b * c)), abs=1e-8)
    assert found.odds_ratio == pytest.approx(a * d / (b * c), rel=1e-8)


def test_table_profile_equals_the_likelihood_with_halves():
    """For a table the penalised likelihood is the binomial one of counts plus a half."""
    a, b, c, d = 14.5, 0.5, 40.5, 9.5

    def likelihood(slope: float) -> float:
        def negative(intercept: float) -> float:
            exposed, other = intercept + slope, intercept
            return -(
                a * exposed
                - (a + b) * np.logaddexp(0, exposed)
                + c * other
                - (c + d) * np.logaddexp(0, other)
            )

        return -optimize.minimize_scalar(
            negative, bounds=(-30, 30), method="bounded", options={"xatol": 1e-10}
        ).fun

    best = likelihood(log(a * d / (b * c)))
    drop = stats.chi2.ppf(0.95, 1) / 2
    found = firth_logistic(*two_by_two(14, 0, 40, 9), 1)
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (best - likelihood(0)), 1), abs=1e-8)
    for limit in (found.lower, found.upper):
        assert likelihood(limit) == pytest.approx(best - drop, abs=1e-8)


def test_coefficients_equal_augmented_regressions_of_statsmodels(survey):
    columns, events = survey
    expected = augmented_by_statsmodels(columns, events)
    found = [firth_logistic(columns, events, column).coefficient for column in range(4)]
    assert found == pytest.approx(expected.tolist(), abs=1e-8)


def test_separated_data_equal_augmented_regressions_of_statsmodels():
    """Every court innovated: ordinary maximum likelihood has no answer."""
    climate = np.linspace(-1.5, 1.5, 30)
    court = np.repeat([1.0, 0.0], [10, 20])
    events = np.where(court == 1, 1.0, (np.arange(30) % 3 > 0).astype(float))
    columns = np.column_stack([np.ones(30), climate, court])
    expected = augmented_by_statsmodels(columns, events)
    found = firth_logistic(columns, events, 2)
    assert found.status == "estimated"
    assert found.coefficient == pytest.approx(expected[2], abs=1e-8)
    assert found.lower < found.coefficient < found.upper < 12


def test_interval_and_p_value_equal_a_general_optimiser(survey):
    columns, events = survey

    def profile(value: float) -> float:
        result = optimize.minimize(
            lambda others: -penalised(columns, events, np.insert(others, 1, value)),
            np.zeros(3),
            method="BFGS",
            options={"gtol": 1e-9},
        )
        return -float(result.fun)

    found = firth_logistic(columns, events, 1)
    highest = profile(found.coefficient)
    drop = stats.chi2.ppf(0.95, 1) / 2
    assert profile(found.lower) == pytest.approx(highest - drop, abs=1e-7)
    assert profile(found.upper) == pytest.approx(highest - drop, abs=1e-7)
    assert highest >= max(profile(found.coefficient - 1e-3), profile(found.coefficient + 1e-3))
    expected = stats.chi2.sf(2 * (highest - profile(0.0)), 1)
    assert found.p_value == pytest.approx(expected, abs=1e-8)


def test_p_value_and_interval_agree(survey):
    columns, events = survey
    for column in range(4):
        found = firth_logistic(columns, events, column)
        assert (found.p_value < 0.05) == (not found.lower <= 0 <= found.upper)


def test_large_data_come_close_to_ordinary_logistic_regression():
    random = np.random.default_rng(5)
    slope = random.normal(size=20_000)
    events = (random.random(20_000) < 1 / (1 + np.exp(-0.5 * slope))).astype(float)
    columns = np.column_stack([np.ones(20_000), slope])
    ordinary = GLM(events, columns, family=families.Binomial()).fit()
    found = firth_logistic(columns, events, 1)
    assert found.coefficient == pytest.approx(ordinary.params[1], abs=3e-4)
    assert (found.lower, found.upper) == pytest.approx(tuple(ordinary.conf_int()[1]), abs=5e-4)


def test_unit_of_a_column_only_rescales_its_coefficient(survey):
    columns, events = survey
    found = firth_logistic(columns, events, 1)
    rescaled = columns.copy()
    rescaled[:, 1] /= 1000
    other = firth_logistic(rescaled, events, 1)
    assert other.coefficient == pytest.approx(1000 * found.coefficient, rel=1e-8)
    assert other.upper == pytest.approx(1000 * found.upper, rel=1e-8)
    assert other.p_value == pytest.approx(found.p_value, abs=1e-10)
    assert found.odds_ratio_lower == pytest.approx(exp(found.lower))


def test_what_the_data_cannot_tell_is_not_estimable():
    ones = np.ones(12)
    climate = np.arange(12.0)
    some = (np.arange(12) % 2).astype(float)
    cases = {
        "every outcome the same": (np.column_stack([ones, climate]), ones, 1),
        "columns that depend": (np.column_stack([ones, climate, 2 * climate - ones]), some, 1),
        "a column of zeros": (np.column_stack([ones, 0 * ones]), some, 1),
        "more columns than cases": (np.eye(3, 5), np.array([0.0, 1.0, 1.0]), 0),
        "no cases": (np.empty((0, 2)), np.empty(0), 1),
    }
    for name, case in cases.items():
        found = firth_logistic(*case)
        assert found.status == "not_estimable", name
        assert found.coefficient is None
        assert found.odds_ratio is None
        assert found.odds_ratio_upper is None


def test_more_intercepts_than_the_data_bear_still_end_in_an_answer():
    """A coefficient per case is saturated: every cell holds one answer, plus two halves."""
    found = firth_logistic(np.eye(4), np.array([1.0, 0.0, 1.0, 0.0]), 0)
    assert found.status == "estimated"
    assert found.coefficient == pytest.approx(log(1.5 / 0.5), abs=1e-8)


@pytest.mark.parametrize(
    ("columns", "events", "of_interest"),
    [
        (np.ones((3, 2)), np.array([0.0, 1.0]), 0),
        (np.ones((2, 2)), np.array([0.0, 2.0]), 0),
        (np.full((2, 2), np.nan), np.array([0.0, 1.0]), 0),
        (np.ones((2, 2)), np.array([0.0, 1.0]), 2),
    ],
)
def test_a_design_that_does_not_fit_is_refused(columns, events, of_interest):
    with pytest.raises(EstimationError):
        firth_logistic(columns, events, of_interest)
