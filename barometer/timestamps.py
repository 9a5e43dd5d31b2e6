"""Moments as people and tools write them, rewritten so that every engine reads them alike."""

from __future__ import annotations

import datetime as dt
import re

_ZONE = re.compile(r" (gmt|utc|cet|cest)([+-][0-9:]+)?$", re.IGNORECASE)
_SERIAL = re.compile(r"[2-7][0-9]{4}([.,][0-9]+)?")
_SERIAL_START = dt.datetime(1899, 12, 30)
_HALF_DAY = re.compile(r" ?([ap])[.]?m[.]?$", re.IGNORECASE)
_YEAR_LAST = re.compile(r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_HOUR = re.compile(r"(?<=[ T])([0-9]{1,2})(?=:)")
_ORDERS = {"day_first": r"\3-\2-\1", "month_first": r"\3-\1-\2"}


def plain_moment(text: str, date_order: str | None) -> str:
    """Return a moment with the year first and 24 hours a day; any other text as it is.

    A number from 20000 to 79999 is a moment as a spreadsheet counts it, in days.
    Same rule as the macro `to_moment`, up to the cast.

    Args:
        text: as delivered.
        date_order: how a date with the year last is meant, `day_first` or `month_first`; None
            leaves it alone, so that it is no date.
    """
    if _SERIAL.fullmatch(text.strip(" ")):
        days = float(text.replace(",", "."))
        seconds = round(days % 1 * 86400)
        return str(_SERIAL_START + dt.timedelta(days=int(days), seconds=seconds))
    plain = _ZONE.sub("", text.strip(" "))
    half = _HALF_DAY.search(plain)
    if half:
        plain = _HOUR.sub(
            lambda hour: _on_24_hours(hour[1], half[1].lower()), plain[: half.start()]
        )
    if date_order in _ORDERS:
        plain = _YEAR_LAST.sub(_ORDERS[date_order], plain)
    return plain


def _on_24_hours(hour: str, half: str) -> str:
    number = int(hour)
    if half == "p" and number < 12:
        number += 12
    elif half == "a" and number == 12:
        number = 0
    return f"{number:02d}"
