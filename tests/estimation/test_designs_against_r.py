"""Clusters and delivered weights, through the whole flow, held to the R package `survey`."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from design_survey import CLUSTERED, DELIVERED, build, design_settings, figures
from r_scripts import run_r
from scipy import stats

from publication.outlets.microdata import write_microdata

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("designs")]

SHARES = ("awarded", "elementary")
REPLICATES = Path(__file__).with_name("replicates.R")
HANDED_OUT = ("a_clusters", "c_areas", "f_unequal", "g_strata")
DRAWN = 1_000


@pytest.fixture(scope="module")
def folder(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    return once("design_survey", build)


@pytest.fixture(scope="module")
def warehouse(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(design_settings(folder).warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def estimates(warehouse: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], dict]:
    """Every estimate by wave, group and indicator."""
    found = warehouse.execute("select * from core.fct_estimates")
    names = [column for column, *_ in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["wave"], row["group_id"], row["indicator_id"]): row for row in rows}


@pytest.fixture(scope="module")
def pairs(folder: Path, estimates) -> list[tuple[dict, dict[str, str]]]:
    """Our figure and R's, for every wave, group and indicator."""
    found = figures(folder)
    assert len(found) == 7 * 8 * 5
    return [(estimates[r["wave"], r["group"], r["indicator"]], r) for r in found]


def test_every_figure_has_the_estimate_and_standard_error_of_r(pairs) -> None:
    for ours, theirs in pairs:
        assert ours["n_answered"] == int(theirs["n"])
        assert ours["estimate"] == pytest.approx(float(theirs["estimate"]), rel=1e-10)
        error = float(theirs["error"])
        # A share of nobody or all has no error here, and R leaves some rounding of it.
        assert ours["standard_error"] or error <= 1e-13
        if ours["standard_error"]:
            assert ours["standard_error"] == pytest.approx(error, rel=1e-8)


def test_the_design_effect_of_a_mean_is_that_of_r(pairs) -> None:
    compared = 0
    for ours, theirs in pairs:
        # R corrects the simple sample of a domain by the whole population, and we by the domain.
        if theirs["group"] == "all_schools" and theirs["indicator"] == "api00_mean":
            assert ours["design_effect"] == pytest.approx(float(theirs["deff"]), rel=1e-8)
            compared += 1
    assert compared == 7


def test_intervals_have_the_degrees_of_freedom_of_the_design(pairs) -> None:
    compared = 0
    for ours, theirs in pairs:
        if theirs["indicator"] in SHARES:
            continue
        freedom = int(theirs["freedom"])
        assert ours["interval_method"] == ("t_linearised" if freedom else "none_few_answers")
        if theirs["wave"] == "g_strata":
            # R takes answers less strata, which is too many where strata are unequal.
            assert ours["estimate_lower"] <= float(theirs["lower"]) * (1 + 1e-9)
            assert ours["estimate_upper"] >= float(theirs["upper"]) * (1 - 1e-9)
        elif freedom:
            assert ours["estimate_lower"] == pytest.approx(float(theirs["lower"]), rel=1e-6)
            assert ours["estimate_upper"] == pytest.approx(float(theirs["upper"]), rel=1e-6)
            compared += 1
    assert compared > 140


def test_the_interval_of_a_share_of_clusters_is_svyciprop_s_and_never_narrower(pairs) -> None:
    """Where clusters seem to vary less than single responses do, Kish's size stands instead."""
    equal = wider = 0
    for ours, theirs in pairs:
        if theirs["wave"] not in CLUSTERED or theirs["indicator"] not in SHARES:
            continue
        assert ours["interval_method"] == "beta_clustered"
        if theirs["lower"] == "NA" or not ours["standard_error"]:
            continue
        lower, upper = float(theirs["lower"]), float(theirs["upper"])
        share, error = ours["estimate"], ours["standard_error"]
        if share * (1 - share) / error**2 <= ours["n_effective"]:
            assert ours["estimate_lower"] == pytest.approx(lower, rel=1e-7)
            assert ours["estimate_upper"] == pytest.approx(upper, rel=1e-7)
            equal += 1
        else:
            assert ours["estimate_lower"] < lower < upper < ours["estimate_upper"]
            wider += 1
    assert equal > 20
    assert wider > 3


def test_a_share_of_all_or_none_counts_every_cluster_once(pairs) -> None:
    compared = 0
    for ours, theirs in pairs:
        if theirs["wave"] not in CLUSTERED or ours["estimate"] != 1:
            continue
        if theirs["indicator"] not in SHARES:
            continue
        strata = 2 if theirs["wave"] == "c_areas" else 1
        clusters = int(theirs["freedom"]) + strata
        size = clusters * (stats.t.ppf(0.025, int(theirs["n"]) - 1)) ** 2
        size /= stats.t.ppf(0.025, clusters - strata) ** 2
        assert ours["estimate_lower"] == pytest.approx(stats.beta.ppf(0.025, size, 1), rel=1e-9)
        assert ours["estimate_upper"] == 1
        compared += 1
    assert compared >= 5


