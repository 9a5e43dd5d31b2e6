"""Write a table of a release as CSV or XLSX that no spreadsheet program takes for formulas.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, also after a tab or
a carriage return (OWASP, "CSV Injection"). Texts of a release come from registries, and some of
those from people outside; they are written so that they are shown and never run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from barometer.databases import RELEASE, opened
from barometer.errors import UsageError
from barometer.private import set_rights
from publication.tables import quote

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMATS = (".csv", ".xlsx", ".parquet")


def safe_cell(value: object) -> object:
    """Return a text that would be run as a formula with an apostrophe before it; else the value."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV with safe cells; a missing value is an empty cell."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe_cell(column) for column in columns])
    for row in rows:
        writer.writerow(["" if value is None else safe_cell(value) for value in row])


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as one sheet; texts are typed as text, so that none is a formula."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.append([_text_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_text_cell(sheet, v) if isinstance(v, str) else v for v in row])
    book.save(path)


def download(database: Path, table: str, target: Path, rights: int = 0o600) -> int:
    """Write one table of a release to a file, its kind by its suffix; return the row count.

    Who may read the file follows from `rights`, those of the edition.

    Raises:
        UsageError: the release is damaged, the table is not in it, or the suffix is none of
            `FORMATS`.
    """
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(
            f"A table cannot be written as '{target.name}'.",
            expected="a name that ends in " + ", ".join(FORMATS),
            remedy="Give the file another name.",
        )
    with opened(UsageError, RELEASE, database) as connection:
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
        selected = f"from {quote(schema)}.{quote(name)} order by all"
        result = connection.execute(selected)
        columns = [column[0] for column in result.description or []]
        draft = target.with_name(f".{target.name}.draft{suffix}")
        if suffix == ".parquet":
            relation = connection.sql(selected)
            relation.write_parquet(str(draft))
            count = len(relation)
        else:
            rows = result.fetchall()
            count = len(rows)
            if suffix == ".csv":
                with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                    write_csv(stream, columns, rows)
            else:
                write_xlsx(draft, columns, rows)
    set_rights(draft, rights)
    draft.replace(target)
    return count


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
