"""Values of SPSS files as text: numbers, dates counted in seconds, and strings with stray bytes."""

from __future__ import annotations

import codecs
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from landing.readers.table import Cell, Notice
from landing.readers.values import cell_text

# SPSS counts seconds from the first day of its calendar.
_ORIGIN = dt.datetime(1582, 10, 14)
_MOMENTS = ("DATETIME", "YMDHMS")
# A quarter, month or week is the day it begins on.
_DAYS = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR")
_DURATIONS = ("TIME", "DTIME", "MTIME")
_SECONDS_OF_DAY = 86400
# After so many years the calendar begins anew.
_YEARS_OF_CYCLE, _DAYS_OF_CYCLE = 400, 146_097
# SPSS writes thousandths of seconds at most; what a double adds to that is noise.
_DECIMALS_OF_SECONDS = 3
# As spreadsheets and SPSS itself show: 0.1 + 0.2 is 0.3.
_DIGITS = 15
_SHOWN = 5


STRAY_BYTES = "stray_bytes"
"""Code of the notice of a byte that is no text."""


class _Impossible(Exception):
    """A number of seconds that is no date."""


def value_text(value: object, print_format: str) -> Cell:
    """Return a value as text, by the print format of its column.

    A date that cannot be is what it is, a number.
    """
    try:
        return _text(value, print_format)
    except _Impossible:
        return cell_text(value, digits=_DIGITS)


def column_texts(
    values: Sequence[object], print_format: str, name: str
) -> tuple[list[Cell], tuple[Notice, ...]]:
    """Return the cells of a column; a date that cannot be is empty, and is reported."""
    texts: list[Cell] = []
    impossible: list[str] = []
    for row, value in enumerate(values, start=1):
        try:
            texts.append(_text(value, print_format))
        except _Impossible as error:
            texts.append(None)
            impossible.append(f"{row} ({error})")
    if not impossible:
        return texts, ()
    more = f" and {len(impossible) - _SHOWN} more" if len(impossible) > _SHOWN else ""
    notice = Notice(
        "date_out_of_range",
        f"{len(impossible)} date(s) lie outside the calendar and are read as empty.",
        f"column '{name}', data row {', '.join(impossible[:_SHOWN])}{more}",
        "Correct them in the survey tool, or clear them.",
    )
    return texts, (notice,)


def _text(value: object, print_format: str) -> Cell:
    kind = print_format.rstrip("0123456789.")
    if not isinstance(value, int | float) or not math.isfinite(value):
        return cell_text(value, digits=_DIGITS)
    if kind not in (*_MOMENTS, *_DAYS, *_DURATIONS):
        return cell_text(value, digits=_DIGITS)
    seconds = round(value, _DECIMALS_OF_SECONDS)
    try:
        since = dt.timedelta(seconds=seconds)
        if kind in _DURATIONS:
            return cell_text(since)
        moment = _ORIGIN + since
    except OverflowError as error:
        cycles, days = divmod(int(seconds // _SECONDS_OF_DAY), _DAYS_OF_CYCLE)
        year = (_ORIGIN + dt.timedelta(days=days)).year + _YEARS_OF_CYCLE * cycles
        raise _Impossible(f"the year {year}") from error
    return cell_text(moment if kind in _MOMENTS else moment.date())


@dataclass
class StrayBytes:
    """Strings that were read byte by byte, put back into the encoding of their file.

    Attributes:
        encoding: what the file says it is in.
        places: where a byte is no text in it.
    """

    encoding: str
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            self.encoding = "utf-8"

    def mended(self, text: str, where: str) -> str:
        """Return a text, with a mark where a byte is none."""
        raw = text.encode("latin-1", errors="replace")
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError:
            self.places.append(where)
            return raw.decode(self.encoding, errors="replace")

    def notices(self) -> tuple[Notice, ...]:
        """Return what was found."""
        if not self.places:
            return ()
        more = len(self.places) - _SHOWN
        return (
            Notice(
                STRAY_BYTES,
                f"{len(self.places)} text(s) hold a byte that is no {self.encoding}; \ufffd is "
                "read in its place.",
                "; ".join(self.places[:_SHOWN]) + (f"; and {more} more" if more > 0 else ""),
                "Correct them in the survey tool, and save the file again in SPSS as Unicode.",
            ),
        )
