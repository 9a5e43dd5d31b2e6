"""Post-stratified and raked figures of apisrs, through the flow, beside the R package survey."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from r_scripts import run_r

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.shared_data,
    pytest.mark.xdist_group("known_estimates"),
]

SCRIPT = Path(__file__).with_name("calibration.R")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    path = tmp_path_factory.mktemp("calibration") / "figures.csv"
    run_r(SCRIPT, path)
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_calibrated_figures_are_those_of_r(
    api_warehouse: duckdb.DuckDBPyConnection, figures: list[dict[str, str]]
) -> None:
    """Also of groups that cross the margins, and of one that is a margin."""
    assert len(figures) == 2 * 5 * 4
    for row in figures:
        (found,) = api_warehouse.execute(
            "select estimate, standard_error from core.fct_estimates"
            " where wave = ? and group_id = ? and indicator_id = ?",
            [row["wave"], row["group"], row["indicator"]],
        ).fetchall()
        # Where all answers are the same R has an error of nought, and we none.
        estimate, error = found[0], found[1] or 0.0
        assert estimate == pytest.approx(float(row["estimate"]), rel=1e-7)
        assert error == pytest.approx(float(row["error"]), rel=1e-6)
        # What `survey` itself prints: the same of one margin, and of two within a thousandth.
        closeness = 1e-6 if row["wave"] == "srs_post" else 1e-3
        assert error == pytest.approx(float(row["own_error"]), rel=closeness)
