"""Somebody must hear of failed runs and of findings: by a file, and by a web hook if set."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from barometer.environment import ALERT_WEBHOOK
from barometer.errors import BarometerError
from barometer.settings import Settings
from orchestration.assets.resources import WarehouseResource
from orchestration.flow.standing import finding_lines
from orchestration.flow.steps import delivery_findings, read_registry

if TYPE_CHECKING:
    from landing.kept_findings import DeliveryFindings

TIMEOUT_SECONDS = 10


class AlertNotSentError(BarometerError):
    """Nobody heard of a failed run by the web hook; the alert file is there all the same."""


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
        for problem in tell(warehouse.settings, run.run_id, text):
            context.log.error(problem)

    return alert


def finding_sensor(status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """Return the sensor that reports what was found in deliveries, once until it changes."""

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="finding_alert",
        default_status=status,
        description="Tells what nobody accepted of what was found in deliveries, when it changes.",
    )
    def alert(context: dg.RunStatusSensorContext, warehouse: WarehouseResource) -> None:
        for line in tell_findings(warehouse.settings, context.dagster_run.run_id):
            context.log.warning(line)

    return alert


def tell_findings(settings: Settings, run_id: str) -> list[str]:
    """Tell what is open in the deliveries, unless that was told last; return lines for the log."""
    text = finding_text(settings, delivery_findings(settings, read_registry(settings)))
    if text is None or text in _texts_told(settings):
        return []
    return tell(settings, run_id, text)


def finding_text(settings: Settings, found: "Sequence[DeliveryFindings]") -> str | None:
    """Return what is open in the deliveries, and what to do; None where nothing is."""
    lines = list(
        finding_lines(settings, [file for file in found if file.open], {f.file_name for f in found})
    )
    if not lines:
        return None
    return "\n".join(
        [f"Deliveries of survey {settings.survey} have findings that nobody accepted.", *lines]
    )


def _texts_told(settings: Settings) -> list[str]:
    """Return the text of the last alert about findings, if there was one."""
    folder = settings.home / "alerts"
    told = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    texts = [path.read_text(encoding="utf-8").rstrip("\n") for path in told]
    return [text for text in texts if text.startswith("Deliveries of survey ")][-1:]


def tell(settings: Settings, run_id: str, text: str) -> list[str]:
    """Write the alert and post it; return the lines for the log, which failures are among.

    A way that fails does not close the other one.
    """
    lines = []
    try:
        lines.append(f"{text}\nwritten to {write_alert(settings, run_id, text)}")
    except OSError as error:
        lines.append(f"{text}\nThe alert could not be written: {error}")
    webhook = ALERT_WEBHOOK.read()
    if webhook:
        try:
            post_alert(webhook, text)
        except AlertNotSentError as error:
            lines.append(error.render())
    return lines


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


def post_alert(webhook: str, text: str) -> None:
    """Post the alert as JSON `{"text": …}`.

    Raises:
        AlertNotSentError: it was not taken: no answer, no answer in time, a refusal, no address.
    """
    try:
        request = urllib.request.Request(
            webhook,
            data=json.dumps({"text": text}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
            return
    except (OSError, http.client.HTTPException, ValueError) as error:
        # The address may hold a secret, and messages about a wrong one quote it.
        status = f" {error.code}" if isinstance(error, urllib.error.HTTPError) else ""
        inner = error.reason if isinstance(error, urllib.error.URLError) else error
        kind = inner if isinstance(inner, Exception) else error
        raise AlertNotSentError(
            f"The web hook did not take the alert ({type(kind).__name__}{status}).",
            where=ALERT_WEBHOOK.name,
            expected=f"an answer within {TIMEOUT_SECONDS} seconds",
            remedy="Check the address, and whether it can be reached from here.",
        ) from None


def _message(context: dg.RunFailureSensorContext) -> str:
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    failed = f"Failed steps: {', '.join(steps)}. " if steps else ""
    return f"{failed}{context.failure_event.message}"
