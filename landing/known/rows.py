"""The rows of an export by the organisation that they say they are."""

from __future__ import annotations

from dataclasses import dataclass

from landing.checks.subject import ColumnUse, Subject
from landing.readers.workspace_rows import stripped

# The signs that spreadsheets put before a number that is to stay a text.
APOSTROPHES = "'’‘`´"


SLIPPED = (
    "Export again from the survey tool; a column that was sorted or filled by itself no longer "
    "belongs to the rows beside it."
)
"""What to do about keys that stand in the wrong rows."""


@dataclass(frozen=True)
class KeyedRow:
    """A data row, from 1, with the key and the name in it; without a name column it is empty."""

    number: int
    key: str
    name: str


def bare_key(key: str) -> str:
    """Return a key without all that spreadsheets add to one or take from it."""
    return key.lstrip(APOSTROPHES).removesuffix(".0").lstrip("0")


def keyed_rows(subject: Subject, use: ColumnUse) -> list[KeyedRow]:
    """Return the rows that have a key, in the order of the file.

    Args:
        subject: the export.
        use: its column of organisation keys.
    """
    cells = subject.table.cells
    name_use = subject.first_use("organisation_name")
    name = "''" if name_use is None else f"coalesce({cells.cell(name_use.column.position)}, '')"
    key = stripped(cells.cell(use.column.position))
    return [
        KeyedRow(number, found, named)
        for number, found, named in cells.fetch(
            f"{cells.row_number}, {key} as key, {name}", "and key <> '' order by rowid"
        )
    ]
