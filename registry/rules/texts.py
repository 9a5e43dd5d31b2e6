"""Checks that every outlet can hold the texts of the registries, and no reader is misled by one.

Texts go to DuckDB, Parquet, CSV, workbooks, PostgreSQL and pages. What one of them refuses, cuts
off, splits in two or turns around is refused here, before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from barometer.printable import breaks_the_line, described, first_unprintable
from barometer.spreadsheet_cells import CELL_LENGTH, cell_length
from registry.model import TABLES, Registry
from registry.problems import Problem, at
from registry.tables.declaring import ColumnSchema, TableSchema

# Repeats what was delivered, as columns do that are declared verbatim.
_DELIVERED = frozenset(
    {
        ("organisation_matches", "delivered_key"),
        ("organisation_matches", "delivered_name"),
        ("organisation_membership", "match_value"),
    }
)
_NUL = "\x00"


def check_texts(registry: Registry) -> Iterator[Problem]:
    """Yield every text that some outlet cannot hold as it is.

    Ids and what refers to them are held to their form by the declaration.
    """
    for name, table in TABLES.items():
        rows = registry.rows_of(name)
        for column in _texts(table):
            is_delivered = column.is_verbatim or (name, column.name) in _DELIVERED
            for row in rows:
                text = getattr(row, column.name)
                told = _wrong(text, is_delivered=is_delivered) if text else None
                if told is not None:
                    yield at(row, column.name).wrong(*told)


def _texts(table: TableSchema) -> Iterator[ColumnSchema]:
    refer = {name for reference in table.references for name in reference.columns}
    for column in table.columns:
        if column.data_type != "string" or column.allowed or column.is_identifier:
            continue
        if column.name not in refer:
            yield column


def _wrong(text: str, *, is_delivered: bool) -> tuple[str, str, str] | None:
    """Return what is wrong with a text, what was expected and what to do; None where nothing is."""
    length = cell_length(text)
    if length > CELL_LENGTH:
        return (
            f"The text is {length:,} characters long and begins '{text[:20]}'.",
            f"at most {CELL_LENGTH:,} characters, which is what a cell of a workbook holds",
            "Shorten the text.",
        )
    found = (_NUL if _NUL in text else None) if is_delivered else first_unprintable(text)
    if found is None:
        return None
    place = text.index(found)
    where = f"after '{text[max(0, place - 20) : place]}'" if place else "at its beginning"
    if breaks_the_line(found):
        return (
            f"The text has a line break ({described(found)}) {where}.",
            "one line: some programs take the second for another row",
            "Write the text on one line.",
        )
    return (
        f"The text holds a character that cannot be shown ({described(found)}) {where}.",
        "letters, digits, blanks and signs; no control characters, and nothing that turns the "
        "direction of the text",
        "Delete the character, or type the text anew.",
    )
