"""Write a table of a release as CSV or XLSX that no spreadsheet program takes for formulas.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, also after a tab or
a carriage return (OWASP, "CSV Injection"). Texts of a release come from registries, and some of
those from people outside; they are written so that they are shown and never run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import duckdb

from barometer.databases import RELEASE, opened
from barometer.errors import UsageError
from barometer.spreadsheet_cells import CELL_LENGTH, cell_length
from publication.outlets.targets import new_file
from publication.tables import ABOUT, literal, quote
from registry.schemas import CORE

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMATS = (".csv", ".xlsx", ".parquet")
BESIDE = ".txt"
"""Of the file beside a CSV, which has no room of its own to say who may see it."""
SHEET_ROWS = 1_048_576


def safe_cell(value: object) -> object:
    """Return a text that would be run as a formula with an apostrophe before it; else the value."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV with safe cells; a missing value is an empty cell."""
    plain = csv.writer(stream, lineterminator="\n")
    # Python below 3.13 quotes no lone carriage return, at which most programs begin a new row.
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in chain([columns], rows):
        cells = ["" if value is None else safe_cell(value) for value in row]
        splits = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted if splits else plain).writerow(cells)


def write_xlsx(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[str] = ()
) -> None:
    """Write rows as one sheet; texts are typed as text, so that none is a formula.

    Args:
        path: the file.
        columns: what stands in the first row.
        rows: the rows.
        about: what a sheet before it says, and the head of every printed page.

    Raises:
        UsageError: more rows than a sheet has, or a text that no cell can hold.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    if about:
        first = book.create_sheet("about")
        for line in about:
            first.append([_text_cell(first, line)])
    sheet = book.create_sheet("table")
    sheet.oddHeader.center.text = about[0].replace("&", "&&") if about else None
    sheet.append([_text_cell(sheet, column) for column in columns])
    for number, row in enumerate(rows, start=2):
        if number > SHEET_ROWS:
            raise _not_in_a_sheet(f"more than {SHEET_ROWS:,} rows")
        sheet.append([_text_cell(sheet, v) if isinstance(v, str) else v for v in row])
    book.save(path)


def copy_to_parquet(selected: str, path: Path, description: str) -> str:
    """Return the statement that writes rows to a Parquet file, which says what they are."""
    return (
        f"copy ({selected}) to {literal(str(path))}"
        f" (format parquet, kv_metadata {{description: {literal(description)}}})"
    )


def download(database: Path, table: str, target: Path, rights: int = 0o600) -> int:
    """Write one table of a release to a file, its kind by its suffix; return the row count.

    Who may read the file follows from `rights`, those of the edition; what the release says of the
    table, first who may see it, goes with it: in a Parquet file's metadata, on a sheet of its own,
    or in a text file beside a CSV.

    Raises:
        UsageError: the release is damaged, the table is not in it, the suffix is none of `FORMATS`,
            there is no such folder, or the format cannot hold the table.
    """
    with (
        new_file(target, FORMATS, rights) as draft,
        opened(UsageError, RELEASE, database) as connection,
    ):
        present = [
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_catalog = current_database() order by all"
            ).fetchall()
        ]
        if table not in present:
            raise UsageError(
                f"The release has no table '{table}'.",
                expected="one of: " + ", ".join(present),
                remedy="Name the schema too, as in core.mart_estimates.",
            )
        schema, name = table.split(".", 1)
        about = _about(connection, schema, name)
        selected = f"from {quote(schema)}.{quote(name)} order by all"
        result = connection.execute(selected)
        columns = [column[0] for column in result.description or []]
        if draft.suffix == ".parquet":
            copied = connection.execute(copy_to_parquet(selected, draft, " ".join(about)))
            return sum(number for (number,) in copied.fetchall())
        rows = result.fetchall()
        if draft.suffix == ".csv":
            with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                write_csv(stream, columns, rows)
            # First, so that no table is ever there without it.
            with new_file(target.with_name(f"{target.name}{BESIDE}"), (BESIDE,), rights) as beside:
                beside.write_text("".join(f"{line}\n" for line in about), encoding="utf-8")
        else:
            write_xlsx(draft, columns, rows, about)
        return len(rows)


def _about(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> tuple[str, ...]:
    """Return what the release says of a table, who may see it first, and which release it is."""
    described = connection.execute(
        "select coalesce(comment, '') from duckdb_tables() where database_name = current_database()"
        f" and schema_name = {literal(schema)} and table_name = {literal(name)}"
    ).fetchone()
    release = connection.execute(
        f"select release_id, survey, edition, label from {CORE}.{ABOUT}"
    ).fetchone()
    comment = described[0] if described else ""
    if release is None:
        return (comment,)
    release_id, survey, edition, label = release
    return (label, comment, f"{schema}.{name}, release {release_id}, {edition} edition of {survey}")


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    if cell_length(text) > CELL_LENGTH:
        raise _not_in_a_sheet(f"a text of more than {CELL_LENGTH:,} characters")
    try:
        cell: Cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError as error:
        raise _not_in_a_sheet(f"a text with a control character: {text[:40]!r}") from error
    cell.data_type = "s"
    return cell


def _not_in_a_sheet(what: str) -> UsageError:
    return UsageError(
        "The table does not fit in a workbook.",
        where=what,
        expected=f"at most {SHEET_ROWS:,} rows, and plain texts of at most {CELL_LENGTH:,} "
        "characters",
        remedy="Name a file that ends in .csv or .parquet.",
    )
