"""The same declaration for dbt: it loads the registries with the declared types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry import TABLES
from registry.documents import PROPERTIES

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
    shutil.copy(PROPERTIES, project / "models")
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
    for name, schema in TABLES.items():
        header = ",".join(schema.header) + "\n"
        (dbt_project / "seeds" / f"{name}.csv").write_text(header, encoding="utf-8")

    code, statuses, output = build(dbt_project)

    assert code == 0, output
    assert sum(node.startswith("seed.") for node in statuses) == len(TABLES)
