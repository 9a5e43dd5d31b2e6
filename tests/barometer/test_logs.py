"""The log of runs: lines of JSON, for the owner alone, without anything that people wrote."""

from __future__ import annotations

import json
import os
import stat

import pytest

from barometer import logs
from barometer.environment import LOG_LEVEL
from barometer.errors import BarometerError, UsageError
from barometer.settings import load_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv(LOG_LEVEL.name, raising=False)
    return load_settings("ibo", home=tmp_path)


def lines(settings):
    return [json.loads(line) for line in settings.log_file.read_text("utf-8").splitlines()]


def test_an_event_is_a_line_with_its_run_and_its_facts(settings):
    with logs.open_log(settings, "r1"):
        logs.note("file_landed", wave="2025", file="één.csv", rows=3)

    (line,) = lines(settings)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "survey": "ibo",
        "run": "r1",
        "event": "file_landed",
        "wave": "2025",
        "file": "één.csv",
        "rows": 3,
    }


def test_a_command_is_logged_from_beginning_to_end_under_one_run(settings):
    with logs.logged(settings, "refresh"), logs.timed("step", step="Land exports") as facts:
        facts["summary"] = "2 files landed"

    found = lines(settings)
    assert [line["event"] for line in found] == [
        "run_started",
        "step_started",
        "step_finished",
        "run_finished",
    ]
    assert len({line["run"] for line in found}) == 1
    assert found[2]["summary"] == "2 files landed"
    assert found[2]["seconds"] >= 0


def test_a_failure_is_told_by_its_kind_and_never_by_its_message(settings):
    with pytest.raises(BarometerError), logs.logged(settings, "refresh"):
        raise BarometerError("'my name is Jansen' is no number.", where="row 3")

    failed = lines(settings)[-1]
    assert (failed["event"], failed["level"]) == ("run_failed", "error")
    assert failed["error"] == "BarometerError"
    assert "Jansen" not in settings.log_file.read_text("utf-8")


def test_only_the_owner_can_read_it(settings):
    before = os.umask(0o022)
    try:
        with logs.logged(settings, "refresh"):
            pass
    finally:
        os.umask(before)

    rights = [
        stat.S_IMODE(path.stat().st_mode) for path in (settings.log_file.parent, settings.log_file)
    ]
    assert rights == [0o700, 0o600]


def test_a_large_log_is_rotated_and_the_oldest_goes(settings, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST_BYTES", 1000)
    with logs.open_log(settings, "r1"):
        for number in range(200):
            logs.note("event", number=number)

    kept = sorted(path.name for path in settings.log_file.parent.iterdir())
    assert kept == ["barometer.jsonl", *(f"barometer.jsonl.{n}" for n in range(1, 6))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in settings.log_file.parent.iterdir()} == {
        0o600
    }
    assert lines(settings)[-1]["number"] == 199


@pytest.mark.parametrize(
    ("level", "written"),
    [("debug", ["low", "high"]), ("", ["high"]), ("ERROR", ["high"]), ("off", [])],
)
def test_the_level_decides_what_is_written(settings, monkeypatch, level, written):
    monkeypatch.setenv(LOG_LEVEL.name, level)
    with logs.open_log(settings, "r1"):
        logs.note("low", logs.LEVELS["debug"])
        logs.note("high", logs.LEVELS["error"])

    found = lines(settings) if settings.log_file.exists() else []
    assert [line["event"] for line in found] == written


def test_a_wrong_level_is_an_error_for_people(settings, monkeypatch):
    monkeypatch.setenv(LOG_LEVEL.name, "loud")

    with (
        pytest.raises(UsageError, match="one of: debug, info") as caught,
        logs.logged(settings, "refresh"),
    ):
        pass

    assert LOG_LEVEL.name in str(caught.value)


def test_a_log_that_cannot_be_written_stops_nothing_and_says_nothing(settings, capsys):
    settings.home.parent.mkdir(exist_ok=True)
    settings.home.write_text("a file where the home should be")

    with logs.logged(settings, "refresh"):
        logs.note("file_landed")

    assert capsys.readouterr() == ("", "")


def test_without_an_open_log_nothing_is_said(capsys):
    logs.note("dbt_node_failed", logs.LEVELS["error"])

    assert capsys.readouterr() == ("", "")
