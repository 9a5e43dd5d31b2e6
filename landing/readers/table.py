"""What every reader returns: a rectangle of verbatim text, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from landing.findings.errors import LandingError
from landing.findings.finding import Severity
from landing.readers.layout import UNSTATED, Layout
from landing.readers.workspace_rows import Cell, Row, WorkspaceRows, stage_rows
from landing.storage.workspace import Workspace

__all__ = [
    "Cell",
    "MultipleSet",
    "Notice",
    "ReadOptions",
    "Reader",
    "Row",
    "SourceColumn",
    "SourceTable",
    "UserMissing",
    "ValueLabel",
    "make_table",
]

_ROWS_PER_LOOK = 512


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
class UserMissing:
    """Values of one column that the file itself calls missing: from `low` to `high`."""

    position: int
    low: str
    high: str


@dataclass(frozen=True)
class MultipleSet:
    """Columns that the file itself says are one question with several answers.

    Attributes:
        counted_value: the value that means chosen; None where each column holds a category.
    """

    name: str
    label: str | None
    counted_value: str | None
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Notice:
    """Something in the file that somebody should hear of: an error stops landing, not reading."""

    code: str
    message: str
    where: str
    remedy: str
    severity: Severity = "warning"


@dataclass(frozen=True)
class SourceTable:
    """One file read: every row is as wide as `columns`; None is a cell that is not there.

    The rows of a small file are a tuple; those of a large text file stand in a workspace, and
    indexing, slicing and iterating read only what is asked for.
    """

    columns: tuple[SourceColumn, ...]
    rows: Sequence[Row]
    format: str
    value_labels: tuple[ValueLabel, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    tool: str = "generic"
    notices: tuple[Notice, ...] = ()
    user_missing: tuple[UserMissing, ...] = ()
    multiple_sets: tuple[MultipleSet, ...] = ()

    def column_values(self, position: int) -> list[Cell]:
        """Return the cells of one column, `position` counting from 1, in row order."""
        if isinstance(self.rows, WorkspaceRows):
            return self.rows.column_values(position)
        index = position - 1
        return [row[index] for row in self.rows]

    def staged_in(self, workspace: Workspace) -> SourceTable:
        """Return the same table with its rows in a workspace, where they are not in one yet."""
        if isinstance(self.rows, WorkspaceRows):
            return self
        return replace(self, rows=stage_rows(workspace, self.rows, len(self.columns)))

    @cached_property
    def cells(self) -> WorkspaceRows:
        """The rows, to be asked by SQL."""
        staged = self.staged_in(Workspace()).rows
        assert isinstance(staged, WorkspaceRows)
        return staged


@dataclass(frozen=True)
class ReadOptions:
    """What the caller knows about the file beforehand.

    Attributes:
        format: the format found by content.
        forced: the format the caller asked for, `auto` when it left that open.
        sheet: sheet of a workbook; None takes the only one with content.
        tool: survey tool that the caller says wrote it, `auto` or None when it left that open.
        layout: what the registry states of how the file is laid out.
        workspace: where a large file may put its rows; None makes room for this file alone.
    """

    format: str
    forced: str = "auto"
    sheet: str | None = None
    tool: str | None = "auto"
    layout: Layout = UNSTATED
    workspace: Workspace | None = None


Reader = Callable[[Path, ReadOptions], SourceTable]


def make_table(
    path: Path,
    columns: tuple[SourceColumn, ...],
    rows: Sequence[Row],
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
    kept = rows[: _content_end(rows)]
    if not kept:
        raise LandingError(
            "The file holds column names but no data rows.",
            where=_place(path, sheet),
            expected="a header row followed by at least one data row",
            remedy="Export again; check that no filter in the survey tool hides the responses.",
        )
    width = len(columns)
    while width > 1 and not columns[width - 1].name and not _has_content(kept, width):
        width -= 1
    if not isinstance(kept, WorkspaceRows):
        kept = tuple(kept if width == len(columns) else (row[:width] for row in kept))
    elif width < len(columns):
        kept = kept.narrowed(width)
    return SourceTable(
        columns=columns[:width],
        rows=kept,
        format=format,
        value_labels=tuple(label for label in value_labels if label.position <= width),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        notices=notices,
    )


def _content_end(rows: Sequence[Row]) -> int:
    """Return the number of rows up to the last one with content."""
    end = len(rows)
    while end:
        start = max(0, end - _ROWS_PER_LOOK)
        last = list(rows[start:end])
        while last and not any(last[-1]):
            last.pop()
        if last:
            return start + len(last)
        end = start
    return 0


def _has_content(rows: Sequence[Row], position: int) -> bool:
    if isinstance(rows, WorkspaceRows):
        return bool(rows.fetch("1", f"and {rows.cell(position)} <> '' limit 1"))
    return any(row[position - 1] for row in rows)


def _place(path: Path, sheet: str | None) -> str:
    return f"{path.name}, sheet '{sheet}'" if sheet else path.name
