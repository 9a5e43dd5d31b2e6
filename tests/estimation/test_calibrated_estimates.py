"""Calibrated weights run through the models equal the formulas, computed apart from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
import statsmodels.api as sm
from api_survey import POPULATION, TARGETS, TYPES, schools
from scipy import optimize, stats

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("known_estimates")]

Frame = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def sample(shared_data: Path) -> Frame:
    rows = schools(shared_data, "apisrs")
    numbers = {
        name: np.array([float(row[name]) for row in rows])
        for name in ("api00", "enroll", "api.stu")
    }
    texts = {name: np.array([row[name] for row in rows]) for name in ("stype", "sch.wide")}
    return numbers | texts | {"improved": np.array([row["comp.imp"] == "Yes" for row in rows])}


def columns(sample: Frame, wave: str) -> np.ndarray:
    """Return the groups of the margins as columns, the last one that depends on others left out."""
    groups = [sample["stype"] == stype for stype in TYPES]
    if wave == "srs_raked":
        groups.append(sample["sch.wide"] == "No")
    return np.array(groups, dtype=float).T


def known_totals(wave: str) -> np.ndarray:
    return np.array(
        [*TYPES.values(), *([TARGETS["No"]] if wave == "srs_raked" else [])], dtype=float
    )


def calibrated(sample: Frame, wave: str) -> np.ndarray:
    """Return the weights that satisfy the calibration equations of the exponential method."""
    design = np.full(200, POPULATION / 200)
    matrix, wanted = columns(sample, wave), known_totals(wave)

    def equations(multipliers: np.ndarray) -> np.ndarray:
        return matrix.T @ (design * np.exp(matrix @ multipliers)) - wanted

    solved = optimize.root(equations, np.zeros(len(wanted)), tol=1e-13)
    assert solved.success
    return design * np.exp(matrix @ solved.x)


def standard_error(sample: Frame, wave: str, values: np.ndarray) -> float:
    """Return that of the calibrated total of `values`, by the residuals of the regression."""
    weights = calibrated(sample, wave)
    residuals = sm.WLS(values, columns(sample, wave), weights=weights).fit().resid
    parts = weights * residuals
    spread = 200 / 199 * ((parts - parts.mean()) ** 2).sum()
    return float(np.sqrt((1 - 200 / POPULATION) * spread))


def figure(
    warehouse: duckdb.DuckDBPyConnection, wave: str, group: str, indicator: str
) -> tuple[float, float]:
    (row,) = warehouse.execute(
        "select estimate, standard_error from core.fct_estimates"
        " where wave = ? and group_id = ? and indicator_id = ?",
        [wave, group, indicator],
    ).fetchall()
    return row


@pytest.mark.parametrize("wave", ["srs_post", "srs_raked"])
def test_weights_add_up_to_every_margin(
    api_warehouse: duckdb.DuckDBPyConnection, wave: str
) -> None:
    found = dict(
        api_warehouse.execute(
            """
            select members.group_id, sum(weights.weight)
            from cleaned.cln_weights as weights
            inner join cleaned.cln_organisation_groups as members using (wave, organisation_key)
            where wave = ? group by all
            """,
            [wave],
        ).fetchall()
    )
    for stype, size in TYPES.items():
        assert found[f"type_{stype.lower()}"] == pytest.approx(size, rel=1e-9)
    if wave == "srs_raked":
        assert found["target_no"] == pytest.approx(TARGETS["No"], rel=1e-9)
        assert found["target_yes"] == pytest.approx(TARGETS["Yes"], rel=1e-9)
    assert found["all_schools"] == pytest.approx(POPULATION, rel=1e-9)


@pytest.mark.parametrize("wave", ["srs_post", "srs_raked"])
def test_weights_solve_the_calibration_equations(
    api_warehouse: duckdb.DuckDBPyConnection, sample: Frame, shared_data: Path, wave: str
) -> None:
    found = dict(
        api_warehouse.execute(
            "select organisation_key, weight from cleaned.cln_weights where wave = ?", [wave]
        ).fetchall()
    )
    keys = [row["cds"] for row in schools(shared_data, "apisrs")]
    np.testing.assert_allclose([found[key] for key in keys], calibrated(sample, wave), rtol=1e-8)


def test_a_post_stratified_mean_is_that_of_the_known_shares(
    api_warehouse: duckdb.DuckDBPyConnection, sample: Frame
) -> None:
    """Särndal, Swensson & Wretman (1992), section 7.6, with n - 1 in the place of n."""
    mean, variance = 0.0, 0.0
    for stype, size in TYPES.items():
        values = sample["api00"][sample["stype"] == stype]
        mean += size / POPULATION * values.mean()
        variance += (size / len(values)) ** 2 * ((values - values.mean()) ** 2).sum()
    variance *= (1 - 200 / POPULATION) * 200 / 199 / POPULATION**2
    assert figure(api_warehouse, "srs_post", "all_schools", "api00_mean") == pytest.approx(
        (mean, np.sqrt(variance)), rel=1e-10
    )


def test_a_post_stratified_total_is_the_regression_estimate(
    api_warehouse: duckdb.DuckDBPyConnection, sample: Frame
) -> None:
    design = np.full(200, POPULATION / 200)
    matrix = columns(sample, "srs_post")
    slopes = sm.WLS(sample["enroll"], matrix, weights=design).fit().params
    total = design @ sample["enroll"] + (known_totals("srs_post") - design @ matrix) @ slopes
    assert figure(api_warehouse, "srs_post", "all_schools", "enroll_total") == pytest.approx(
        (total, standard_error(sample, "srs_post", sample["enroll"])), rel=1e-10
    )


@pytest.mark.parametrize("wave", ["srs_post", "srs_raked"])
@pytest.mark.parametrize(
    ("group", "inside"),
    [
        ("all_schools", lambda sample: np.ones(200, dtype=bool)),
        ("improved", lambda sample: sample["improved"]),
        ("type_m", lambda sample: sample["stype"] == "M"),
        ("type_m_x_improved", lambda sample: (sample["stype"] == "M") & sample["improved"]),
    ],
    ids=["all", "improved", "middle", "middle_improved"],
)
@pytest.mark.parametrize(
    ("indicator", "above", "below"),
    [("api00_mean", "api00", None), ("tested_part", "api.stu", "enroll")],
    ids=["mean", "ratio"],
)
def test_calibrated_means_and_ratios_of_groups_have_the_variance_of_the_residuals(
    api_warehouse: duckdb.DuckDBPyConnection,
    sample: Frame,
    wave: str,
    group: str,
    inside: Callable[[Frame], np.ndarray],
    indicator: str,
    above: str,
    below: str | None,
) -> None:
    weights = calibrated(sample, wave)
    members = inside(sample).astype(float)
    y = sample[above] * members
    x = (np.ones(200) if below is None else sample[below]) * members
    ratio = (weights @ y) / (weights @ x)
    error = standard_error(sample, wave, (y - ratio * x) / (weights @ x))
    # A tighter match than the raking's own tolerance cannot be asked.
    assert figure(api_warehouse, wave, group, indicator) == pytest.approx((ratio, error), rel=1e-7)


@pytest.mark.parametrize("wave", ["srs_post", "srs_raked"])
def test_a_difference_of_calibrated_means_has_the_variance_of_its_own_residuals(
    api_warehouse: duckdb.DuckDBPyConnection, sample: Frame, wave: str
) -> None:
    """The two groups have no school in common, and still a covariance: the margins'."""
    (row,) = api_warehouse.execute(
        """
        select tests.difference, variances.variance_a_finite + variances.variance_b_finite
            - 2 * variances.covariance_finite, variances.n_both
        from estimation.est_contrasts as contrasts
        inner join estimation.est_contrast_variances as variances using (contrast_id)
        inner join estimation.est_contrast_tests as tests using (contrast_id)
        where wave_a = ? and indicator_a = 'api00_mean'
        """,
        [wave],
    ).fetchall()
    weights = calibrated(sample, wave)
    difference = 0.0
    values = np.zeros(200)
    for sign, inside in ((1, sample["improved"]), (-1, ~sample["improved"])):
        mean = weights[inside] @ sample["api00"][inside] / weights[inside].sum()
        difference += sign * mean
        values += sign * inside * (sample["api00"] - mean) / weights[inside].sum()
    error = standard_error(sample, wave, values)
    assert row == pytest.approx((difference, error**2, 0), rel=1e-6)


