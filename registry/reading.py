"""Reads one registry file: encoding, header, shape, and every cell against its column."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.problems import Place, Problem, did_you_mean, listed
from registry.tables.declaring import ColumnSchema, TableSchema

Value = str | int | float | bool | datetime.date | None

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


class _UnreadableError(Exception):
    """A file whose rows cannot be told apart, or not its columns."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems


def read_registry(folder: Path, schema: TableSchema) -> Table:
    """Read one registry and report every problem in it."""
    try:
        records = _records(_text(folder / schema.file_name, schema), schema)
        header = records[0][1]
        if wrong := list(_wrong_header(header, schema)):
            raise _UnreadableError(*wrong)
    except _UnreadableError as error:
        return Table(schema, (), error.problems, complete=False)
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in records[1:]:
        if len(cells) != len(header):
            problems.append(_ragged(schema, line, cells))
            continue
        row, found = _typed(schema, line, cells)
        rows.append(row)
        problems.extend(found)
    complete = len(rows) == len(records) - 1
    return Table(schema, tuple(rows), tuple(problems), complete=complete)


def _text(path: Path, schema: TableSchema) -> str:
    name = f"The registry {schema.file_name}"
    if not path.is_file():
        raise _UnreadableError(
            Place(schema.name, None, "").wrong(
                f"{name} is missing.",
                "a file with the header " + ",".join(schema.header),
                "Add the file; the header alone is enough where the survey has no rows for it.",
            )
        )
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(
            Place(schema.name, line, "").wrong(
                f"{name} is not UTF-8: byte 0x{content[error.start]:02x}.",
                "text in UTF-8",
                "Save the file as UTF-8 (in Excel: 'CSV UTF-8').",
            )
        ) from error
    if text.startswith("\ufeff"):
        raise _UnreadableError(
            Place(schema.name, 1, "").wrong(
                f"{name} begins with a byte order mark.",
                "UTF-8 without a byte order mark",
                "Save the file as UTF-8 without a byte order mark (BOM).",
            )
        )
    return text


def _records(text: str, schema: TableSchema) -> list[tuple[int, list[str]]]:
    """Return the line where each record begins, and its cells; the header is the first."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _UnreadableError(
            Place(schema.name, start, "").wrong(
                f"This row cannot be read as CSV: {error}.",
                'cells between commas; a cell with a comma or quote in "double quotes"',
                "Close the quoted cell, and write a quote inside it twice.",
            )
        ) from error
    if not records:
        raise _UnreadableError(
            Place(schema.name, None, "").wrong(
                f"The registry {schema.file_name} is empty.",
                "the header " + ",".join(schema.header),
                "Add the header line.",
            )
        )
    return records


def _wrong_header(header: Sequence[str], schema: TableSchema) -> Iterator[Problem]:
    def wrong(column: str, what: str, remedy: str) -> Problem:
        expected = "the header " + ",".join(schema.header)
        return Place(schema.name, 1, column).wrong(what, expected, remedy)

    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        remedy = "Save the file with commas between the cells."
        yield wrong("", "The cells of this file are not separated by commas.", remedy)
        return
    for name in schema.header:
        if name not in header:
            remedy = "Add the column; leave its cells empty where there is nothing to say."
            yield wrong(name, f"The column '{name}' is missing.", remedy)
    for position, name in enumerate(header):
        if name not in schema.header:
            remedy = did_you_mean(name, schema.header) + "Rename or delete the column."
            yield wrong(name, f"The column '{name}' is unknown.", remedy)
        elif name in header[:position]:
            yield wrong(name, f"The column '{name}' occurs twice.", "Delete one of the two.")
    if sorted(header) == sorted(schema.header) and tuple(header) != schema.header:
        remedy = "Put the columns in that order, so that changes can be compared line by line."
        yield wrong("", "The columns are not in the declared order.", remedy)


def _ragged(schema: TableSchema, line: int, cells: list[str]) -> Problem:
    expected = f"{len(schema.columns)} cells, as in the header"
    place = Place(schema.name, line, "")
    if not cells:
        return place.wrong("This line is empty.", expected, "Delete the line.")
    return place.wrong(
        f"This row has {len(cells)} cell{'' if len(cells) == 1 else 's'}.",
        expected,
        "Add or remove commas; put a cell that has a comma in double quotes.",
    )


def _typed(schema: TableSchema, line: int, cells: Sequence[str]) -> tuple[Row, list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column, text in zip(schema.columns, cells, strict=True):
        values[column.name], wrong = _value(column, text)
        if wrong is not None:
            problems.append(Place(schema.name, line, column.name).wrong(*wrong))
    return Row(line, values, frozenset(problem.column for problem in problems)), problems


def _value(column: ColumnSchema, text: str) -> tuple[Value, tuple[str, str, str] | None]:
    """Return the value of a cell, or a stand-in and what is wrong, expected and to be done."""
    if not text and not column.required:
        return None, None
    value = _convert(column.data_type, text)
    if not text:
        what = f"'{column.name}' is empty."
        form = _EXPECTED.get(column.data_type, "a value in every row")
        expected, remedy = listed(column.allowed) or form, "Fill the cell."
    elif text != text.strip() and not column.is_verbatim:
        what, expected = f"'{text}' has white space around it.", f"'{text.strip()}'"
        remedy = "Remove the blanks at the beginning and the end of the cell."
    elif value is None:
        what = f"'{text}' cannot be read as {column.data_type}."
        expected = _EXPECTED[column.data_type]
        otherwise = "" if column.required else ", or leave the cell empty"
        remedy = f"Write the value in that form{otherwise}."
    elif column.allowed and text not in column.allowed:
        what = f"'{text}' is not a value of '{column.name}'."
        expected = "one of: " + ", ".join(column.allowed)
        remedy = did_you_mean(text, column.allowed) + "Use one of the listed values."
    elif column.is_identifier and not _IDENTIFIER.fullmatch(text):
        what = f"'{text}' is not a proper id."
        expected = "lower-case letters, digits and single underscores, beginning with a letter"
        # The other checks know it by this name, however it is written.
        return value, (what, expected, "Rename it, here and wherever it is used.")
    else:
        return value, None
    return _STAND_INS[column.data_type], (what, expected, remedy)


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
