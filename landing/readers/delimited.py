"""CSV and TSV: delimiter by trial, quotes strict, every row as wide as the header.

Small files are read by Python with care. Large ones are offered to DuckDB first, and read by
Python all the same, row by row into the workspace, where DuckDB's reading is not verbatim.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.bulk import read_bulk
from landing.readers.table import ReadOptions, Row, SourceColumn, SourceTable, make_table
from landing.readers.text import TextFile, examine
from landing.readers.workspace_rows import stage_rows
from landing.storage.workspace import Workspace

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_SAMPLE_CHARACTERS = 262_144
_SAMPLE_RECORDS = 100
_LARGEST_CELL = 16 * 1024 * 1024
_SHOWN = 5
_SEP_LINE = re.compile(r"sep=([^\w\s\"']|\t)\r?\n", re.IGNORECASE)
# From here on the rows of a file go to a workspace instead of into Python.
LARGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quoted: bool = True


@dataclass(frozen=True)
class _Parsed:
    header: Row
    rows: Sequence[Row]
    n_ragged: int = 0
    first_ragged: tuple[tuple[int, int], ...] = ()  # (line, number of cells)


def read_delimited(path: Path, options: ReadOptions) -> SourceTable:
    """Read delimited text.

    Raises:
        LandingError: no encoding or delimiter fits, a quote is not closed, or a row does
            not have as many cells as the header; the message names the line.
    """
    csv.field_size_limit(_LARGEST_CELL)
    text = examine(path)
    with text.open() as stream:
        sample = stream.read(_SAMPLE_CHARACTERS)
        whole = not stream.read(1)
    declared = _SEP_LINE.match(sample)
    if declared:
        delimiter, skipped = declared.group(1), declared.end()
    else:
        delimiter, skipped = _delimiter(sample, whole, options.forced), 0
    workspace = None
    if path.stat().st_size >= LARGE_BYTES:
        workspace = options.workspace or Workspace()
    parsed = None
    if workspace is not None and not declared:
        parsed = _parse_bulk(text, sample, delimiter, workspace)
    if parsed is None:
        parsed = _parse_best(text, delimiter, skipped, workspace)
    if parsed.n_ragged:
        raise _ragged(path, parsed, delimiter)
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
    )


def _parse_bulk(
    text: TextFile, sample: str, delimiter: str, workspace: Workspace
) -> _Parsed | None:
    try:
        _, header = next(_records(io.StringIO(sample, newline=""), _Dialect(delimiter)))
    except (csv.Error, StopIteration):
        return None
    rows = read_bulk(text, delimiter, len(header), workspace)
    if rows is None or rows[0] != tuple(header):
        return None
    return _Parsed(rows[0], rows[1:])


def _delimiter(sample: str, whole: bool, forced: str) -> str:
    """Return the delimiter under which most rows are as wide as a header of two or more."""
    if forced == "tsv":
        return "\t"
    scores = {delimiter: _fit(sample, delimiter, whole) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _fit(sample: str, delimiter: str, whole: bool) -> tuple[float, bool, int]:
    """Return the better fit of the quoted and, for tabs, the unquoted reading."""
    dialects = [_Dialect(delimiter)] + ([_Dialect(delimiter, quoted=False)] * (delimiter == "\t"))
    return max(_fit_dialect(sample, dialect, whole) for dialect in dialects)


def _fit_dialect(sample: str, dialect: _Dialect, whole: bool) -> tuple[float, bool, int]:
    """Return the share of records as wide as the first, and what decides between equals."""
    records: list[list[str]] = []
    n_broken = 0
    is_cut = not whole
    try:
        for _, record in itertools.islice(
            _records(io.StringIO(sample, newline=""), dialect), _SAMPLE_RECORDS
        ):
            records.append(record)
        is_cut = is_cut and len(records) < _SAMPLE_RECORDS
    except csv.Error as error:
        # A sample cut inside a quoted cell ends so too; what was read before it counts.
        n_broken = 0 if is_cut and "end of data" in str(error) else 1
        is_cut = False
    if is_cut and len(records) > 1:
        records.pop()
    if not records or len(records[0]) < 2:
        return 0.0, dialect.quoted, 1
    width = len(records[0])
    n_fitting = sum(len(record) == width for record in records)
    return n_fitting / (len(records) + n_broken), dialect.quoted, width


def _parse_best(
    text: TextFile, delimiter: str, skipped: int, workspace: Workspace | None
) -> _Parsed:
    """Parse with quotes; where that fails on tabs, take quotes as ordinary characters.

    Some tools write TSV without any quoting, so that a cell may begin with a quote.
    """
    try:
        parsed = _parse(text, _Dialect(delimiter), skipped, workspace)
    except LandingError:
        if delimiter != "\t":
            raise
        parsed = None
    if delimiter != "\t" or (parsed is not None and not parsed.n_ragged):
        assert parsed is not None
        return parsed
    plain = _parse(text, _Dialect(delimiter, quoted=False), skipped, workspace)
    return plain if parsed is None or not plain.n_ragged else parsed


def _records(lines: Iterable[str], dialect: _Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record ends on and its cells; physically empty lines are skipped."""
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        strict=True,
    )
    for record in reader:
        if record:
            yield reader.line_num, record


class _Sifter:
    """Hands on the rows that are as wide as the header, and remembers the others."""

    def __init__(self, records: Iterator[tuple[int, list[str]]], skipped_lines: int) -> None:
        self._records = records
        self._skipped = skipped_lines
        self.line = 0
        self.header: Row | None = None
        self.n_ragged = 0
        self.first_ragged: list[tuple[int, int]] = []
        for line, record in records:
            self.line = line
            self.header = tuple(record)
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


def _parse(text: TextFile, dialect: _Dialect, skipped: int, workspace: Workspace | None) -> _Parsed:
    skipped_lines = 1 if skipped else 0
    sifter = None
    with text.open() as stream:
        stream.read(skipped)
        try:
            sifter = _Sifter(_records(stream, dialect), skipped_lines)
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
    return _Parsed(sifter.header, rows, sifter.n_ragged, tuple(sifter.first_ragged))


def _ragged(path: Path, parsed: _Parsed, delimiter: str) -> LandingError:
    shown = "; ".join(f"line {line}: {cells} cells" for line, cells in parsed.first_ragged)
    rest = parsed.n_ragged - len(parsed.first_ragged)
    more = f"; and {rest} more" if rest else ""
    return LandingError(
        f"{parsed.n_ragged} row(s) do not have as many cells as the header.",
        where=f"{path.name}, {shown}{more}",
        expected=f"{len(parsed.header)} cells in every row, separated by "
        f"{_NAMES.get(delimiter, repr(delimiter))}",
        remedy="Export again with quotes around texts: a delimiter or line break inside an "
        "unquoted answer shifts the answers after it.",
    )