def test_the_margins_take_variance_out(api_warehouse: duckdb.DuckDBPyConnection) -> None:
    """Types of school differ in their number of pupils, so that knowing the types helps."""
    errors = [
        figure(api_warehouse, wave, "all_schools", "enroll_total")[1]
        for wave in ("srs", "srs_post")
    ]
    assert errors[1] < 0.8 * errors[0]


def test_the_report_of_weighting_names_the_method(
    api_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = {
        wave: row
        for wave, *row in api_warehouse.execute(
            "select wave, calibration_method, n_margin_groups, n_population"
            " from core.mart_weighting"
        ).fetchall()
    }
    assert found == {
        "srs": ["none", 0, POPULATION],
        "strat": ["none", 0, POPULATION],
        "srs_post": ["post_stratification", 3, POPULATION],
        "srs_raked": ["raking", 5, POPULATION],
    }


def accepted(successes: int, sample: int, population: int, alpha: float = 0.05) -> list[int]:
    """Return the numbers in the population that Blaker's test does not reject, one by one."""
    counts = np.arange(sample + 1)
    result = []
    for number in range(population + 1):
        law = stats.hypergeom(population, number, sample)
        smaller = np.minimum(law.cdf(counts), law.sf(counts - 1))
        extreme = smaller <= smaller[successes] * (1 + 1e-10)
        if law.pmf(counts)[extreme].sum() > alpha * (1 + 1e-10):
            result.append(number)
    return result


def test_a_share_with_equal_weights_has_the_exact_interval(
    api_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A stratum of apistrat: 50 of 755 high schools."""
    (row,) = api_warehouse.execute(
        """
        select n_answered, round(unweighted_estimate * n_answered), interval_method,
               estimate_lower, estimate_upper
        from core.fct_estimates
        where wave = 'strat' and group_id = 'type_h' and indicator_id = 'awarded'
        """
    ).fetchall()
    answered, successes, method, lower, upper = row
    numbers = accepted(int(successes), answered, TYPES["H"])
    assert (answered, method) == (50, "blaker_hypergeometric")
    assert (lower, upper) == pytest.approx((min(numbers) / 755, max(numbers) / 755), rel=1e-12)


def test_a_share_with_unequal_weights_has_a_wilson_interval_on_the_smaller_size(
    api_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Kish's size, or the one that the standard error (R's, see there) leaves where it is less."""
    from statsmodels.stats.proportion import proportion_confint

    (row,) = api_warehouse.execute(
        """
        select estimate, standard_error, n_effective, interval_size, interval_method,
               estimate_lower, estimate_upper
        from core.fct_estimates
        where wave = 'strat' and group_id = 'all_schools' and indicator_id = 'awarded'
        """
    ).fetchall()
    share, error, effective, used, method, lower, upper = row
    sizes = np.array([4421, 1018, 755])
    counts = np.array([100, 50, 50])
    kish = sizes.sum() ** 2 / (sizes**2 / counts).sum()
    assert (effective, method) == (pytest.approx(kish, rel=1e-12), "wilson_kish")
    size = min(1 / (1 / kish - 1 / POPULATION), 1 + share * (1 - share) / error**2)
    assert used == pytest.approx(size, rel=1e-12)
    expected = proportion_confint(share * size, size, method="wilson")
    assert (lower, upper) == pytest.approx(expected, abs=1e-12)
