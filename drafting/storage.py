"""The draft folder: one CSV per registry for people, and what was proposed, to compare with.

A second run must not undo what a person wrote. Each row has a name; a row that the person
left as it was proposed follows the newest proposal, a row that was edited stays.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from barometer.spreadsheet_cells import harmless, verbatim
from drafting.draft import ACTIONS, REVIEW_COLUMNS, SKIP, Draft, DraftRow
from drafting.seedfiles import DraftError
from registry import TABLES
from registry.problems import did_you_mean
from registry.tables.declaring import TableSchema
from registry.writing import write_whole

_PROPOSED = "proposed.json"
_SPREADSHEET_BOOLEANS = {"waar": "true", "onwaar": "false", "true": "true", "false": "false"}
_SPREADSHEET_DATE = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")


@dataclass(frozen=True)
class Sources:
    """What a draft is made from; paths as given."""

    source: str
    export: str | None = None
    questionnaire: str | None = None
    frame: str | None = None


@dataclass(frozen=True)
class Earlier:
    """What an earlier run has left.

    Attributes:
        sources: what it was made from.
        proposed: the rows as they were proposed.
        current: the rows as they are now, with the edits of people.
    """

    sources: Sources
    proposed: tuple[DraftRow, ...]
    current: tuple[DraftRow, ...]


def read_earlier(folder: Path) -> Earlier | None:
    """Return the draft that stands in a folder, None when there is none.

    Raises:
        DraftError: a file of the draft cannot be read.
    """
    path = folder / _PROPOSED
    if not path.is_file():
        return None
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        sources = Sources(**document["sources"])
        proposed = tuple(DraftRow(**row) for row in document["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise DraftError(
            f"The draft's own record cannot be read: {error}.",
            where=str(path),
            expected="the file as the last run wrote it",
            remedy="Restore the file, or move the folder away and draft the wave again.",
        ) from error
    current: list[DraftRow] = []
    for schema in TABLES.values():
        file = folder / schema.file_name
        if file.is_file():
            current.extend(_read(file, schema))
    return Earlier(sources, proposed, tuple(current))


def _read(path: Path, schema: TableSchema) -> list[DraftRow]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DraftError(
            f"The draft file {path.name} cannot be read: {error}.",
            where=str(path),
            expected="a CSV file in UTF-8",
            remedy="Save the file as 'CSV UTF-8'.",
        ) from error
    expected = (*REVIEW_COLUMNS, *schema.header)
    if not lines or tuple(lines[0]) != expected:
        raise DraftError(
            f"The draft file {path.name} has other columns than it was made with.",
            where=f"{path}, line 1",
            expected=",".join(expected),
            remedy="Restore the header line, with the columns in this order.",
        )
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        if len(cells) != len(expected):
            raise DraftError(
                f"This row of {path.name} has {len(cells)} cells.",
                where=f"{path}, row {number}",
                expected=f"{len(expected)} cells, as in the header",
                remedy='Put a cell that has a comma in "double quotes".',
            )
        written = map(verbatim, cells)
        rows.append(_row(path, number, schema, dict(zip(expected, written, strict=True))))
    return rows


def _row(path: Path, number: int, schema: TableSchema, cells: Mapping[str, str]) -> DraftRow:
    review = {name: cells[name].strip() for name in REVIEW_COLUMNS}
    action = review["action"].lower()
    if action not in ACTIONS:
        raise DraftError(
            f"'{review['action']}' is no action.",
            where=f"{path}, row {number}, column action",
            expected="one of: " + ", ".join(ACTIONS),
            remedy=did_you_mean(action, ACTIONS) + "Correct the cell.",
        )
    types = {column.name: column.data_type for column in schema.columns}
    values = {name: _as_written(cells[name], types[name]) for name in schema.header}
    draft = review["draft"] or "added by hand: " + " ".join(v for v in values.values() if v)
    return DraftRow(
        schema.name,
        draft,
        values,
        action,
        review["decide"],
        review["decided"],
        review["likeness"],
        review["because"],
    )


def _as_written(text: str, data_type: str) -> str:
    """Undo what a spreadsheet program does to booleans and dates."""
    if data_type == "boolean":
        return _SPREADSHEET_BOOLEANS.get(text.strip().lower(), text)
    match = _SPREADSHEET_DATE.fullmatch(text.strip()) if data_type == "date" else None
    if match:
        day, month, year = match.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return text


def merge(newest: Draft, earlier: Earlier | None) -> Draft:
    """Return the newest proposal with the edits that people made to the one before."""
    if earlier is None:
        return Draft(_in_order(newest.rows), newest.notes)
    headers = {name: schema.header for name, schema in TABLES.items()}
    proposed = {(row.table, row.draft): row for row in earlier.proposed}
    current = {(row.table, row.draft): row for row in earlier.current}
    rows: list[DraftRow] = []
    notes = list(newest.notes)
    for row in newest.rows:
        key = row.table, row.draft
        before, now = proposed.get(key), current.pop(key, None)
        if before is None:
            rows.append(row)
        elif now is None:
            # The person deleted the row: that is an answer too.
            rows.append(replace(row, action=SKIP, decided="deleted from the draft"))
        elif _same(before, now, headers[row.table]):
            rows.append(row)
        else:
            rows.append(now)
            if not _same(before, row, headers[row.table]):
                notes.append(
                    f"{row.table}.csv, '{row.draft}': the proposal changed after you edited the "
                    "row; your row stays. Look at it once more."
                )
    for key, now in current.items():
        before = proposed.get(key)
        if before is None or not _same(before, now, headers[now.table]):
            rows.append(now)
    return Draft(_in_order(rows), tuple(notes))


def _in_order(rows: Iterable[DraftRow]) -> tuple[DraftRow, ...]:
    order = {name: place for place, name in enumerate(TABLES)}
    return tuple(sorted(rows, key=lambda row: order[row.table]))


def _same(one: DraftRow, other: DraftRow, header: Sequence[str]) -> bool:
    return (
        one.cells(header) == other.cells(header)
        and one.action == other.action
        and one.decided == other.decided
        and one.decide == other.decide
    )


def write_draft(folder: Path, draft: Draft, proposed: Draft, sources: Sources) -> None:
    """Write the draft files; a registry without rows has no file."""
    folder.mkdir(parents=True, exist_ok=True)
    for schema in TABLES.values():
        path = folder / schema.file_name
        rows = draft.of(schema.name)
        if not rows:
            path.unlink(missing_ok=True)
            continue
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow((*REVIEW_COLUMNS, *schema.header))
        for row in rows:
            review = (row.draft, row.decide, row.decided, row.action, row.score, row.because)
            writer.writerow(harmless(cell) for cell in (*review, *row.cells(schema.header)))
        write_whole(path, buffer.getvalue())
    document = {"sources": asdict(sources), "rows": [asdict(row) for row in proposed.rows]}
    write_whole(folder / _PROPOSED, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
