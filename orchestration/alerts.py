"""Somebody must hear of a failed run: a file beside the warehouse, and a web hook if set."""

import json
import os
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from barometer.settings import Settings
from orchestration.resources import WarehouseResource

WEBHOOK_VARIABLE = "BAROMETER_ALERT_WEBHOOK"
TIMEOUT_SECONDS = 10


def failure_sensor(status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """Return the sensor that reports every failed run."""

    @dg.run_failure_sensor(
        name="failure_alert",
        default_status=status,
        description="Writes an alert file for every failed run; posts it to a web hook if set.",
    )
    def alert(context: dg.RunFailureSensorContext, warehouse: WarehouseResource) -> None:
        run = context.dagster_run
        text = alert_text(
            warehouse.settings,
            run.run_id,
            _message(context),
            retried=run.tags.get("dagster/will_retry") == "true",
        )
        path = write_alert(warehouse.settings, run.run_id, text)
        context.log.error(f"{text}\nwritten to {path}")
        webhook = os.environ.get(WEBHOOK_VARIABLE)
        if webhook and not post_alert(webhook, text):
            context.log.error(f"The web hook in {WEBHOOK_VARIABLE} did not take the alert.")

    return alert


def alert_text(settings: Settings, run_id: str, message: str, *, retried: bool = False) -> str:
    """Return what a person must know: what failed, that readers are safe, what to do."""
    to_do = (
        "Dagster runs it again by itself."
        if retried
        else "Correct the cause and run the refresh again."
    )
    return (
        f"The refresh of survey {settings.survey} failed (run {run_id}).\n"
        f"{message}\n"
        f"The current release is as it was. {to_do}"
    )


def write_alert(settings: Settings, run_id: str, text: str) -> Path:
    """Write the alert beside the warehouse."""
    folder = settings.home / "alerts"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{run_id}.txt"
    path.write_text(text + "\n", encoding="utf-8")
    return path


def post_alert(webhook: str, text: str) -> bool:
    """Post the alert as JSON `{"text": …}`; return whether it was taken."""
    request = urllib.request.Request(
        webhook,
        data=json.dumps({"text": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            return True
    except urllib.error.URLError:
        return False


def _message(context: dg.RunFailureSensorContext) -> str:
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    failed = f"Failed steps: {', '.join(steps)}. " if steps else ""
    return f"{failed}{context.failure_event.message}"
