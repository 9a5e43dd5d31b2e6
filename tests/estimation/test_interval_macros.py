"""The statistics macros, as SQL in DuckDB, against scipy, statsmodels and R."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from barometer.project_file import variable
from barometer.settings import PROJECT_ROOT

DEGREES = [*range(1, 200), 250, 999, 5000, 1_000_000]


@pytest.fixture(scope="module")
def macros():
    environment = Environment(loader=FileSystemLoader(PROJECT_ROOT / "macros"))
    environment.globals["var"] = variable
    return environment.get_template("statistics.sql").module


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def test_z_quantile_is_the_normal_quantile(macros, connection):
    (found,) = connection.execute(f"select cast({macros.z_quantile()} as double)").fetchone()
    assert found == pytest.approx(stats.norm.ppf(0.975), abs=1e-15)


def test_t_quantile_equals_scipy(macros, connection):
    found = connection.execute(
        f"select df, {macros.t_quantile('df')} from (select unnest(?) as df)", [DEGREES]
    ).fetchall()
    assert [degrees for degrees, _ in found] == DEGREES
    for degrees, quantile in found:
        assert quantile == pytest.approx(stats.t.ppf(0.975, degrees), abs=1e-8), degrees


def test_t_quantile_rounds_fractional_degrees_down_and_needs_one(macros, connection):
    rows = connection.execute(
        f"select {macros.t_quantile('df')} from (values (0.9), (2.7), (60.9)) as t (df)"
    ).fetchall()
    assert rows[0] == (None,)
    assert rows[1][0] == pytest.approx(stats.t.ppf(0.975, 2), abs=1e-8)
    assert rows[2][0] == pytest.approx(stats.t.ppf(0.975, 60), abs=1e-8)


def wilson(macros, connection, share: float, size: float) -> tuple[float, float]:
    return connection.execute(
        f"""
        select {macros.wilson_limit("lower", "share", "size")},
               {macros.wilson_limit("upper", "share", "size")}
        from (select cast({share!r} as double) as share, cast({size!r} as double) as size)
        """
    ).fetchone()


@pytest.mark.parametrize("size", [1, 5, 14, 49, 63, 366])
def test_wilson_equals_statsmodels_for_every_count(macros, connection, size):
    for count in range(size + 1):
        lower, upper = wilson(macros, connection, count / size, size)
        expected = proportion_confint(count, size, method="wilson")
        assert (lower, upper) == pytest.approx(expected, abs=1e-12)
        assert 0 <= lower <= count / size <= upper <= 1


def test_wilson_takes_an_effective_size_that_is_no_whole_number(macros, connection):
    lower, upper = wilson(macros, connection, 0.86, 271.4)
    expected = proportion_confint(0.86 * 271.4, 271.4, method="wilson")
    assert (lower, upper) == pytest.approx(expected, abs=1e-12)


def test_wilson_of_nothing_is_null(macros, connection):
    assert wilson(macros, connection, 0.5, 0) == (None, None)


@pytest.mark.shared_data
def test_wilson_equals_the_intervals_that_r_printed(macros, connection, shared_data: Path):
    with (shared_data / "stats" / "wilson_known.csv").open(encoding="utf-8") as file:
        known = list(csv.DictReader(file))
    assert len(known) == 8
    for row in known:
        size = float(row["n"])
        found = wilson(macros, connection, float(row["x"]) / size, size)
        printed = (float(row["wilson_lower"]), float(row["wilson_upper"]))
        assert found == pytest.approx(printed, abs=1e-6)