def test_clusters_are_counted_in_the_frame(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        """
        select wave, cluster_count, sampled_cluster_count, partial_cluster_count
        from cleaned.cln_strata where wave in ('d_frame', 'e_partial') order by wave
        """
    ).fetchall()
    assert found == [("d_frame", 757, 15, 0), ("e_partial", 757, 15, 3)]


def test_a_cluster_that_answered_in_part_takes_the_correction_away(warehouse) -> None:
    found = warehouse.execute(
        "select distinct wave, sampled_fraction from cleaned.cln_weights order by wave"
    ).fetchall()
    fractions: dict[str, set[float]] = {}
    for wave, fraction in found:
        fractions.setdefault(wave, set()).add(round(fraction, 12))
    assert fractions["d_frame"] == {round(15 / 757, 12)}
    assert fractions["e_partial"] == {0}
    assert fractions["f_unequal"] == {0}
    assert fractions["g_strata"] == {round(n, 12) for n in (100 / 4421, 50 / 1018, 50 / 755)}


def test_the_published_figures_of_apiclus1_come_out(estimates, shared_data: Path) -> None:
    """Printed by R for the weights as they are delivered with the sample."""
    text = (shared_data / "stats" / "known_results.json").read_text(encoding="utf-8")
    known = {
        row["statistic"]: row["published"]
        for row in json.loads(text)
        if row["dataset"] == "apiclus1"
    }
    assert "b_weighted" in DELIVERED
    for statistic, group, indicator in (
        ("mean api00: est, SE", "all_schools", "api00_mean"),
        ("total enroll: est, SE", "all_schools", "enroll_total"),
        ("share stype = E: est, SE", "all_schools", "elementary"),
        ("ratio api00/api99: est, SE", "all_schools", "growth"),
        ("mean api00 in domain awards = No: est, SE", "without_award", "api00_mean"),
        ("mean api00 in domain awards = Yes: est, SE", "with_award", "api00_mean"),
    ):
        found = estimates["b_weighted", group, indicator]
        assert [found["estimate"], found["standard_error"]] == pytest.approx(
            known[statistic], rel=1e-9
        )
    mean = estimates["b_weighted", "all_schools", "api00_mean"]
    assert [mean["design_effect"]] == pytest.approx(known["design effect of mean api00"], rel=1e-9)
    (freedom,) = known["degrees of freedom"]
    half = stats.t.ppf(0.975, freedom) * mean["standard_error"]
    assert mean["estimate_upper"] - mean["estimate"] == pytest.approx(half, rel=1e-9)


@pytest.fixture(scope="module")
def replicated(folder: Path, tmp_path_factory) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Figures that `svrepdesign` makes of our files, and `as.svrepdesign` of its own samples."""
    target = tmp_path_factory.mktemp("microdata")
    # The other tests hold the warehouse open.
    database = target / "build.duckdb"
    shutil.copy(design_settings(folder).warehouse, database)
    handed = []
    for wave in HANDED_OUT:
        for method in ("jackknife", "bootstrap"):
            place = target / f"{wave}_{method}"
            write_microdata(database, "designs", wave, place, method=method, replicates=DRAWN)
            handed.append(Path(f"{place.name}={place}"))
    run_r(REPLICATES, target / "figures.csv", *handed)
    with (target / "figures.csv").open(encoding="utf-8") as file:
        return {
            (row["handout"], row["group"], row["indicator"]): (
                float(row["estimate"]),
                float(row["error"]),
            )
            for row in csv.DictReader(file)
        }


def test_replicate_weights_give_r_the_estimates_and_errors_of_the_release(
    replicated, estimates
) -> None:
    compared = 0
    for (handout, group, indicator), (estimate, error) in replicated.items():
        wave, _, method = handout.rpartition("_")
        if handout.startswith("own_"):
            continue
        ours = estimates[wave, group, indicator]
        assert estimate == pytest.approx(ours["estimate"], rel=1e-10)
        # Of totals leaving out is exact, of others to the second order; draws have their own error.
        within = {"jackknife": 0.2 if wave in CLUSTERED else 0.03, "bootstrap": 0.25}[method]
        if indicator == "enroll_total":
            within = {"jackknife": 1e-8, "bootstrap": 5 / (2 * DRAWN) ** 0.5}[method]
        assert error == pytest.approx(ours["standard_error"], rel=within, abs=1e-6)
        compared += 1
    assert compared == 4 * 2 * 3 * 4


def test_leaving_out_each_unit_is_what_r_does_by_itself(replicated) -> None:
    own = [key for key in replicated if key[0].startswith("own_")]
    assert len(own) == 8
    for handout, group, indicator in own:
        ours = replicated[f"{handout.removeprefix('own_')}_jackknife", group, indicator]
        assert ours == pytest.approx(replicated[handout, group, indicator], rel=1e-9)
