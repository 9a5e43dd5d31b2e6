"""A check report for programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from landing.findings.finding import CheckReport

# Raised when a field is removed or changes its meaning; a new field does not raise it.
FORMAT_VERSION = 1


def report_as_json(report: CheckReport) -> str:
    """Return everything a report says as JSON text; keys are the names of the fields."""
    content: dict[str, Any] = {"format_version": FORMAT_VERSION, "fit_to_land": not report.errors}
    content |= dataclasses.asdict(report)
    return json.dumps(content, ensure_ascii=False, indent=2, default=_date)


def _date(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
