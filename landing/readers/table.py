"""What every reader returns: a rectangle of verbatim text, and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landing.errors import LandingError

Cell = str | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class SourceColumn:
    """A column as the file names it; `position` counts from 1."""

    position: int
    name: str
    label: str | None = None
    source_type: str = "text"


@dataclass(frozen=True)
class ValueLabel:
    """What a raw value of one column means, where the file says so itself."""

    position: int
    raw_value: str
    label: str


@dataclass(frozen=True)
class Notice:
    """Something in the file that is no reason to refuse it but that the sender should hear of."""

    code: str
    message: str
    where: str
    remedy: str


@dataclass(frozen=True)
class SourceTable:
    """One file read: every row is as wide as `columns`; None is a cell that is not there."""

    columns: tuple[SourceColumn, ...]
    rows: tuple[Row, ...]
    format: str
    value_labels: tuple[ValueLabel, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    tool: str = "generic"
    notices: tuple[Notice, ...] = ()

    def column_values(self, position: int) -> list[Cell]:
        """Return the cells of one column, `position` counting from 1, in row order."""
        index = position - 1
        return [row[index] for row in self.rows]


@dataclass(frozen=True)
class ReadOptions:
    """What the caller knows about the file beforehand.

    Attributes:
        format: the format found by content.
        forced: the format the caller asked for, `auto` when it left that open.
        sheet: sheet of a workbook; None takes the only one with content.
        tool: survey tool that the caller says wrote it, `auto` or None when it left that open.
    """

    format: str
    forced: str = "auto"
    sheet: str | None = None
    tool: str | None = "auto"


Reader = Callable[[Path, ReadOptions], SourceTable]


def make_table(
    path: Path,
    columns: tuple[SourceColumn, ...],
    rows: list[Row],
    *,
    format: str,
    value_labels: tuple[ValueLabel, ...] = (),
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    notices: tuple[Notice, ...] = (),
) -> SourceTable:
    """Drop what trails without content, then return the table.

    Spreadsheets leave empty rows and unnamed empty columns behind the data. Empty rows
    between rows with content stay: they are for the checks to judge.

    Raises:
        LandingError: there is no data row.
    """
    end = len(rows)
    while end and not any(rows[end - 1]):
        end -= 1
    kept = rows[:end]
    if not kept:
        raise LandingError(
            "The file holds column names but no data rows.",
            where=_place(path, sheet),
            expected="a header row followed by at least one data row",
            remedy="Export again; check that no filter in the survey tool hides the responses.",
        )
    width = len(columns)
    while width > 1 and not columns[width - 1].name and not any(row[width - 1] for row in kept):
        width -= 1
    if width < len(columns):
        kept = [row[:width] for row in kept]
    return SourceTable(
        columns=columns[:width],
        rows=tuple(kept),
        format=format,
        value_labels=tuple(label for label in value_labels if label.position <= width),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        notices=notices,
    )


def _place(path: Path, sheet: str | None) -> str:
    return f"{path.name}, sheet '{sheet}'" if sheet else path.name
