"""Qualtrics: names, question texts, and a row of JSON with the id of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from landing.findings.errors import LandingError
from landing.headers.model import Header, HeaderColumn, HeaderRow, folded

TOOL = "qualtrics"

# A word processor makes the quotes curly; some programs write each of them twice.
_QUOTES = "[\"'\u2018\u2019\u201c\u201d\u201e\u201f\u00ab\u00bb]{1,2}"
_IMPORT_ID = re.compile(rf"\s*\{{\s*{_QUOTES}ImportId{_QUOTES}\s*:", re.IGNORECASE)
# Columns that every export has, under these names in every language, with what stands in them.
_MOMENT = re.compile(r"[^\d\n]*\d.*\d")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_SYSTEM = {
    "startdate": _MOMENT,
    "enddate": _MOMENT,
    "recordeddate": _MOMENT,
    "responseid": re.compile(r"R_\w+"),
    "progress": _NUMBER,
    "duration (in seconds)": _NUMBER,
    "locationlatitude": _NUMBER,
    "locationlongitude": _NUMBER,
}
_ROWS = 3
_FEWEST = 2


def recognise(rows: Sequence[HeaderRow]) -> bool:
    """Tell by the row of ImportIds, or by its columns with a row of texts above the data."""
    return _import_row(rows) is not None or _has_texts_alone(rows)


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Take names from the first row and labels from the second.

    Exports by older programs leave out the texts; the ImportIds then are the second row. Others
    leave out the ImportIds.

    Raises:
        LandingError: there is neither a row of ImportIds nor one of texts.
    """
    place = _import_row(rows)
    if place is None and not _has_texts_alone(rows):
        raise LandingError(
            "The file has no row of ImportIds, which ends the header of a Qualtrics export.",
            where="header, rows 2 and 3",
            expected='a third row with cells like {"ImportId":"QID1"}',
            remedy="Export the data table from Qualtrics again with all three header rows; or "
            "state how many there are in column `header_rows` of deliveries.csv.",
        )
    n_rows = 2 if place is None else place + 1
    names = rows[0]
    labels = [None] * len(names) if place == 1 else rows[1]
    columns = tuple(
        HeaderColumn(name or "", label or None) for name, label in zip(names, labels, strict=True)
    )
    return Header(columns, n_rows, TOOL)


def _import_row(rows: Sequence[HeaderRow]) -> int | None:
    for place, row in enumerate(rows[:_ROWS]):
        filled = [cell for cell in row if cell]
        # A cell may have been typed over; no answer looks like the others.
        if (
            place
            and filled
            and 2 * sum(bool(_IMPORT_ID.match(cell)) for cell in filled) > len(filled)
        ):
            return place
    return None


def _has_texts_alone(rows: Sequence[HeaderRow]) -> bool:
    """Tell by columns of moments and numbers whose second row holds neither, but the rest do."""
    known = [
        (place, _SYSTEM[folded(name)])
        for place, name in enumerate(rows[0])
        if folded(name) in _SYSTEM
    ]
    if len(rows) < _ROWS or len(known) < _FEWEST:
        return False
    texts = all(
        folded(rows[1][place]) and not shape.match(rows[1][place] or "") for place, shape in known
    )
    values = [
        bool(shape.match(cell))
        for row in rows[2:]
        for place, shape in known
        if (cell := (row[place] or "").strip())
    ]
    return texts and bool(values) and all(values)
