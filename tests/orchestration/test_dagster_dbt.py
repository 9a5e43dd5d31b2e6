"""dbt as Dagster starts it: with which arguments, how its failures are told, and when it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import dagster as dg
import pytest
from test_dbt_process import is_alive

from orchestration.assets import dbt
from orchestration.assets.translator import SEEDS_SCHEMA
from orchestration.dbt import command

ONE_TABLE = dg.AssetKey(["cleaned", "cln_checked_answers"])


@pytest.fixture
def run_with(ibo_definitions, tmp_path, monkeypatch):
    """Build one table, or what was selected, with a script in the place of dbt."""

    def execute(script, selection=(ONE_TABLE,)):
        program = tmp_path / "dbt"
        program.write_text(
            f"#!{sys.executable}\n"
            "import json, os, sys\n"
            "from pathlib import Path\n"
            "if sys.argv[1:] == ['--version']:\n"
            "    sys.exit(print('1.11.0'))\n" + textwrap.dedent(script)
        )
        program.chmod(0o700)
        monkeypatch.setattr(dbt, "executable", lambda: program)
        with dg.DagsterInstance.ephemeral() as instance:
            result = ibo_definitions.resolve_job_def("refresh").execute_in_process(
                instance=instance, raise_on_error=False, asset_selection=list(selection)
            )
        (failure,) = [event for event in result.all_node_events if event.is_step_failure]
        return failure.step_failure_data.error.cause.message

    return execute


def test_a_failed_node_is_named_with_what_dbt_said_of_it(run_with, ibo_settings):
    results = {
        "results": [
            {"unique_id": "model.barometer.fine", "status": "success", "message": "OK"},
            {"unique_id": "model.barometer.broken", "status": "error", "message": "no\ncolumn"},
        ]
    }

    told = run_with(
        f"""
        target = Path(os.environ["DBT_TARGET_PATH"])
        target.mkdir(parents=True, exist_ok=True)
        target.joinpath("run_results.json").write_text({json.dumps(json.dumps(results))})
        sys.exit(1)
        """
    )

    assert "model.barometer.broken: no column" in told
    assert "model.barometer.fine" not in told
    assert str(ibo_settings.dbt_logs / "dbt.log") in told


def test_a_dbt_that_dies_is_told_and_not_with_the_results_of_another_run(run_with, ibo_settings):
    ibo_settings.dbt_target.mkdir(parents=True, exist_ok=True)
    (ibo_settings.dbt_target / "run_results.json").write_text("an earlier run")

    assert "exit code `7`" in run_with("sys.exit(7)")


def test_dbt_is_asked_for_the_chosen_tables_and_the_registries_of_this_survey(
    run_with, ibo_settings, tmp_path
):
    asked = tmp_path / "asked.json"
    run_with(
        f"""
        names = ("BAROMETER_SURVEY", "BAROMETER_WAREHOUSE", "BAROMETER_CODE")
        told = {{"arguments": sys.argv[1:], **{{name: os.environ[name] for name in names}}}}
        Path({str(asked)!r}).write_text(json.dumps(told))
        sys.exit(1)
        """
    )

    told = json.loads(asked.read_text())
    arguments = " ".join(told["arguments"])
    assert arguments.startswith("build --indirect-selection buildable")
    assert "--exclude-resource-type unit_test" in arguments
    assert "--select resource_type:seed --select" in arguments
    assert arguments.endswith("cln_checked_answers")
    assert told["BAROMETER_WAREHOUSE"] == str(ibo_settings.warehouse)
    assert told["BAROMETER_CODE"]
    assert "BAROMETER_CODE" not in os.environ


def test_a_node_that_dagster_does_not_know_asks_for_a_reload(run_with):
    new = {
        "info": {"name": "LogModelResult", "msg": "", "level": "info", "invocation_id": "i"},
        "data": {"node_info": {"unique_id": "model.barometer.new", "node_status": "success"}},
    }

    told = run_with(f"print({json.dumps(json.dumps(new))})")

    assert "Reload definitions" in told
    assert "model.barometer.new" in told


def test_seeds_are_no_tables_of_their_own(ibo_definitions):
    graph = ibo_definitions.resolve_asset_graph()

    assert [key for key in graph.get_all_asset_keys() if key.path[0] == SEEDS_SCHEMA] == [
        dg.AssetKey([SEEDS_SCHEMA])
    ]


def test_dbt_ends_when_the_worker_that_started_it_is_killed(tmp_path):
    fake = tmp_path / "fake" / "dbt" / "cli"
    fake.mkdir(parents=True)
    for package in (fake, fake.parent):
        (package / "__init__.py").touch()
    (fake / "main.py").write_text(
        "import os, time\n"
        "def cli(prog_name):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-m', {command.__name__!r}, 'build'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "fake")},
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert is_alive(child)

    process.send_signal(signal.SIGKILL)
    process.wait()

    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def test_the_version_is_told_without_loading_dbt():
    assert command.executable().is_file()
    told = subprocess.run([command.executable(), "--version"], capture_output=True, text=True)

    assert told.stdout.startswith("Core: 1.11.")
