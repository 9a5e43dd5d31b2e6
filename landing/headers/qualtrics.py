"""Qualtrics: names, question texts, and a row of JSON with the id of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landing.findings.errors import LandingError
from landing.headers.model import Header, HeaderColumn, HeaderRow

TOOL = "qualtrics"

_IMPORT_ID = re.compile(r"""^\s*\{\s*["']ImportId["']\s*:""")
_ROWS = 3


def recognise(rows: Sequence[HeaderRow]) -> bool:
    """Tell by the row of ImportIds, which no other tool writes."""
    return _import_row(rows) is not None


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Take names from the first row and labels from the second.

    Exports by older programs leave out the texts; the ImportIds then are the second row.

    Raises:
        LandingError: there is no row of ImportIds.
    """
    place = _import_row(rows)
    if place is None:
        raise LandingError(
            "The file has no row of ImportIds, which ends the header of a Qualtrics export.",
            where="header, rows 2 and 3",
            expected='a third row with cells like {"ImportId":"QID1"}',
            remedy="Export the data table from Qualtrics again with all three header rows, or "
            "set `tool` to generic in the deliveries registry.",
        )
    names = rows[0]
    labels = rows[1] if place == _ROWS - 1 else [None] * len(names)
    columns = tuple(
        HeaderColumn(name or "", label or None) for name, label in zip(names, labels, strict=True)
    )
    return Header(columns, place + 1, TOOL)


def _import_row(rows: Sequence[HeaderRow]) -> int | None:
    for place, row in enumerate(rows[:_ROWS]):
        filled = [cell for cell in row if cell]
        if place and filled and all(map(_IMPORT_ID.match, filled)):
            return place
    return None
