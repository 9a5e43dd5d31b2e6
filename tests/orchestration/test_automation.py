"""What starts a refresh by itself, and who hears when it fails."""

from __future__ import annotations

import dataclasses
import datetime
import http.server
import json
import socket
import threading
from dataclasses import replace

import dagster as dg
import pytest

from barometer.environment import ALERT_WEBHOOK
from landing.findings.finding import Finding
from landing.kept_findings import DeliveryFindings
from orchestration.assets.jobs import range_tags
from orchestration.automation import alerts
from orchestration.automation.alerts import (
    AlertNotSentError,
    alert_text,
    post_alert,
    tell,
    write_alert,
)
from orchestration.automation.schedules import due_waves, yearly_cron
from registry.tables.waves import Wave


def test_the_schedule_runs_once_a_year_after_the_last_fieldwork(registry):
    # Fieldwork ended on 30 April at the latest; thirty days later is 30 May.
    assert yearly_cron(registry.waves) == "0 6 30 5 *"
    assert yearly_cron(()) == "0 6 1 7 *"


def test_a_delivery_on_29_february_runs_in_every_year(registry):
    # Thirty days before 29 February 2024.
    assert cron_for(registry, "2024-01-30") == "0 6 1 3 *"
    assert cron_for(registry, "2024-01-30", "2023-01-20") == "0 6 1 3 *"


def test_deliveries_on_both_sides_of_new_year_run_after_the_later_one(registry):
    # 31 December, 14 January: a run on 31 December would let the second wait for a year.
    assert cron_for(registry, "2021-12-01", "2023-12-15") == "0 6 14 1 *"
    # 9 January, 30 May: the first waits until May, not the second until January.
    assert cron_for(registry, "2021-12-10", "2023-04-30") == "0 6 30 5 *"


def cron_for(registry, *ends: str) -> str:
    waves: list[Wave] = [
        dataclasses.replace(registry.waves[0], fieldwork_end=datetime.date.fromisoformat(end))
        for end in ends
    ]
    return yearly_cron(waves)


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


def test_an_alert_of_a_run_that_dagster_tries_again_asks_for_nothing(settings):
    text = alert_text(settings, "run-1", "The worker was killed.", retried=True)

    assert "Dagster runs it again by itself." in text
    assert "run the refresh again" not in text


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
    monkeypatch.setenv(ALERT_WEBHOOK.name, silent)
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


def test_an_alert_about_findings_says_what_is_open_and_what_to_do(settings):
    finding = Finding("warning", "code_unmapped", "One answer has no code.", where="column 'a'")
    accepted = Finding("information", "response_change", "Fewer.", acceptance="by somebody: so")
    found = [
        DeliveryFindings("2025", "export", "main", "x.csv", (finding, accepted)),
        DeliveryFindings("2025", "frame", "main", "f.csv", (accepted,)),
    ]

    text = alerts.finding_text(settings, found)

    assert text is not None
    assert "1 open finding in x.csv (wave 2025, export):" in text
    assert "warning code_unmapped: One answer has no code. (column 'a')" in text
    assert "status" in text
    assert "f.csv" not in text
    assert alerts.finding_text(settings, found[1:]) is None


def test_an_alert_about_findings_is_sent_once_until_they_change(settings, monkeypatch):
    finding = Finding("warning", "code_unmapped", "One answer has no code.")
    kept = [DeliveryFindings("2025", "export", "main", "x.csv", (finding,))]
    monkeypatch.setattr(alerts, "read_registry", lambda _: None)
    monkeypatch.setattr(alerts, "delivery_findings", lambda *_: tuple(kept))

    def tick() -> int:
        alerts.tell_findings(settings, "run-1")
        return len(list((settings.home / "alerts").glob("*.txt")))

    assert [tick(), tick()] == [1, 1]
    kept[0] = replace(kept[0], findings=(finding, finding))
    assert len(alerts.tell_findings(settings, "run-2")) == 1
