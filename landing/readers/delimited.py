"""CSV and TSV: delimiter by trial, quotes strict, every row as wide as the header.

Small files are read by Python with care. Large ones are offered to DuckDB first, and read by
Python all the same, row by row into the workspace, where DuckDB's reading is not verbatim.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.bulk import read_bulk
from landing.readers.dialects import Choice, Dialect, choose, records
from landing.readers.layout import setting
from landing.readers.table import ReadOptions, Row, SourceColumn, SourceTable, make_table
from landing.readers.text import TextFile, examine
from landing.readers.title_lines import is_blank
from landing.readers.workspace_rows import stage_rows
from landing.storage.workspace import Workspace

_SAMPLE_CHARACTERS = 262_144
_LARGEST_CELL = 16 * 1024 * 1024
_SHOWN = 5
_SEP_LINE = re.compile(r"sep=([^\w\s\"']|\t)\r?\n", re.IGNORECASE)
# From here on the rows of a file go to a workspace instead of into Python.
LARGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class _Parsed:
    header: Row
    rows: Sequence[Row]
    header_line: int = 1
    n_ragged: int = 0
    first_ragged: tuple[tuple[int, int], ...] = ()  # (line, number of cells)


def read_delimited(path: Path, options: ReadOptions) -> SourceTable:
    """Read delimited text.

    Raises:
        LandingError: no encoding or delimiter fits, a quote is not closed, or a row does
            not have as many cells as the header; the message names the line.
    """
    csv.field_size_limit(_LARGEST_CELL)
    text = examine(path, options.layout.encoding)
    choice, sample = _choose(text, options)
    workspace = None
    if path.stat().st_size >= LARGE_BYTES:
        workspace = options.workspace or Workspace()
    parsed = None
    if workspace is not None and not choice.skipped_lines:
        parsed = _parse_bulk(text, sample, choice.dialect, workspace)
    if parsed is None:
        parsed = _parse_best(text, choice, workspace)
    delimiter = choice.dialect.delimiter
    if parsed.n_ragged:
        raise _ragged(path, parsed, choice.dialect)
    columns = tuple(
        SourceColumn(position=position, name=name or "")
        for position, name in enumerate(parsed.header, start=1)
    )
    return make_table(
        path,
        columns,
        parsed.rows,
        format="tsv" if delimiter == "\t" else "csv",
        encoding=text.encoding,
        delimiter=delimiter,
        notices=(*text.notices, *choice.notices),
    )


def _choose(text: TextFile, options: ReadOptions) -> tuple[Choice, str]:
    """Return the dialect, and the text it was chosen by."""
    layout = options.layout
    skipped_lines = (layout.table_start or 1) - 1
    with text.open() as stream:
        for _ in range(skipped_lines):
            stream.readline()
        sample = stream.read(_SAMPLE_CHARACTERS)
        is_whole = not stream.read(1)
    declared = _SEP_LINE.match(sample) if layout.table_start is None else None
    if declared:
        sample = sample[declared.end() :]
        skipped_lines = 1
    separator = layout.separator or ("\t" if options.forced == "tsv" else None)
    if separator is None and declared:
        separator = declared.group(1)
    choice = choose(sample, is_whole=is_whole, delimiter=separator)
    if layout.table_start is not None:
        # What stands there is the header, whatever it looks like.
        return Choice(choice.dialect, skipped_lines), sample
    return replace(choice, skipped_lines=skipped_lines + choice.skipped_lines), sample


def _parse_bulk(
    text: TextFile, sample: str, dialect: Dialect, workspace: Workspace
) -> _Parsed | None:
    if dialect.is_spaced or not dialect.is_quoted:
        return None
    try:
        place, header = next(
            (place, record)
            for place, (_, record) in enumerate(records(io.StringIO(sample, newline=""), dialect))
            if not is_blank(record)
        )
    except (csv.Error, StopIteration):
        return None
    rows = read_bulk(text, dialect.delimiter, len(header), workspace)
    if rows is None or place >= len(rows) or rows[place] != tuple(header):
        return None
    return _Parsed(rows[place], rows[place + 1 :])


def _parse_best(text: TextFile, choice: Choice, workspace: Workspace | None) -> _Parsed:
    """Parse as the first rows suggest; where that fails further on, in the ways that are left.

    Tabs may stand between cells that begin with a quote and are not quoted; and spaces before
    quotes that open a cell.
    """
    dialect = choice.dialect
    others = [replace(dialect, is_spaced=True)] if dialect.is_quoted else []
    if dialect.delimiter == "\t":
        others.append(Dialect("\t", is_quoted=not dialect.is_quoted))
    failure: LandingError | None = None
    parsed = None
    try:
        parsed = _parse(text, dialect, choice.skipped_lines, workspace)
    except LandingError as error:
        failure = error
    if parsed is not None and not parsed.n_ragged:
        return parsed
    for other in others:
        try:
            better = _parse(text, other, choice.skipped_lines, workspace)
        except LandingError:
            continue
        if not better.n_ragged:
            return better
        if parsed is None and other.delimiter == "\t":
            parsed = better
    if parsed is None:
        assert failure is not None
        raise failure
    return parsed


class _Sifter:
    """Hands on the rows that are as wide as the header, and remembers the others."""

    def __init__(self, found: Iterator[tuple[int, list[str]]], skipped_lines: int) -> None:
        self._records = found
        self._skipped = skipped_lines
        self.line = 0
        self.header: Row | None = None
        self.header_line = 0
        self.n_ragged = 0
        self.first_ragged: list[tuple[int, int]] = []
        for line, record in found:
            self.line = line
            if not is_blank(record):
                self.header = tuple(record)
                self.header_line = line + skipped_lines
                break

    def __iter__(self) -> Iterator[Row]:
        width = len(self.header or ())
        for line, record in self._records:
            self.line = line
            if len(record) == width:
                yield tuple(record)
            elif any(record):
                self.n_ragged += 1
                if len(self.first_ragged) < _SHOWN:
                    self.first_ragged.append((self.line + self._skipped, len(record)))


def _parse(
    text: TextFile, dialect: Dialect, skipped_lines: int, workspace: Workspace | None
) -> _Parsed:
    sifter = None
    with text.open() as stream:
        for _ in range(skipped_lines):
            stream.readline()
        try:
            sifter = _Sifter(records(stream, dialect), skipped_lines)
            if sifter.header is None:
                raise LandingError(
                    "The file is empty.",
                    where=text.path.name,
                    expected="a header row followed by at least one data row",
                    remedy="Export again; a broken download often leaves an empty file.",
                )
            rows: Sequence[Row]
            if workspace is None:
                rows = list(sifter)
            else:
                rows = stage_rows(workspace, sifter, len(sifter.header))
        except csv.Error as error:
            line = (sifter.line if sifter else 0) + skipped_lines + 1
            raise LandingError(
                f"A quoted cell does not end as it should ({error}).",
                where=f"{text.path.name}, the row that starts on line {line}",
                expected='a quote inside a quoted cell written twice (""), and every quote closed',
                remedy="Look at this row; export again, or mend the quote.",
            ) from error
    return _Parsed(
        sifter.header, rows, sifter.header_line, sifter.n_ragged, tuple(sifter.first_ragged)
    )


def _ragged(path: Path, parsed: _Parsed, dialect: Dialect) -> LandingError:
    shown = "; ".join(f"line {line}: {cells} cells" for line, cells in parsed.first_ragged)
    rest = parsed.n_ragged - len(parsed.first_ragged)
    more = f"; and {rest} more" if rest else ""
    return LandingError(
        f"{parsed.n_ragged} row(s) do not have as many cells as the header.",
        where=f"{path.name}, {shown}{more}",
        expected=f"{len(parsed.header)} cells in every row, separated by {dialect.name}",
        remedy="Export again with quotes around texts: a delimiter or line break inside an "
        "unquoted answer shifts the answers after it." + _above_the_header(parsed),
    )


def _above_the_header(parsed: _Parsed) -> str:
    """Return what else to do where the header may be a title: nothing below it is as wide."""
    if parsed.rows:
        return ""
    name = ", ".join((cell or "")[:60] for cell in parsed.header[:3])
    return (
        f" No row is as wide as line {parsed.header_line} ({name}): if that is no header, state "
        f"the line of the header in {setting('table_start')}."
    )
