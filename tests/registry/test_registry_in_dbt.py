"""The same declaration as tests in the database: dbt loads the registries and refuses mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from barometer.registry_schema import SCHEMA_FILE, load_schema
from barometer.settings import PROJECT_ROOT

PROJECT = """\
name: barometer
version: "1.0.0"
profile: barometer
seeds:
  barometer:
    +schema: registry
    +quote_columns: false
"""
PROFILE = """\
barometer:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: registries.duckdb, schema: main}
"""


@pytest.fixture
def dbt_project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "seeds").mkdir()
    (project / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (project / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    shutil.copy(SCHEMA_FILE, project / "models")
    shutil.copytree(PROJECT_ROOT / "tests" / "dbt" / "generic", project / "tests" / "generic")
    return project


def build(project: Path) -> tuple[int, dict[str, str], str]:
    """Run `dbt build` with warnings as errors; return the exit code and the status per node."""
    # The pipeline's own settings for dbt must not reach this project.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    dbt = Path(sys.executable).with_name("dbt")
    run = subprocess.run(
        [dbt, "--warn-error", "build", "--project-dir", project, "--profiles-dir", project],
        cwd=project,
        env=environment | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    results = project / "target" / "run_results.json"
    nodes = json.loads(results.read_text())["results"] if results.is_file() else []
    return run.returncode, {node["unique_id"]: node["status"] for node in nodes}, run.stdout


def test_registries_with_only_a_header_pass_without_warnings(dbt_project):
    for name, schema in load_schema().items():
        header = ",".join(schema.header) + "\n"
        (dbt_project / "seeds" / f"{name}.csv").write_text(header, encoding="utf-8")

    code, statuses, output = build(dbt_project)

    assert code == 0, output
    assert sum(node.startswith("seed.") for node in statuses) == len(load_schema())


def test_mistakes_fail_the_declared_tests_and_nothing_else(dbt_project, survey):
    survey.replace("codes", "safe,2021,5,agree", "safe,2021,5,agre")
    survey.replace("codes", ",,-9,,no_answer", ",,-9,,")
    survey.replace("questions", "budget,size", "Budget,size")
    survey.replace("indicators", "neutral,euro", "upward,euro")
    survey.replace("organisation_groups", "small_agencies,agencies", "small_agencies,large")
    survey.replace("waves", "2019-01-01,2020-12-31", "2020-12-31,2019-01-01")
    survey.replace("organisation_membership", ",,,100,", ",,100,100,")
    survey.replace("strata_design", "2021,2,size", "2021,2,kind")
    survey.replace("columns", "q4,answer,staff", "q3,answer,staff")
    for path in survey.path.glob("*.csv"):
        shutil.copy(path, dbt_project / "seeds")

    code, statuses, output = build(dbt_project)

    assert code != 0, output
    failed = sorted(
        node.split(".")[2].removeprefix("registries_")
        for node, s in statuses.items()
        if s == "fail"
    )
    expected = [
        "accepted_values_indicators_direction",
        "exactly_one_filled_codes_option_id",
        "in_order_organisation_membership",
        "in_order_waves_reference_start",
        "registry_reference_codes",
        "registry_reference_organisation_groups",
        "relationships_columns_question_id",
        "relationships_indicator_items_question_id",
        "snake_case_id_questions_question_id",
        "unique_combination_columns",
        "unique_combination_strata_design",
    ]
    assert len(failed) == len(expected), failed
    for node, start in zip(failed, expected, strict=True):
        assert node.startswith(start), failed
