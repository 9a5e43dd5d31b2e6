"""Reads one registry file: encoding, header, shape, and every cell against its column."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.problems import Problem, did_you_mean, listed
from registry.schema import ColumnSchema, TableSchema

Value = str | int | float | bool | datetime.date | None

# Columns that repeat what stands in somebody else's file, blanks and all.
_VERBATIM = {"raw_value", "column_name", "separator"}

_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_EXPECTED = {
    "integer": "a whole number, such as 3",
    "double": "a number with a point for decimals, such as 2.5",
    "boolean": "true or false",
    "date": "a date as YYYY-MM-DD, such as 2021-05-31",
}

# Stand in for a cell that was reported, so that the other checks can go on.
_STAND_INS: Mapping[str, Value] = {
    "string": "",
    "integer": 0,
    "double": 0.0,
    "boolean": False,
    "date": datetime.date.min,
}


@dataclass(frozen=True)
class Row:
    """One data row: the line where it begins and its typed values by column.

    Attributes:
        line: line in the file, the header being line 1.
        values: typed values; a stand-in where the cell was reported already.
        unsound: columns whose cell was reported already.
    """

    line: int
    values: Mapping[str, Value]
    unsound: frozenset[str]

    def text(self, column: str) -> str | None:
        """Return a text cell, None when empty or reported already."""
        value = self.values[column]
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True)
class Table:
    """One registry as read.

    Attributes:
        schema: its declaration.
        rows: the rows that have the right number of cells.
        problems: everything wrong with the file and its cells.
        complete: whether every row of the file was read.
    """

    schema: TableSchema
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    complete: bool


def read_registry(folder: Path, schema: TableSchema) -> Table:
    """Read one registry and report every problem in it."""
    path = folder / schema.file_name
    if not path.is_file():
        return _unreadable(
            schema,
            None,
            f"The registry {schema.file_name} is missing.",
            "a file with the header " + ",".join(schema.header),
            "Add the file; the header alone is enough where the survey has no rows for it.",
        )
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _unreadable(
            schema,
            line,
            f"The registry {schema.file_name} is not UTF-8: byte 0x{content[error.start]:02x}.",
            "text in UTF-8",
            "Save the file as UTF-8 (in Excel: 'CSV UTF-8').",
        )
    if text.startswith("\ufeff"):
        return _unreadable(
            schema,
            1,
            f"The registry {schema.file_name} begins with a byte order mark.",
            "UTF-8 without a byte order mark",
            "Save the file as UTF-8 without a byte order mark (BOM).",
        )
    return _parse(text, schema)


def _unreadable(
    schema: TableSchema, line: int | None, what: str, expected: str, remedy: str
) -> Table:
    problem = Problem(schema.name, line, "", what, expected, remedy)
    return Table(schema, (), (problem,), complete=False)


def _parse(text: str, schema: TableSchema) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        return _unreadable(
            schema,
            start,
            f"This row cannot be read as CSV: {error}.",
            'cells between commas; a cell with a comma or quote in "double quotes"',
            "Close the quoted cell, and write a quote inside it twice.",
        )
    if not records:
        return _unreadable(
            schema,
            None,
            f"The registry {schema.file_name} is empty.",
            "the header " + ",".join(schema.header),
            "Add the header line.",
        )
    header = records[0][1]
    problems = _check_header(header, schema)
    if problems:
        return Table(schema, (), tuple(problems), complete=False)
    rows: list[Row] = []
    for line, cells in records[1:]:
        if len(cells) != len(header):
            problems.append(_ragged(schema, line, cells))
            continue
        row, found = _type_row(schema, line, dict(zip(header, cells, strict=True)))
        rows.append(row)
        problems.extend(found)
    complete = len(rows) == len(records) - 1
    return Table(schema, tuple(rows), tuple(problems), complete=complete)


def _check_header(header: list[str], schema: TableSchema) -> list[Problem]:
    problems: list[Problem] = []
    expected = "the header " + ",".join(schema.header)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        what = "The cells of this file are not separated by commas."
        remedy = "Save the file with commas between the cells."
        return [Problem(schema.name, 1, "", what, expected, remedy)]
    for name in schema.header:
        if name not in header:
            problems.append(
                Problem(
                    schema.name,
                    1,
                    name,
                    f"The column '{name}' is missing.",
                    expected,
                    "Add the column; leave its cells empty where there is nothing to say.",
                )
            )
    for position, name in enumerate(header):
        if name not in schema.header:
            what = f"The column '{name}' is unknown."
            remedy = did_you_mean(name, schema.header) + "Rename or delete the column."
        elif name in header[:position]:
            what = f"The column '{name}' occurs twice."
            remedy = "Delete one of the two."
        else:
            continue
        problems.append(Problem(schema.name, 1, name, what, expected, remedy))
    if not problems and tuple(header) != schema.header:
        problems.append(
            Problem(
                schema.name,
                1,
                "",
                "The columns are not in the declared order.",
                expected,
                "Put the columns in that order, so that changes can be compared line by line.",
            )
        )
    return problems


def _ragged(schema: TableSchema, line: int, cells: list[str]) -> Problem:
    if not cells:
        what = "This line is empty."
        remedy = "Delete the line."
    else:
        what = f"This row has {len(cells)} cell{'' if len(cells) == 1 else 's'}."
        remedy = "Add or remove commas; put a cell that has a comma in double quotes."
    expected = f"{len(schema.columns)} cells, as in the header"
    return Problem(schema.name, line, "", what, expected, remedy)


def _type_row(
    schema: TableSchema, line: int, cells: Mapping[str, str]
) -> tuple[Row, list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column in schema.columns:
        value, problem = _type_cell(schema.name, line, column, cells[column.name])
        values[column.name] = value
        if problem is not None:
            problems.append(problem)
    unsound = frozenset(problem.column for problem in problems)
    return Row(line, values, unsound), problems


def _type_cell(
    table: str, line: int, column: ColumnSchema, text: str
) -> tuple[Value, Problem | None]:
    stand_in = _STAND_INS[column.data_type]

    def wrong(what: str, expected: str, remedy: str) -> tuple[Value, Problem]:
        return stand_in, Problem(table, line, column.name, what, expected, remedy)

    if not text:
        if not column.required:
            return None, None
        return wrong(
            f"'{column.name}' is empty.",
            listed(column.allowed) or _EXPECTED.get(column.data_type, "a value in every row"),
            "Fill the cell.",
        )
    if text != text.strip() and column.name not in _VERBATIM:
        return wrong(
            f"'{text}' has white space around it.",
            f"'{text.strip()}'",
            "Remove the blanks at the beginning and the end of the cell.",
        )
    value = _convert(column.data_type, text)
    if value is None:
        return wrong(
            f"'{text}' cannot be read as {column.data_type}.",
            _EXPECTED[column.data_type],
            "Write the value in that form, or leave the cell empty."
            if not column.required
            else "Write the value in that form.",
        )
    if column.allowed and text not in column.allowed:
        return wrong(
            f"'{text}' is not a value of '{column.name}'.",
            "one of: " + ", ".join(column.allowed),
            did_you_mean(text, column.allowed) + "Use one of the listed values.",
        )
    if column.is_identifier and not _IDENTIFIER.fullmatch(text):
        _, problem = wrong(
            f"'{text}' is not a proper id.",
            "lower-case letters, digits and single underscores, beginning with a letter",
            "Rename it, here and wherever it is used.",
        )
        return value, problem
    return value, None


def _convert(data_type: str, text: str) -> Value:
    if data_type == "string":
        return text
    if data_type == "integer":
        return int(text) if _INTEGER.fullmatch(text) else None
    if data_type == "boolean":
        return {"true": True, "false": False}.get(text)
    try:
        if data_type == "date":
            return datetime.date.fromisoformat(text) if _DATE.fullmatch(text) else None
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
