"""What starts a refresh by itself, and who hears when it fails."""

from __future__ import annotations

import dataclasses
import datetime
import http.server
import json
import threading

import dagster as dg

from barometer.registry_records import Wave
from orchestration.alerts import alert_text, post_alert, write_alert
from orchestration.jobs import range_tags
from orchestration.schedules import due_waves, yearly_cron


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

    taken = post_alert(f"http://127.0.0.1:{server.server_port}/hook", "The refresh failed.")
    server.server_close()

    assert taken
    assert Receiver.received == [{"text": "The refresh failed."}]


def test_a_web_hook_that_is_away_is_no_second_failure():
    assert not post_alert("http://127.0.0.1:1/hook", "The refresh failed.")
