"""Textbook surveys with published estimates run through the same models.

Figures: R `survey` package (Lumley 2010), data apistrat and apisrs; the standard errors of the
domains that cross the strata were computed independently of R, with finite population correction.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from registry_folder import write_registries

from barometer.settings import PROJECT_ROOT, Settings
from orchestration.lock import writer_lock
from orchestration.steps import land_inbox, run_dbt

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("known_estimates")]

ROLES = """cds,response_id,,
cds,organisation_key,,
stype,attribute,,stype
comp.imp,attribute,,improved
api00,answer,api00,
api99,answer,api99,
enroll,answer,enroll,
api.stu,answer,tested,"""

REGISTRIES = {
    "surveys": "api,Scholen,Schools,scholen,schools,report,R survey package,GPL",
    "waves": """
srs,Enkelvoudig,Simple random,2000-01-01,2000-06-30,,,200,200,,registry,
strat,Gestratificeerd,Stratified,2000-07-01,2000-12-31,,,200,200,,registry,
""",
    "deliveries": """
srs,export,main,apisrs.csv,csv,,,,false,plain
strat,export,main,apistrat.csv,csv,,,,false,plain
""",
    "columns": "\n".join(
        f"{wave},export,{column},{role},{question},,{attribute},,,"
        for wave in ("srs", "strat")
        for column, role, question, attribute in (line.split(",") for line in ROLES.splitlines())
    ),
    "questions": "\n".join(
        f"{name},all,{position},number,{name},{name},srs,,0,,false,false,,,"
        for position, name in enumerate(("api00", "api99", "enroll", "tested"), start=1)
    ),
    "codes": ",,NA,,no_answer",
    "classifications": """
everything,Alle,All,1,true,
school_type,Soort,Type,2,true,
improvement,Verbeterd,Improved,3,true,
""",
    "organisation_groups": """
everything,all_schools,,Alle,All,1,false
school_type,type_e,,Basis,Elementary,1,false
school_type,type_m,,Midden,Middle,2,false
school_type,type_h,,Hoog,High,3,false
improvement,improved,,Ja,Yes,1,false
improvement,not_improved,,Nee,No,2,false
""",
    "organisation_membership": """
everything,all_schools,stype,E,,,,,10,
everything,all_schools,stype,M,,,,,10,
everything,all_schools,stype,H,,,,,10,
school_type,type_e,stype,E,,,,,10,
school_type,type_m,stype,M,,,,,10,
school_type,type_h,stype,H,,,,,10,
improvement,improved,improved,Yes,,,,,10,
improvement,not_improved,improved,No,,,,,10,
""",
    "strata_design": "srs,1,everything\nstrat,1,school_type",
    "strata": "srs,all_schools,6194\nstrat,type_e,4421\nstrat,type_m,1018\nstrat,type_h,755",
    "indicators": """
api00_mean,api,1,mean,api00,api00,,,1,higher_is_better,points,,
api99_mean,api,2,mean,api99,api99,,,1,higher_is_better,points,,
enroll_mean,api,3,mean,enroll,enroll,,,1,neutral,pupils,,
enroll_total,api,4,total,enroll,enroll,,,1,neutral,pupils,,
tested_part,api,5,ratio,tested,tested,,,1,neutral,,,
""",
    "indicator_items": """
api00_mean,numerator,api00,
api99_mean,numerator,api99,
enroll_mean,numerator,enroll,
enroll_total,numerator,enroll,
tested_part,numerator,tested,
tested_part,denominator,enroll,
""",
    "publication_rules": """
minimum_base,1,Public data.
minimum_stratum_responses,1,The design as it was drawn.
minimum_answered_questions,0,Every school counts.
""",
}


@pytest.fixture(scope="module")
def settings(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("api")
    return Settings(
        survey="api",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=shared_data / "stats",
        registries=write_registries(folder / "registries", REGISTRIES),
    )


@pytest.fixture(scope="module")
def estimates(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with writer_lock(settings.lock_file):
        land_inbox(settings)
        run_dbt(settings, "cleaned")
        run_dbt(settings, "marts")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


def figure(
    estimates: duckdb.DuckDBPyConnection, wave: str, group: str, indicator: str
) -> tuple[float, float, float, float]:
    """Estimate, standard error and interval of one cell."""
    (row,) = estimates.execute(
        """
        select weighted_estimate, standard_error, weighted_lower, weighted_upper
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
    sizes = {"E": 4421, "M": 1018, "H": 755}
    with (shared_data / "stats" / "apistrat.csv").open(encoding="utf-8") as file:
        schools = [
            (r["stype"], float(r["api.stu"]), float(r["enroll"])) for r in csv.DictReader(file)
        ]
    counts = {stype: sum(1 for s in schools if s[0] == stype) for stype in sizes}
    above = sum(sizes[s] / counts[s] * y for s, y, _ in schools)
    below = sum(sizes[s] / counts[s] * x for s, _, x in schools)
    ratio = above / below
    variance = 0.0
    for stype, size in sizes.items():
        residuals = [y - ratio * x for s, y, x in schools if s == stype]
        middle = sum(residuals) / len(residuals)
        spread = sum((r - middle) ** 2 for r in residuals) / (len(residuals) - 1)
        variance += size**2 * (1 - len(residuals) / size) * spread / len(residuals)
    found = figure(estimates, "strat", "all_schools", "tested_part")
    assert found[0] == pytest.approx(ratio, rel=1e-12)
    assert found[1] == pytest.approx(math.sqrt(variance) / below, rel=1e-10)


def test_intervals_of_means_are_estimate_plus_minus_t_times_se(estimates) -> None:
    from scipy import stats

    estimate, error, lower, upper = figure(estimates, "strat", "all_schools", "api00_mean")
    quantile = stats.t.ppf(0.975, 200 - 3)
    assert (lower, upper) == pytest.approx(
        (estimate - quantile * error, estimate + quantile * error), abs=1e-6
    )
