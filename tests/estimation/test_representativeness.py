"""R-indicators against statsmodels and the formulas of the papers, organisation by organisation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special

from estimation.errors import EstimationError
from estimation.representativeness import Representativeness, representativeness

LAYERS = np.repeat(["agency", "court", "municipality", "province"], [240, 50, 342, 12])


def frame(seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """A frame of 644 organisations and the propensities of its organisations."""
    random = np.random.default_rng(seed)
    size = random.choice(["large", "medium", "small"], len(LAYERS), p=[0.2, 0.3, 0.5])
    linear = (
        -1.2
        + 0.9 * (LAYERS == "agency")
        + 0.4 * (LAYERS == "court")
        + 0.7 * (size == "large")
        - 0.4 * (size == "small")
    )
    return {"layer": LAYERS, "size": size}, special.expit(linear)


def by_formula(
    variables: dict[str, np.ndarray], responded: np.ndarray
) -> tuple[dict[str, float], dict[str, tuple[float, float]], dict[tuple[str, str], tuple]]:
    """The same written apart, after the papers: R, by variable, by category."""
    columns = [np.ones(len(responded))]
    for labels in variables.values():
        columns += [(labels == name).astype(float) for name in sorted(set(labels))[1:]]
    x = np.column_stack(columns)
    fitted = sm.GLM(responded.astype(float), x, family=sm.families.Binomial()).fit(tol=1e-14)
    rho, n = fitted.fittedvalues, len(responded)
    z = (rho * (1 - rho))[:, None] * x
    sigma = np.linalg.inv(sum(np.outer(z[i], x[i]) for i in range(n)))
    s2 = np.var(rho, ddof=1)
    bias = sum(z[i] @ sigma @ z[i] for i in range(n)) / n
    adjusted = max(0.0, s2 - bias)
    a = np.mean([(rho[i] - rho.mean()) * (z[i] - z.mean(axis=0)) for i in range(n)], axis=0)
    b = np.cov(z.T, bias=True)
    variance = (4 * a @ sigma @ a + 2 * np.trace(b @ sigma @ b @ sigma)) / np.var(rho)
    whole = {
        "r_indicator": 1 - 2 * sqrt(adjusted),
        "r_unadjusted": 1 - 2 * sqrt(s2),
        "standard_error": sqrt(variance),
        "coefficient_of_variation": sqrt(adjusted) / responded.mean(),
    }
    of_variables, of_categories = {}, {}
    for name, labels in variables.items():
        others = [
            "|".join(variables[other][i] for other in variables if other != name) for i in range(n)
        ]
        mean_of = {
            key: np.mean([r for r, other in zip(rho, others, strict=True) if other == key])
            for key in set(others)
        }
        between, left = 0.0, 0.0
        for label in sorted(set(labels)):
            of = labels == label
            up = sqrt(of.mean()) * (rho[of].mean() - rho.mean())
            cp = sum((rho[i] - mean_of[others[i]]) ** 2 for i in np.flatnonzero(of)) / n
            of_categories[name, label] = (int(of.sum()), int(responded[of].sum()), up, sqrt(cp))
            between, left = between + up**2, left + cp
        of_variables[name] = (sqrt(between * adjusted / s2), sqrt(left * adjusted / s2))
    return whole, of_variables, of_categories


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_indicators_follow_the_published_formulas(seed: int) -> None:
    variables, propensities = frame(seed)
    responded = np.random.default_rng(100 + seed).random(len(LAYERS)) < propensities
    found = representativeness(variables, responded)
    whole, of_variables, of_categories = by_formula(variables, responded)
    for name, value in whole.items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-8), name
    assert found.r_lower == pytest.approx(
        whole["r_indicator"] - 1.959963984540054 * whole["standard_error"], abs=1e-8
    )
    for variable in found.variables:
        expected = of_variables[variable.name]
        assert (variable.unconditional, variable.conditional) == pytest.approx(expected, abs=1e-8)
        for category in variable.categories:
            assert (
                category.n_population,
                category.n_responses,
                category.unconditional,
                category.conditional,
            ) == pytest.approx(of_categories[variable.name, category.name], abs=1e-8)


def test_one_variable_by_hand() -> None:
    """100 large of which 60 responded, 300 small of which 60: propensities 0.6 and 0.2."""
    labels = np.repeat(["large", "small"], [100, 300])
    responded = np.r_[np.arange(100) < 60, np.arange(300) < 60]
    found = representativeness({"size": labels}, responded)
    # S² = 400/399 · (0.25 · 0.3² + 0.75 · 0.1²) = 400/399 · 0.03; the variance of each
    # propensity is ρ(1-ρ)/N_k: 0.0024 and 0.16/300, on average 0.001.
    assert found.r_unadjusted == pytest.approx(1 - 2 * sqrt(0.03 * 400 / 399), abs=1e-10)
    assert found.r_indicator == pytest.approx(1 - 2 * sqrt(0.03 * 400 / 399 - 0.001), abs=1e-10)
    (size,) = found.variables
    large, small = size.categories
    assert large.unconditional == pytest.approx(0.5 * 0.3, abs=1e-10)
    assert small.unconditional == pytest.approx(-sqrt(0.75) * 0.1, abs=1e-10)
    # Nothing else is told, so that all of it is left.
    assert size.conditional == pytest.approx(size.unconditional, abs=1e-12)


def replicated(number: int) -> tuple[float, list[Representativeness]]:
    """The indicator of known propensities, and what surveys of that frame find."""
    variables, propensities = frame(7)
    random = np.random.default_rng(20)
    found = [
        representativeness(variables, random.random(len(LAYERS)) < propensities)
        for _ in range(number)
    ]
    return 1 - 2 * float(np.std(propensities, ddof=1)), found


def test_adjustment_takes_most_of_the_bias_and_the_error_is_what_surveys_show() -> None:
    truth, found = replicated(2000)
    adjusted = np.array([one.r_indicator for one in found])
    unadjusted = np.array([one.r_unadjusted for one in found])
    chance = adjusted.std(ddof=1) / sqrt(len(found))
    assert unadjusted.mean() < truth - 10 * chance
    # It takes a little too much: of an equal error of all propensities S knows nothing.
    assert abs(adjusted.mean() - truth) < (truth - unadjusted.mean()) / 2
    assert np.mean([one.standard_error for one in found]) == pytest.approx(
        adjusted.std(ddof=1), rel=0.08
    )
    covered = np.mean([one.r_lower <= truth <= one.r_upper for one in found])
    assert 0.92 < covered < 0.98


def test_a_category_that_says_for_certain_who_responded_has_a_limit() -> None:
    """Of four courts nobody responded and of three provinces all: coefficients go on for ever."""
    layer = np.repeat(["agency", "court", "municipality", "province"], [200, 4, 300, 3])
    size = np.where(np.arange(507) % 3 == 0, "large", "small")
    responded = np.r_[np.arange(200) % 2 == 0, [False] * 4, np.arange(300) % 5 == 0, [True] * 3]
    found = representativeness({"layer": layer, "size": size}, responded)
    categories = {c.name: c for c in found.variables[0].categories}
    mean = responded.mean()
    assert categories["court"].unconditional == pytest.approx(-sqrt(4 / 507) * mean, abs=1e-6)
    assert categories["province"].unconditional == pytest.approx(
        sqrt(3 / 507) * (1 - mean), abs=1e-6
    )
    assert 0 < found.standard_error < 0.1


def test_who_all_responded_are_alike() -> None:
    found = representativeness({"layer": LAYERS}, np.ones(len(LAYERS), bool))
    assert found.r_indicator == found.r_unadjusted == 1.0
    assert np.isnan(found.standard_error)
    assert np.isnan(found.r_lower)
    assert found.coefficient_of_variation == 0.0
    assert {c.unconditional for v in found.variables for c in v.categories} == {0.0}


def test_no_responses_have_no_indicator() -> None:
    with pytest.raises(EstimationError, match="Nobody responded"):
        representativeness({"layer": LAYERS}, np.zeros(len(LAYERS), bool))
