"""dbt as a subprocess: what is asked of it, what is understood of it, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import pytest

from barometer.errors import DiskFullError
from barometer.settings import load_settings
from orchestration import dbt_process
from orchestration.dbt_process import (
    DbtError,
    DbtNode,
    DbtTally,
    build_arguments,
    finished_node,
    stream_dbt,
)


def event(name="LogModelResult", level="info", msg="", **data):
    return {"info": {"name": name, "level": level, "msg": msg}, "data": data}


MODEL = event(
    index=12,
    total=80,
    status="OK",
    execution_time=0.25,
    node_info={
        "unique_id": "model.barometer.cln_answers",
        "resource_type": "model",
        "node_name": "cln_answers",
        "node_status": "success",
    },
)


@pytest.fixture
def settings(tmp_path):
    return load_settings("ibo", home=tmp_path)


@pytest.fixture
def pretend(monkeypatch):
    """Put a short script in the place of dbt."""

    def replace(script: str) -> None:
        monkeypatch.setattr(dbt_process, "CHILD", ("-c", textwrap.dedent(script)))

    return replace


def test_each_part_builds_its_own_layers():
    cleaned = build_arguments("cleaned")
    marts = build_arguments("marts")

    assert cleaned[0] == marts[0] == "build"
    assert cleaned[-3:] == ["resource_type:seed", "path:models/staging", "path:models/cleaned"]
    assert marts[-2:] == ["path:models/estimation", "path:models/marts"]


def test_a_test_on_two_parts_waits_for_the_later_one():
    assert build_arguments("cleaned")[1:3] == ["--indirect-selection", "buildable"]


def test_unit_tests_are_no_part_of_a_refresh():
    for part in ("cleaned", "marts"):
        assert build_arguments(part)[3:5] == ["--exclude-resource-type", "unit_test"]


def test_a_selection_stands_in_for_the_whole_part():
    arguments = build_arguments("marts", ["--select", "core.mart_estimates"])

    assert arguments[-2:] == ["--select", "core.mart_estimates"]
    assert "path:models/marts" not in arguments


def test_a_finished_model_reads_as_a_line_of_progress():
    node = finished_node(MODEL)

    assert node is not None
    assert node.line() == "12 of 80 model cln_answers OK"


def test_other_events_are_no_nodes():
    assert finished_node(event(name="ConcurrencyLine")) is None


def test_a_failed_node_says_so():
    node = DbtNode("test.x", "test", "unique_x", "fail", 0.1, 3, 9)

    assert not node.ok
    assert node.line() == "3 of 9 test unique_x FAIL"


def test_the_tally_counts_by_kind_and_names_warnings():
    tally = DbtTally("cleaned")
    for kind, status in [("seed", "success"), ("model", "success"), ("test", "pass")] * 2:
        tally.add(DbtNode("id", kind, "name", status, 0.1, 1, 1))
    tally.add(DbtNode("id", "test", "late_answers", "warn", 0.1, 1, 1))

    report = tally.report()

    assert report.summary() == "2 seeds, 2 models, 3 data tests; 1 warnings"
    assert report.warned == ("late_answers",)


def test_events_come_through_and_other_output_is_passed_over(settings, pretend):
    pretend(
        f"""
        import json
        print("a line that is no event")
        print({json.dumps(json.dumps(MODEL))})
        """
    )

    events = list(stream_dbt(settings, ["build"]))

    assert [finished_node(found).name for found in events] == ["cln_answers"]


def test_dbt_runs_in_the_project_with_the_survey_in_its_environment(settings, pretend):
    pretend(
        """
        import json, os, sys
        text = " ".join([os.getcwd(), os.environ["BAROMETER_SURVEY"], *sys.argv[1:]])
        print(json.dumps({"info": {"name": "x", "level": "info", "msg": text}, "data": {}}))
        """
    )

    (found,) = stream_dbt(settings, ["parse"])

    assert found["info"]["msg"].startswith(f"{settings.root} ibo parse --target-path")
    assert "--log-format json" in found["info"]["msg"]


def test_failed_nodes_are_listed_with_their_messages(settings, pretend):
    results = {
        "results": [
            {"unique_id": "model.barometer.good", "status": "success", "message": "OK"},
            {"unique_id": "test.barometer.bad", "status": "fail", "message": "Got 2\n results"},
            {"unique_id": "model.barometer.broken", "status": "error", "message": "no column"},
        ]
    }
    pretend(
        f"""
        import sys
        from pathlib import Path
        target = Path(sys.argv[sys.argv.index("--target-path") + 1])
        (target / "run_results.json").write_text({json.dumps(json.dumps(results))})
        sys.exit(1)
        """
    )

    with pytest.raises(DbtError) as caught:
        list(stream_dbt(settings, ["build"]))

    text = str(caught.value)
    assert "test.barometer.bad: Got 2 results" in text
    assert "model.barometer.broken: no column" in text
    assert "good" not in text
    assert str(settings.dbt_logs / "dbt.log") in text


def test_an_error_before_any_node_shows_what_dbt_said(settings, pretend):
    settings.dbt_target.mkdir(parents=True)
    (settings.dbt_target / "run_results.json").write_text('{"results": []}')
    wrong = event(name="MainEncounteredError", level="error", msg="Compilation Error in model x")
    pretend(f"import sys; print({json.dumps(json.dumps(wrong))}); sys.exit(2)")

    with pytest.raises(DbtError, match="Compilation Error in model x"):
        list(stream_dbt(settings, ["build"]))


def test_a_failure_without_room_on_the_disk_is_told_as_that(settings, pretend, monkeypatch):
    settings.home.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(
        dbt_process.shutil, "disk_usage", lambda _: SimpleNamespace(total=1, used=1, free=0)
    )
    pretend("import sys; sys.exit(1)")

    with pytest.raises(DiskFullError):
        list(stream_dbt(settings, ["build"]))


def test_whoever_stops_listening_stops_dbt(settings, pretend):
    pretend(
        """
        import json, os, time
        print(json.dumps({"info": {"name": "x", "level": "info", "msg": str(os.getpid())},
                          "data": {}}), flush=True)
        time.sleep(60)
        """
    )
    events = stream_dbt(settings, ["build"])
    pid = int(next(iter(events))["info"]["msg"])
    events.close()

    assert not is_alive(pid)


def test_dbt_ends_when_the_process_that_started_it_is_killed(settings, tmp_path):
    fake = tmp_path / "fake" / "dbt" / "cli"
    fake.mkdir(parents=True)
    for package in (fake, fake.parent):
        (package / "__init__.py").touch()
    (fake / "main.py").write_text(
        "import os, time\ndef cli(**_):\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n"
    )
    parent = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'orchestration.dbt_child'],\n"
        "                         stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.root,
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


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return " Z " not in read_state(pid)


def read_state(pid: int) -> str:
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f" {found.stdout.strip()[:1]} "
