"""What starts a refresh by itself, and who hears when it fails."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import socket
import threading
import time
from dataclasses import replace

import dagster as dg
import pytest

from barometer.registry import load_registry
from barometer.settings import load_settings
from orchestration import alerts
from orchestration.alerts import AlertNotSentError, alert_text, post_alert, tell, write_alert
from orchestration.jobs import range_tags
from orchestration.resources import WarehouseResource
from orchestration.schedules import due_waves, yearly_cron
from orchestration.sensors import inbox_sensor

NAMES_2021 = ("IBO2021_synthetic_export_v1.csv", "IBO2021_synthetic_frame.csv")


@pytest.fixture
def settings(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return load_settings("ibo", home=tmp_path / "home", inbox=inbox)


@pytest.fixture
def registry(settings):
    return load_registry(settings.seeds)


@pytest.fixture
def deliver(settings):
    def put(*names: str, text: str = "a", age: float = 60.0) -> None:
        for name in names:
            path = settings.inbox / name
            path.write_text(text)
            os.utime(path, (time.time() - age, time.time() - age))

    return put


@pytest.fixture
def tick(settings, registry):
    def evaluate(cursor: str | None = None) -> dg.SensorResult:
        sensor = inbox_sensor(registry, dg.DefaultSensorStatus.STOPPED)
        context = dg.build_sensor_context(
            cursor=cursor, resources={"warehouse": WarehouseResource.of(settings)}
        )
        return sensor(context)

    return evaluate


def test_a_complete_wave_starts_a_refresh_of_that_wave(tick, deliver):
    deliver(*NAMES_2021)

    found = tick()

    assert [request.partition_key for request in found.run_requests] == ["2021"]
    assert found.asset_events[0].asset_key == dg.AssetKey(["inbox", "deliveries"])


def test_waves_delivered_together_are_refreshed_together(tick, deliver):
    deliver(*NAMES_2021, "IBO2025_synthetic_export.sav", "IBO2025_synthetic_frame.csv")

    (request,) = tick().run_requests

    assert range_tags("2021", "2025").items() <= request.tags.items()


def test_the_same_files_start_nothing_twice(tick, deliver):
    deliver(*NAMES_2021, age=60)
    first = tick()

    again = tick(first.cursor)

    assert not again.run_requests
    assert again.skip_reason.skip_message == "Nothing new in the inbox."


def test_a_correction_starts_a_refresh_under_another_key(tick, deliver):
    deliver(*NAMES_2021)
    first = tick()
    deliver("IBO2021_synthetic_export_v2.csv", text="corrected")

    second = tick(first.cursor)

    assert [request.partition_key for request in second.run_requests] == ["2021"]
    assert second.run_requests[0].run_key != first.run_requests[0].run_key


def test_a_wave_without_its_frame_is_awaited(tick, deliver):
    deliver("IBO2021_synthetic_export_v1.csv")

    found = tick()

    assert not found.run_requests
    assert "wave 2021: still awaited: frame main" in found.skip_reason.skip_message


def test_a_file_that_is_still_being_copied_is_left_alone(tick, deliver):
    deliver(*NAMES_2021, age=0)

    assert "still being written" in tick().skip_reason.skip_message


def test_a_file_that_nobody_knows_is_ignored_and_named(tick, deliver):
    deliver("holiday.jpg")

    found = tick()

    assert not found.run_requests
    assert "holiday.jpg: not a delivery" in found.skip_reason.skip_message


def test_an_inbox_that_is_not_there_is_no_error(tick, settings):
    settings.inbox.rmdir()

    assert tick().skip_reason.skip_message == "Nothing new in the inbox."


def test_the_schedule_runs_once_a_year_after_the_last_fieldwork(registry):
    # Fieldwork ended on 30 April at the latest; thirty days later is 30 May.
    assert yearly_cron(registry.waves) == "0 6 30 5 *"
    assert yearly_cron(()) == "0 6 1 7 *"


def test_the_schedule_lands_the_waves_whose_fieldwork_is_over(registry, ibo_definitions):
    assert due_waves(registry.waves, datetime.date(2024, 5, 30)) == ["2021", "2023"]

    schedule = ibo_definitions.resolve_schedule_def("yearly_refresh")
    when = datetime.datetime(2026, 5, 30, 6, tzinfo=datetime.UTC)
    request = schedule.evaluate_tick(
        dg.build_schedule_context(scheduled_execution_time=when)
    ).run_requests[0]

    assert range_tags("2021", "2025").items() <= request.tags.items()
    assert schedule.execution_timezone == "Europe/Amsterdam"


def test_nothing_starts_by_itself_unless_switched_on(ibo_definitions, monkeypatch, ibo_settings):
    sensor = ibo_definitions.resolve_sensor_def("inbox_sensor")

    assert sensor.default_status == dg.DefaultSensorStatus.STOPPED


def test_an_alert_says_what_failed_and_that_readers_are_safe(settings):
    text = alert_text(settings, "run-1", "Failed steps: check_raw.")

    path = write_alert(settings, "run-1", text)

    written = path.read_text()
    assert "survey ibo failed (run run-1)" in written
    assert "check_raw" in written
    assert "current release is as it was" in written


class Receiver(http.server.BaseHTTPRequestHandler):
    received: list[dict[str, str]] = []  # noqa: RUF012

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


def test_an_alert_reaches_the_web_hook():
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.handle_request, daemon=True).start()

    post_alert(f"http://127.0.0.1:{server.server_port}/hook", "The refresh failed.")
    server.server_close()

    assert Receiver.received == [{"text": "The refresh failed."}]


@pytest.fixture
def silent():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"


def test_a_web_hook_that_does_not_answer_in_time_is_said_so(silent, monkeypatch):
    monkeypatch.setattr(alerts, "TIMEOUT_SECONDS", 0.01)

    with pytest.raises(AlertNotSentError, match="TimeoutError"):
        post_alert(silent, "The refresh failed.")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:1/hook-of-ours", "ConnectionRefusedError"),
        ("hook-of-ours", "ValueError"),
        ("http://[hook-of-ours", "ValueError"),
        ("http://127.0.0.1:1/hook-of-ours x", "InvalidURL"),
        ("http://127.0.0.1:hook-of-ours/", "InvalidURL"),
        ("http://127.0.0.1:1/hook-of-ours-é", "UnicodeEncodeError"),
        ("http://" + "hook-of-ours" * 9, "UnicodeError"),
    ],
)
def test_a_web_hook_that_cannot_be_reached_is_said_so_without_its_address(address, reason):
    with pytest.raises(AlertNotSentError, match=reason) as told:
        post_alert(address, "The refresh failed.")

    assert "hook-of-ours" not in told.value.render()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 Broken\r\n\r\n", b"nonsense\r\n", b""])
def test_a_web_hook_that_refuses_is_said_so(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        threading.Thread(target=reply, daemon=True).start()
        with pytest.raises(AlertNotSentError):
            post_alert(f"http://127.0.0.1:{server.getsockname()[1]}/", "The refresh failed.")


def test_an_alert_takes_every_way_that_is_open(settings, silent, monkeypatch):
    posted = []
    monkeypatch.setenv(alerts.WEBHOOK_VARIABLE, silent)
    monkeypatch.setattr(alerts, "TIMEOUT_SECONDS", 0.01)

    lines = tell(settings, "run-1", "The refresh failed.")

    assert list((settings.home / "alerts").iterdir())
    assert "did not take the alert (TimeoutError)" in lines[-1]

    monkeypatch.setattr(alerts, "post_alert", lambda _, text: posted.append(text))
    (settings.home / "elsewhere").write_text("no folder")
    closed = replace(settings, home=settings.home / "elsewhere")

    lines = tell(closed, "run-1", "The refresh failed.")

    assert posted == ["The refresh failed."]
    assert "could not be written" in lines[0]
