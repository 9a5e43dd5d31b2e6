"""Microsoft Forms and Google Forms: one header row with the full text of every question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landing.headers.model import Header, HeaderColumn, HeaderRow, folded, without_repeats

MICROSOFT = "microsoft_forms"
GOOGLE = "google_forms"

# Start and completion time, in the languages of the account that exported.
_MICROSOFT_TIMES = frozenset(
    {
        ("start time", "completion time"),
        ("begintijd", "tijd van voltooien"),
        ("startzeit", "fertigstellungszeit"),
        ("heure de début", "heure de fin"),
        ("hora de inicio", "hora de finalización"),
    }
)
_GOOGLE_FIRST = frozenset(
    {"timestamp", "tijdstempel", "zeitstempel", "horodateur", "marca temporal"}
)
_MOMENT = re.compile(
    r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T,]+\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?"
    r"( ?[AaPp]\.?[Mm]\.?)?(\s.*)?$"
)


def recognise_microsoft(rows: Sequence[HeaderRow]) -> bool:
    """Tell by the three columns that every export of Microsoft Forms begins with."""
    if len(rows[0]) < 4:
        return False
    first, start, end = (folded(cell) for cell in rows[0][:3])
    return first == "id" and (start, end) in _MICROSOFT_TIMES


def recognise_google(rows: Sequence[HeaderRow]) -> bool:
    """Tell by the timestamp in front, with moments under it, and questions in full sentences."""
    if len(rows) < 2 or len(rows[0]) < 2 or folded(rows[0][0]) not in _GOOGLE_FIRST:
        return False
    moments = [row[0] for row in rows[1:] if row[0]]
    return (
        bool(moments)
        and all(_MOMENT.match(moment) for moment in moments)
        and any(" " in folded(cell) for cell in rows[0][1:])
    )


def interpret_microsoft(rows: Sequence[HeaderRow]) -> Header:
    """Take the texts as names; two questions of one text get numbers."""
    return _interpret(rows, MICROSOFT)


def interpret_google(rows: Sequence[HeaderRow]) -> Header:
    """Take the texts as names; two questions of one text get numbers."""
    return _interpret(rows, GOOGLE)


def _interpret(rows: Sequence[HeaderRow], tool: str) -> Header:
    columns = [HeaderColumn(text or "") for text in rows[0]]
    return Header(without_repeats(columns), 1, tool)
