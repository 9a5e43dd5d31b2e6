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
from orchestration.dbt import process as dbt_process
from orchestration.dbt.child import ENDED, PARSE
from orchestration.dbt.process import (
    DbtError,
    DbtNode,
    DbtProcess,
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
    """Put a short script in the place of dbt; it runs once per command it is sent."""

    def replace(script: str) -> None:
        each = textwrap.indent(textwrap.dedent(script), "    ")
        whole = f"import json, sys\nfor line in sys.stdin:\n    command = json.loads(line)\n{each}"
        monkeypatch.setattr(dbt_process, "CHILD", ("-c", whole))
        monkeypatch.setattr(dbt_process, "_LAST_WORDS", 1)

    return replace


def ended(success=True, failed=(), problem=""):
    told = {ENDED: success, "failed": list(failed), "problem": problem}
    return f"print({json.dumps(json.dumps(told))}, flush=True)"


def test_each_part_builds_its_own_layers():
    cleaned = build_arguments("cleaned")
    marts = build_arguments("marts")

    assert cleaned[0] == marts[0] == "build"
    assert cleaned[-3:] == ["resource_type:seed", "path:models/staging", "path:models/cleaned"]
    assert marts[-2:] == ["path:models/estimation", "path:models/marts"]


def test_a_test_on_two_parts_waits_for_the_later_one():
    assert "--indirect-selection buildable" in " ".join(build_arguments("cleaned"))


def test_unit_tests_are_no_part_of_a_refresh():
    for part in ("cleaned", "marts"):
        assert "--exclude-resource-type unit_test" in " ".join(build_arguments(part))


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


def test_what_was_left_as_it_is_is_counted():
    unchanged = event(index=3, total=9, status="UNCHANGED", node_info=MODEL["data"]["node_info"])
    node = finished_node(unchanged)
    assert node is not None
    tally = DbtTally("cleaned")
    tally.add(node)

    assert node.line() == "3 of 9 model cln_answers unchanged"
    assert tally.report().summary() == "1 model; 1 of the seeds and models unchanged"


def test_events_come_through_and_other_output_is_passed_over(settings, pretend):
    pretend(
        f"""
        print("a line that is no event")
        print({json.dumps(json.dumps(MODEL))})
        {ended()}
        """
    )

    events = list(stream_dbt(settings, ["build"]))

    assert [finished_node(found).name for found in events] == ["cln_answers"]


def test_dbt_runs_in_the_project_with_the_survey_in_its_environment(settings, pretend):
    pretend(
        f"""
        import os
        text = " ".join([os.getcwd(), os.environ["BAROMETER_SURVEY"], *command, *sys.argv[1:]])
        print(json.dumps({{"info": {{"name": "x", "level": "info", "msg": text}}, "data": {{}}}}))
        {ended()}
        """
    )

    (found,) = stream_dbt(settings, ["parse"])

    assert found["info"]["msg"].startswith(f"{settings.root} ibo parse --target-path")
    assert "--log-format json" in found["info"]["msg"]


def test_several_commands_run_in_one_process(settings, pretend):
    pretend(
        f"""
        import os
        text = " ".join([str(os.getpid()), *command])
        print(json.dumps({{"info": {{"name": "x", "level": "info", "msg": text}}, "data": {{}}}}))
        {ended()}
        """
    )

    with DbtProcess(settings) as dbt:
        dbt.parse_ahead()
        told = [found["info"]["msg"].split(" ", 1) for found in dbt.run(["build", "a"])]
        told += [found["info"]["msg"].split(" ", 1) for found in dbt.run(["build", "b"])]

    assert [arguments for _, arguments in told] == [" ".join(PARSE), "build a", "build b"]
    assert len({pid for pid, _ in told}) == 1


def test_a_project_that_cannot_be_read_ahead_stops_the_first_command(settings, pretend):
    pretend(ended(success=False, problem="Compilation Error in model x"))

    with DbtProcess(settings) as dbt:
        dbt.parse_ahead()
        with pytest.raises(DbtError, match="Compilation Error in model x"):
            list(dbt.run(["build"]))


def test_failed_nodes_are_listed_with_their_messages(settings, pretend):
    failed = ["test.barometer.bad: Got 2 results", "model.barometer.broken: no column"]
    pretend(ended(success=False, failed=failed))

    with pytest.raises(DbtError) as caught:
        list(stream_dbt(settings, ["build"]))

    text = str(caught.value)
    assert "test.barometer.bad: Got 2 results" in text
    assert "model.barometer.broken: no column" in text
    assert str(settings.dbt_logs / "dbt.log") in text


def test_an_error_before_any_node_shows_what_dbt_said(settings, pretend):
    wrong = event(name="MainEncounteredError", level="error", msg="Compilation Error in model x")
    pretend(
        f"""
        print({json.dumps(json.dumps(wrong))})
        {ended(success=False)}
        """
    )

    with pytest.raises(DbtError, match="Compilation Error in model x"):
        list(stream_dbt(settings, ["build"]))


def test_a_dbt_that_dies_is_told_with_its_exit_code(settings, pretend):
    pretend("sys.exit(7)")

    with pytest.raises(DbtError, match="exit code 7"):
        list(stream_dbt(settings, ["build"]))


def test_a_failure_without_room_on_the_disk_is_told_as_that(settings, pretend, monkeypatch):
    settings.home.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(
        dbt_process.shutil, "disk_usage", lambda _: SimpleNamespace(total=1, used=1, free=0)
    )
    pretend("sys.exit(1)")

    with pytest.raises(DiskFullError):
        list(stream_dbt(settings, ["build"]))


def test_whoever_stops_listening_stops_dbt(settings, pretend):
    pretend(
        """
        import os, time
        print(json.dumps({"info": {"name": "x", "level": "info", "msg": str(os.getpid())},
                          "data": {}}), flush=True)
        time.sleep(60)
        """
    )
    events = stream_dbt(settings, ["build"])
    pid = int(next(iter(events))["info"]["msg"])
    events.close()

    assert not is_alive(pid)


def test_a_dbt_that_ignores_signals_ends_with_the_block_that_used_it(settings, pretend):
    pretend(
        f"""
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(json.dumps({{"info": {{"name": "x", "level": "info", "msg": str(os.getpid())}},
                          "data": {{}}}}))
        {ended()}
        """
    )

    with DbtProcess(settings) as dbt:
        (told,) = dbt.run(["build"])

    assert not is_alive(int(told["info"]["msg"]))


def test_dbt_ends_when_the_process_that_started_it_is_killed(settings, tmp_path):
    fake = tmp_path / "fake" / "dbt" / "cli"
    fake.mkdir(parents=True)
    for package in (fake, fake.parent):
        (package / "__init__.py").touch()
    (fake / "main.py").write_text(
        "import os, time\n"
        "class dbtRunner:\n"
        "    def __init__(self, manifest=None):\n"
        "        print(os.getpid(), flush=True)\n"
        "        time.sleep(60)\n"
    )
    parent = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'orchestration.dbt.child'],\n"
        "                         stdin=subprocess.PIPE)\n"
        "child.stdin.write(b'[\"parse\"]\\n')\n"
        "child.stdin.flush()\n"
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
