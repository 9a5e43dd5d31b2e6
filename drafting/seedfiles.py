"""Registry files as text: rows go in, and every line that is not concerned stays as it is."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from barometer.errors import BarometerError
from drafting.draft import CHANGE, DraftRow
from registry import TABLES
from registry.tables.declaring import TableSchema
from registry.writing import replace_registries

# New rows stand with the rows of the same question, not at the end of the file.
_GROUPED_BY = "question_id"
_SORTED_BY = "wave"


class DraftError(BarometerError):
    """A draft that cannot be read, or cannot be put in the registries."""


@dataclass(frozen=True)
class SeedRecord:
    """One row: its cells, and its text exactly as in the file."""

    values: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class SeedFile:
    """One registry as text; `as_read` is the file itself, to the byte."""

    schema: TableSchema
    header_text: str
    records: tuple[SeedRecord, ...]
    as_read: str = ""

    @property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        """The cells of every row."""
        return tuple(record.values for record in self.records)

    @property
    def text(self) -> str:
        """The whole file."""
        return self.header_text + "".join(record.text for record in self.records)


def read_seed_files(folder: Path) -> dict[str, SeedFile]:
    """Read every registry of a folder that `load_registry` has found right."""
    return {name: _read(folder, schema) for name, schema in TABLES.items()}


def _read(folder: Path, schema: TableSchema) -> SeedFile:
    as_read = text = (folder / schema.file_name).read_bytes().decode("utf-8")
    if text and not text.endswith("\n"):
        text += "\n"
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, strict=True)
    header = next(reader)
    start = reader.line_num
    header_text = "".join(lines[:start])
    records = []
    for cells in reader:
        values = dict(zip(header, cells, strict=True))
        records.append(SeedRecord(values, "".join(lines[start : reader.line_num])))
        start = reader.line_num
    return SeedFile(schema, header_text, tuple(records), as_read)


def apply_rows(files: Mapping[str, SeedFile], rows: Sequence[DraftRow]) -> dict[str, str]:
    """Return the new text of every registry that the rows change.

    Raises:
        DraftError: a row changes a registry row that is not there.
    """
    changed = {}
    for name, file in files.items():
        own = [row for row in rows if row.table == name]
        if own:
            text = _applied(file, own)
            if text != file.text:
                changed[name] = text
    return changed


def _applied(file: SeedFile, rows: Sequence[DraftRow]) -> str:
    header = file.schema.header
    records = list(file.records)
    for row in rows:
        record = SeedRecord(
            dict(zip(header, row.cells(header), strict=True)), row_text(row, header)
        )
        if row.action == CHANGE:
            records[_place_of(row, file.schema, records)] = record
        else:
            records.insert(_place_for(record, header, records), record)
    return SeedFile(file.schema, file.header_text, tuple(records)).text


def row_text(row: DraftRow, header: Sequence[str]) -> str:
    """Return a drafted row as it stands in the registry."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerow(row.cells(header))
    return buffer.getvalue()


def _place_of(row: DraftRow, schema: TableSchema, records: Sequence[SeedRecord]) -> int:
    key = schema.keys[0]
    wanted = tuple(row.values.get(name, "") for name in key)
    for place, record in enumerate(records):
        if tuple(record.values[name] for name in key) == wanted:
            return place
    raise DraftError(
        f"The draft changes a row of {schema.file_name} that is not there.",
        where=f"row '{row.draft}' of the draft",
        expected="a row with " + ", ".join(f"{n} '{v}'" for n, v in zip(key, wanted, strict=True)),
        remedy="Correct the id, or set the action to add (a new row) or skip (no row).",
    )


def _place_for(record: SeedRecord, header: Sequence[str], records: Sequence[SeedRecord]) -> int:
    if header[0] == _SORTED_BY:
        # A wave before others stands before them; one after all others, at the end.
        wave = record.values[_SORTED_BY]
        fitting = (n for n, each in enumerate(records, 1) if each.values[_SORTED_BY] <= wave)
        return max(fitting, default=0)
    if _GROUPED_BY in header and "kind" not in header:
        group = record.values[_GROUPED_BY]
        for place in range(len(records) - 1, -1, -1):
            if records[place].values[_GROUPED_BY] == group:
                return place + 1
    return len(records)


def unified_diff(files: Mapping[str, SeedFile], changed: Mapping[str, str]) -> str:
    """Return what changes, one unified diff per file."""
    parts: list[str] = []
    for name, text in changed.items():
        file_name = files[name].schema.file_name
        parts.extend(
            difflib.unified_diff(
                files[name].text.splitlines(keepends=True),
                text.splitlines(keepends=True),
                f"a/{file_name}",
                f"b/{file_name}",
                n=1,
            )
        )
    return "".join(parts)


def replace_files(folder: Path, files: Mapping[str, SeedFile], changed: Mapping[str, str]) -> None:
    """Write new texts of registries that were read before: all of them, or none.

    Raises:
        RegistryWriteError: the folder cannot be written, or somebody else changed it meanwhile.
    """
    names = {name: files[name].schema.file_name for name in changed}
    replace_registries(
        folder,
        {names[name]: files[name].as_read for name in changed},
        {names[name]: text for name, text in changed.items()},
    )
