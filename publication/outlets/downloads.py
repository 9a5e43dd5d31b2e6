"""Write tables of a release as CSV, XLSX or Parquet that no spreadsheet program takes for formulas.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, also after a tab or
a carriage return (OWASP, "CSV Injection"). Texts of a release come from registries, and some of
those from people outside; they are written so that they are shown and never run.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import duckdb

from barometer.databases import RELEASE, opened
from barometer.errors import UsageError
from publication.outlets.described import Table, described_tables
from publication.outlets.targets import new_file
from publication.outlets.workbooks import Sheet, write_workbook
from publication.tables import ABOUT, literal
from registry.schemas import CORE

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV, WORKBOOK = ".csv", ".xlsx"
FORMATS = (CSV, WORKBOOK, ".parquet")
BESIDE = ".txt"
"""Of the file beside a CSV, which has no room of its own to say who may see it."""
_MONTH = "(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*"
_CHANGED = re.compile(
    r"\s*(?:"
    r"0[0-9]+|[0-9]{16,}"  # loses its zeros, or its last digits
    r"|[0-9]+[.,][0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9.,]+\s*%"  # a number
    r"|[0-9]{1,4}[-/:.][0-9]{1,2}(?:[-/:.][0-9]{1,4})?"  # a date or a time
    rf"|[0-9]{{1,2}}[- ]?{_MONTH}(?:[- ]?[0-9]{{2,4}})?|{_MONTH}[- ][0-9]{{1,4}}"  # 3 mei
    r"|waar|onwaar"
    r")\s*",
    re.IGNORECASE,
)
"""Texts that a Dutch spreadsheet program shows as another value; a plain whole number stays."""


def safe_cell(value: object) -> object:
    """Return a text that would be run as a formula with an apostrophe before it; else the value."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


@dataclass(frozen=True)
class Delimited:
    """How a CSV file is written.

    Attributes:
        separator: what stands between cells.
        decimal: what stands before the decimals of a number.
        truth: what stands for true and for false.
        keeps_texts: a text that a spreadsheet would turn into another value is marked as text too.
    """

    separator: str = ","
    decimal: str = "."
    truth: tuple[str, str] = ("True", "False")
    keeps_texts: bool = False


PLAIN = Delimited()
DUTCH = Delimited(";", ",", ("WAAR", "ONWAAR"), keeps_texts=True)
"""As spreadsheet programs read CSV under the regional settings of the Netherlands and Belgium."""


def write_csv(
    stream: TextIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    style: Delimited = PLAIN,
) -> None:
    """Write rows as CSV with safe cells; a missing value is an empty cell."""
    plain = csv.writer(stream, lineterminator="\n", delimiter=style.separator)
    # Python below 3.13 quotes no lone carriage return, at which most programs begin a new row.
    quoted = csv.writer(
        stream, lineterminator="\n", delimiter=style.separator, quoting=csv.QUOTE_ALL
    )
    for row in chain([columns], rows):
        cells = [_cell(value, style) for value in row]
        splits = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted if splits else plain).writerow(cells)


def _cell(value: object, style: Delimited) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return style.truth[0] if value else style.truth[1]
    if isinstance(value, float):
        return str(value).replace(".", style.decimal)
    if style.keeps_texts and isinstance(value, str) and _CHANGED.fullmatch(value):
        return f"'{value}"
    return safe_cell(value)


def copy_to_parquet(selected: str, path: Path, description: str, columns: Mapping[str, str]) -> str:
    """Return the statement that writes rows to a Parquet file, which says what they are.

    The metadata of the file have `description`, and `columns`: a JSON object of what each means.
    DuckDB has no metadata of single columns, and another library would have to write all anew.
    """
    meanings = json.dumps(dict(columns), ensure_ascii=False)
    return (
        f"copy ({selected}) to {literal(str(path))} (format parquet, kv_metadata"
        f" {{description: {literal(description)}, columns: {literal(meanings)}}})"
    )


def download(
    database: Path, name: str, target: Path, rights: int = 0o600, style: Delimited = PLAIN
) -> int:
    """Write a table of a release to a file, its kind by its suffix; return the row count.

    A schema (`innovation`) becomes one workbook with a sheet per table.

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
        tables = _chosen(described_tables(connection), name)
        if draft.suffix == WORKBOOK:
            sheets = [Sheet(one.full_name, one.columns, _rows(connection, one)) for one in tables]
            write_workbook(draft, sheets, _about(connection, name, tables))
            return sum(len(sheet.rows) for sheet in sheets)
        if style != PLAIN and draft.suffix != CSV:
            raise UsageError(
                f"Decimal commas are for CSV; '{target}' is none.",
                expected=f"a file that ends in {CSV}",
                remedy="Leave the option out: the program that opens the file shows numbers its "
                "own way.",
            )
        if len(tables) > 1 or name != tables[0].full_name:
            raise UsageError(
                f"'{name}' is a schema, and only a workbook has room for more than one table.",
                expected=f"a file that ends in {WORKBOOK}, or one of: "
                + ", ".join(one.full_name for one in tables),
                remedy="Name another file, or one table.",
            )
        (table,) = tables
        about = _about(connection, name, tables)
        if draft.suffix == CSV:
            rows = _rows(connection, table)
            with draft.open("w", encoding="utf-8-sig", newline="") as stream:
                write_csv(stream, [column.name for column in table.columns], rows, style)
            # First, so that no table is ever there without it.
            with new_file(target.with_name(f"{target.name}{BESIDE}"), (BESIDE,), rights) as beside:
                beside.write_text("".join(f"{line}\n" for line in about), encoding="utf-8")
            return len(rows)
        said = {column.name: column.description for column in table.columns}
        selected = f"from {table.quoted} order by all"
        copied = connection.execute(copy_to_parquet(selected, draft, " ".join(about), said))
        return sum(number for (number,) in copied.fetchall())


def _chosen(present: Sequence[Table], name: str) -> tuple[Table, ...]:
    """Return the table of that name, or the tables of the schema of that name."""
    chosen = tuple(table for table in present if name in (table.full_name, table.schema))
    if chosen:
        return chosen
    schemas = dict.fromkeys(table.schema for table in present)
    schema = name.split(".", 1)[0]
    near = [table.full_name for table in present if table.schema == schema]
    raise UsageError(
        f"The release has no table '{name}'.",
        expected="one of: " + ", ".join(near or schemas),
        remedy="Name a table with its schema, as in core.mart_findings; or a schema, for a "
        "workbook of all its tables.",
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: Table) -> list[tuple[Any, ...]]:
    return connection.execute(f"from {table.quoted} order by all").fetchall()


def _about(
    connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[Table]
) -> tuple[str, ...]:
    """Return what the release says of tables, who may see them first, and which release it is."""
    release = connection.execute(
        f"select release_id, survey, edition, label from {CORE}.{ABOUT}"
    ).fetchone()
    alone = len(tables) == 1
    said = [
        table.description if alone else f"{table.name}: {table.description}" for table in tables
    ]
    if release is None:
        return tuple(said)
    release_id, survey, edition, label = release
    return (label, *said, f"{name}, release {release_id}, {edition} edition of {survey}")
