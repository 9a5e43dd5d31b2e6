"""The measurements measure what they say: surveys that are whole, scripts that are right."""

from __future__ import annotations

import shutil
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import duckdb
import pytest

from barometer.errors import UsageError
from barometer.settings import PROJECT_ROOT
from bench import repeated_waves, report, synthetic
from bench.__main__ import choose
from bench.measuring import NotMeasuredError, Taken, measured
from bench.scenarios import ONLY_WHEN_ASKED, Row, Skipped, require_same_estimates
from bench.scripts import pandas_estimates, polars_estimates
from bench.workspace import Workspace
from registry import load_registry

ORGANISATIONS, QUESTIONS = 3_000, 12


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    synthetic.write_files(folder, ORGANISATIONS, QUESTIONS)
    return folder


@pytest.fixture(scope="module")
def result(files):
    """Return the file with what the script in pandas finds."""
    path = files / "pandas.parquet"
    pandas_estimates.main([str(files), str(path), "--questions", str(QUESTIONS)])
    return path


@pytest.fixture
def work(result, tmp_path):
    """Return a workspace whose mart holds the same."""
    work = Workspace(synthetic.SURVEY, tmp_path, "1GB")
    work.settings.home.mkdir(parents=True)
    with duckdb.connect(str(work.settings.warehouse)) as connection:
        connection.execute("create schema core")
        connection.execute(
            f"create table core.mart_estimates as select *, 'share' as kind from '{result}'"
        )
    return work


def change(work: Workspace, statement: str) -> None:
    with duckdb.connect(str(work.settings.warehouse)) as connection:
        connection.execute(statement)


def test_the_registries_of_the_made_up_survey_are_valid(tmp_path):
    synthetic.write_registries(tmp_path / "registries", ORGANISATIONS, 120)
    registry = load_registry(tmp_path / "registries")
    assert len(registry.indicators) == len(registry.questions) == 120


def test_the_made_up_survey_is_as_large_as_asked_and_the_same_every_time(files, tmp_path):
    synthetic.write_files(tmp_path, ORGANISATIONS, QUESTIONS)
    for name in (synthetic.EXPORT, synthetic.FRAME):
        assert (tmp_path / name).read_bytes() == (files / name).read_bytes()
    rows = (tmp_path / synthetic.EXPORT).read_text().splitlines()
    assert len(rows) == ORGANISATIONS + 1
    assert len(rows[0].split(",")) == QUESTIONS + 3


def test_repeated_waves_are_valid_registries_with_a_file_each(tmp_path):
    registries, inbox = tmp_path / "registries", tmp_path / "inbox"
    shutil.copytree(PROJECT_ROOT / "surveys" / "pls", registries)
    once = load_registry(registries)
    inbox.mkdir()
    for delivery in once.deliveries:
        (tmp_path / delivery.file_pattern).write_text(delivery.wave)
    repeated_waves.repeat_waves(registries, tmp_path, inbox, 5)
    many = load_registry(registries)
    assert len(many.waves) == 5 * len(once.waves)
    assert {d.file_pattern for d in many.deliveries} == {file.name for file in inbox.iterdir()}
    assert (inbox / "1997_03.csv").read_text() == "1997"


def test_a_survey_without_its_files_says_which_is_missing(tmp_path):
    shutil.copytree(PROJECT_ROOT / "surveys" / "pls", tmp_path / "registries")
    with pytest.raises(UsageError, match=r"PUPLDF96\.csv"):
        repeated_waves.repeat_waves(tmp_path / "registries", tmp_path, tmp_path, 2)


def test_both_scripts_find_the_same_estimates(files, work, tmp_path):
    found = tmp_path / "polars.parquet"
    polars_estimates.main([str(files), str(found), "--questions", str(QUESTIONS)])
    require_same_estimates(work, found)


@pytest.mark.parametrize(
    "statement",
    [
        "update core.mart_estimates set standard_error = standard_error * (1 + 1e-8)"
        " where indicator_id = 'q003' and group_id = 'kind_04'",
        "update core.mart_estimates set estimate_lower = null where indicator_id = 'q004'",
        "delete from core.mart_estimates where indicator_id = 'q005' and group_id = 'all'",
        "insert into core.mart_estimates by name select * replace ('q999' as indicator_id)"
        " from core.mart_estimates limit 1",
    ],
)
def test_the_time_of_a_script_that_finds_something_else_does_not_count(work, result, statement):
    require_same_estimates(work, result)
    change(work, statement)
    with pytest.raises(NotMeasuredError, match="not those of the mart"):
        require_same_estimates(work, result)


def test_what_a_process_takes_includes_what_it_starts(tmp_path):
    busy = "import time\nwhile time.process_time() < 0.3: pass\nx = bytearray(80_000_000)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    taken = measured((sys.executable, "-c", outer), tmp_path)
    assert taken.processor >= 0.3
    assert taken.peak_mb >= 80


def test_a_process_that_fails_is_not_measured_and_says_why(tmp_path):
    with pytest.raises(NotMeasuredError, match="ValueError: no such luck"):
        measured((sys.executable, "-c", "raise ValueError('no such luck')"), tmp_path)


def test_unknown_scenarios_are_refused_and_the_largest_is_only_run_when_asked():
    assert choose(" ibo-cold, synthetic-1m ") == {"ibo-cold", "synthetic-1m"}
    assert choose("").isdisjoint(ONLY_WHEN_ASKED)
    with pytest.raises(UsageError, match="ibo-warm"):
        choose("ibo-warm")


def test_table_and_chart_show_every_scenario_and_what_was_left_out():
    row = Row("made", "made <up>", Taken(50.0, 30.0, 900.0), 60.0, 12.0, None, {})
    row.rivals["pandas"] = Taken(25.0, 25.0, 700.0)
    imports, version = Taken(9.0, 9.0, 300.0), Taken(4.0, 4.0, 100.0)
    lines = list(report.table(imports, version, [row], [Skipped("pls-6", "no files")]))
    assert "12.50" in lines[4]
    assert "2.00" in lines[4]
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
    assert lines[-1] == "Not measured: pls-6: no files"
    drawn = ElementTree.fromstring(report.chart(imports, version, [row]))
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"made <up>", "· pandas", "imports"} <= set(texts)


def test_the_machine_is_described_without_names_of_hosts_or_folders():
    described = report.machine("4GB")
    assert "GB of memory" in described
    assert str(Path.home()) not in described
