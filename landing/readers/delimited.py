"""CSV and TSV: delimiter by trial, quotes strict, every row as wide as the header."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landing.errors import LandingError
from landing.readers.table import ReadOptions, Row, SourceColumn, SourceTable, make_table
from landing.readers.text import decode

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_SAMPLE_CHARACTERS = 262_144
_SAMPLE_RECORDS = 100
_LARGEST_CELL = 16 * 1024 * 1024
_SHOWN = 5
_SEP_LINE = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quoted: bool = True


@dataclass(frozen=True)
class _Parsed:
    header: tuple[str, ...]
    rows: list[Row]
    ragged: tuple[tuple[int, int], ...]  # (line, number of cells)


def read_delimited(path: Path, options: ReadOptions) -> SourceTable:
    """Read delimited text.

    Raises:
        LandingError: no encoding or delimiter fits, a quote is not closed, or a row does
            not have as many cells as the header; the message names the line.
    """
    csv.field_size_limit(_LARGEST_CELL)
    text, encoding = decode(path, path.read_bytes())
    skipped = 0
    declared = _SEP_LINE.match(text)
    if declared:
        text, skipped = text[declared.end() :], 1
    delimiter = declared.group(1) if declared else _delimiter(text, options.forced)
    parsed = _parse_best(path, text, delimiter, skipped)
    if parsed.ragged:
        raise _ragged(path, parsed, delimiter)
    columns = tuple(
        SourceColumn(position=position, name=name)
        for position, name in enumerate(parsed.header, start=1)
    )
    return make_table(
        path,
        columns,
        parsed.rows,
        format="tsv" if delimiter == "\t" else "csv",
        encoding=encoding,
        delimiter=delimiter,
    )


def _delimiter(text: str, forced: str) -> str:
    """Return the delimiter under which most rows are as wide as a header of two or more."""
    if forced == "tsv":
        return "\t"
    sample = text[:_SAMPLE_CHARACTERS]
    whole = len(sample) == len(text)
    scores = {delimiter: _fit(sample, delimiter, whole) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _fit(sample: str, delimiter: str, whole: bool) -> tuple[float, int]:
    """Return the better fit of the quoted and, for tabs, the unquoted reading."""
    dialects = [_Dialect(delimiter)] + ([_Dialect(delimiter, quoted=False)] * (delimiter == "\t"))
    return max(_fit_dialect(sample, dialect, whole) for dialect in dialects)


def _fit_dialect(sample: str, dialect: _Dialect, whole: bool) -> tuple[float, int]:
    records: list[list[str]] = []
    truncated = not whole
    try:
        for _, record in itertools.islice(_records(sample, dialect), _SAMPLE_RECORDS):
            records.append(record)
        truncated = truncated and len(records) < _SAMPLE_RECORDS
    except csv.Error:
        # A sample cut inside a quoted cell ends like this; what was read before counts.
        truncated = False
    if truncated and len(records) > 1:
        records.pop()
    if not records or len(records[0]) < 2:
        return 0.0, 1
    width = len(records[0])
    return sum(len(record) == width for record in records) / len(records), width


def _parse_best(path: Path, text: str, delimiter: str, skipped: int) -> _Parsed:
    """Parse with quotes; where that fails on tabs, take quotes as ordinary characters.

    Some tools write TSV without any quoting, so that a cell may begin with a quote.
    """
    try:
        parsed = _parse(path, text, _Dialect(delimiter), skipped)
    except LandingError:
        if delimiter != "\t":
            raise
        parsed = None
    if delimiter != "\t" or (parsed is not None and not parsed.ragged):
        assert parsed is not None
        return parsed
    plain = _parse(path, text, _Dialect(delimiter, quoted=False), skipped)
    return plain if parsed is None or not plain.ragged else parsed


def _records(text: str, dialect: _Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record ends on and its cells; physically empty lines are skipped."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(
        stream,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        strict=True,
    )
    for record in reader:
        if record:
            yield reader.line_num, record


def _parse(path: Path, text: str, dialect: _Dialect, skipped: int) -> _Parsed:
    rows: list[Row] = []
    ragged: list[tuple[int, int]] = []
    header: tuple[str, ...] | None = None
    line = 0
    try:
        for line, record in _records(text, dialect):
            if header is None:
                header = tuple(record)
            elif len(record) == len(header):
                rows.append(tuple(record))
            elif any(record):
                ragged.append((line + skipped, len(record)))
    except csv.Error as error:
        raise LandingError(
            f"A quoted cell does not end as it should ({error}).",
            where=f"{path.name}, the row that starts on line {line + skipped + 1}",
            expected='a quote inside a quoted cell written twice (""), and every quote closed',
            remedy="Look at this row; export again, or mend the quote.",
        ) from error
    if header is None:
        raise LandingError(
            "The file is empty.",
            where=path.name,
            expected="a header row followed by at least one data row",
            remedy="Export again; a broken download often leaves an empty file.",
        )
    return _Parsed(header, rows, tuple(ragged))


def _ragged(path: Path, parsed: _Parsed, delimiter: str) -> LandingError:
    shown = "; ".join(f"line {line}: {cells} cells" for line, cells in parsed.ragged[:_SHOWN])
    more = f"; and {len(parsed.ragged) - _SHOWN} more" if len(parsed.ragged) > _SHOWN else ""
    return LandingError(
        f"{len(parsed.ragged)} row(s) do not have as many cells as the header.",
        where=f"{path.name}, {shown}{more}",
        expected=f"{len(parsed.header)} cells in every row, separated by "
        f"{_NAMES.get(delimiter, repr(delimiter))}",
        remedy="Export again with quotes around texts: a delimiter or line break inside an "
        "unquoted answer shifts the answers after it.",
    )
