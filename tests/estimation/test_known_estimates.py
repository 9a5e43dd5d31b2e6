"""Textbook surveys with published estimates run through the same models.

Figures: R `survey` package (Lumley 2010), data apistrat and apisrs; the standard errors of the
domains that cross the strata were computed independently of R, with finite population correction.
"""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest
from api_survey import TYPES, schools

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("known_estimates")]


@pytest.fixture(scope="module")
def estimates(api_warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return api_warehouse


def figure(
    estimates: duckdb.DuckDBPyConnection, wave: str, group: str, indicator: str
) -> tuple[float, float, float, float]:
    """Estimate, standard error and interval of one cell."""
    (row,) = estimates.execute(
        """
        select estimate, standard_error, estimate_lower, estimate_upper
        from core.fct_estimates where wave = ? and group_id = ? and indicator_id = ?
        """,
        [wave, group, indicator],
    ).fetchall()
    return row


@pytest.mark.parametrize(
    ("wave", "group", "indicator", "estimate", "standard_error", "digits"),
    [
        ("strat", "all_schools", "api00_mean", 662.29, 9.4089, (2, 4)),
        ("strat", "all_schools", "api99_mean", 629.39, 9.9639, (2, 4)),
        ("strat", "all_schools", "enroll_total", 3687178, 114642, (0, 0)),
        ("strat", "improved", "api00_mean", 676.4023, 11.7147, (4, 4)),
        ("strat", "not_improved", "api00_mean", 635.4124, 15.7892, (4, 4)),
        ("srs", "all_schools", "api00_mean", 656.585, 9.249722039282807, (3, 9)),
        ("srs", "all_schools", "enroll_mean", 584.61, 27.36836524766856, (2, 9)),
    ],
)
def test_estimates_and_standard_errors_are_the_published_ones(
    estimates, wave, group, indicator, estimate, standard_error, digits
) -> None:
    found = figure(estimates, wave, group, indicator)
    assert round(found[0], digits[0]) == estimate
    assert round(found[1], digits[1]) == round(standard_error, digits[1])


@pytest.mark.parametrize(
    ("group", "published"), [("type_e", 674.43), ("type_h", 625.82), ("type_m", 636.6)]
)
def test_strata_as_domains_have_the_published_means(estimates, group, published) -> None:
    assert figure(estimates, "strat", group, "api00_mean")[0] == pytest.approx(published, abs=5e-3)


def test_a_domain_mean_is_the_ratio_of_two_totals(estimates) -> None:
    mean, *_ = figure(estimates, "strat", "improved", "enroll_mean")
    total, *_ = figure(estimates, "strat", "improved", "enroll_total")
    (weights,) = estimates.execute(
        """
        select sum(weights.design_weight)
        from cleaned.cln_weights as weights
        inner join cleaned.cln_organisation_groups as members
            using (wave, organisation_key)
        where wave = 'strat' and group_id = 'improved'
        """
    ).fetchone()
    assert mean == pytest.approx(total / weights, rel=1e-12)


def test_a_ratio_has_the_standard_error_of_its_residuals(estimates, shared_data: Path) -> None:
    """Cochran (1977) 6.11: a ratio's variance is that of the total of y - R x."""
    rows = [
        (r["stype"], float(r["api.stu"]), float(r["enroll"]))
        for r in schools(shared_data, "apistrat")
    ]
    counts = {stype: sum(1 for s in rows if s[0] == stype) for stype in TYPES}
    above = sum(TYPES[s] / counts[s] * y for s, y, _ in rows)
    below = sum(TYPES[s] / counts[s] * x for s, _, x in rows)
    ratio = above / below
    variance = 0.0
    for stype, size in TYPES.items():
        residuals = [y - ratio * x for s, y, x in rows if s == stype]
        middle = sum(residuals) / len(residuals)
        spread = sum((r - middle) ** 2 for r in residuals) / (len(residuals) - 1)
        variance += size**2 * (1 - len(residuals) / size) * spread / len(residuals)
    found = figure(estimates, "strat", "all_schools", "tested_part")
    assert found[0] == pytest.approx(ratio, rel=1e-12)
    assert found[1] == pytest.approx(math.sqrt(variance) / below, rel=1e-10)


def test_intervals_of_means_are_estimate_plus_minus_t_times_se(estimates) -> None:
    from scipy import stats

    estimate, error, lower, upper = figure(estimates, "strat", "all_schools", "api00_mean")
    # 4,421 elementary, 1,018 middle and 755 high schools, of which 100, 50 and 50 answered.
    parts = [(4421**2 / 100, 99), (1018**2 / 50, 49), (755**2 / 50, 49)]
    freedom = sum(part for part, _ in parts) ** 2 / sum(part**2 / free for part, free in parts)
    quantile = stats.t.ppf(0.975, int(freedom))
    assert (lower, upper) == pytest.approx(
        (estimate - quantile * error, estimate + quantile * error), abs=1e-6
    )
