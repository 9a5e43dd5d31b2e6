"""Typed cells to the text a person would have typed."""

from __future__ import annotations

import datetime as dt
import math

from barometer.numerals import is_ambiguous

_LARGEST_EXACT = 1e15


def number_text(value: float, *, digits: int | None = None) -> str | None:
    """Return a number as text, without `.0` on whole numbers; None for not-a-number.

    What could be taken for thousands gets a zero more: `1.5130`. `digits` limits the
    significant digits: a spreadsheet shows 15 of the 17 a double holds.
    """
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < _LARGEST_EXACT:
        return str(int(value))
    text = repr(value) if digits is None else format(value, f".{digits}g")
    return f"{text}0" if is_ambiguous(text) else text


def cell_text(value: object, *, digits: int | None = None) -> str | None:
    """Return any typed cell as text: numbers as above, dates and times as ISO 8601."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(float(value), digits=digits)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return _duration(value)
    return str(value)


def _duration(value: dt.timedelta) -> str:
    total = value.total_seconds()
    sign = "-" if total < 0 else ""
    minutes, seconds = divmod(abs(total), 60)
    hours, minutes = divmod(int(minutes), 60)
    whole = f"{sign}{hours:02d}:{minutes:02d}:{int(seconds):02d}"
    fraction = f"{seconds % 1:.6f}"[1:].rstrip("0").rstrip(".")
    return whole + fraction
