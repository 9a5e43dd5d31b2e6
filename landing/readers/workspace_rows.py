"""The rows of a table that stand in a workspace instead of in Python."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, overload

import pyarrow as pa

from landing.storage.workspace import Workspace

Cell = str | None
Row = tuple[Cell, ...]

_CELLS_PER_BATCH = 500_000
# Columns of codes have few values and are counted by more than one check.
_REMEMBERED_VALUES = 1_000
_LONG_TABLE = 10_000
_SAMPLE_CELLS = 200_000
_FEW_IN_SAMPLE = 50
# What `str.strip` strips, so that keys are compared in SQL as they are in Python.
WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


@dataclass(frozen=True, eq=False)
class WorkspaceRows(Sequence[Row]):
    """Rows of a table in a workspace, read as a sequence or asked by SQL.

    A slice is a view: nothing is copied and nothing is read.

    Attributes:
        workspace: where the table stands.
        name: the table; its columns are c1, c2, ….
        places: which of these columns, in order.
        start: first row of the view, as the table counts them.
        stop: the row after the last.
        null_is_empty: whether a null of the table is an empty text.
        instead: SQL expressions that stand in for columns of the table, by their number.
    """

    workspace: Workspace
    name: str
    places: tuple[int, ...]
    start: int
    stop: int
    null_is_empty: bool = False
    instead: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.stop - self.start

    def __iter__(self) -> Iterator[Row]:
        step = max(1, _CELLS_PER_BATCH // max(1, len(self.places)))
        for start in range(self.start, self.stop, step):
            window = replace(self, start=start, stop=min(start + step, self.stop))
            yield from window.fetch(window.cells(), "order by rowid")

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> WorkspaceRows: ...

    def __getitem__(self, index: int | slice) -> Row | WorkspaceRows:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                raise ValueError("rows in a workspace are sliced in steps of one only")
            return replace(self, start=self.start + start, stop=self.start + max(start, stop))
        place = range(self.start, self.stop)[index]
        (row,) = replace(self, start=place, stop=place + 1)
        return row

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def narrowed(self, width: int) -> WorkspaceRows:
        """Return the rows with the first columns only."""
        return replace(self, places=self.places[:width])

    def with_cells(self, cells: Mapping[int, str]) -> WorkspaceRows:
        """Return the rows with SQL expressions in place of some columns, by position."""
        instead = {self.places[position - 1]: cell for position, cell in cells.items()}
        return replace(self, instead={**self.instead, **instead})

    def without(self, numbers: Collection[int]) -> WorkspaceRows:
        """Return the rows but for some, by row number; those that are left are counted anew."""
        name = self.workspace.new_name()
        gone = ", ".join(str(self.start + number - 1) for number in sorted(numbers))
        self.workspace.connection.execute(
            f"create table memory.main.{name} as "
            f"select * {self.source} and rowid not in ({gone}) order by rowid"
        )
        return replace(self, name=name, start=0, stop=len(self) - len(numbers))

    def cell(self, position: int) -> str:
        """Return the SQL expression of one column, `position` counting from 1."""
        place = self.places[position - 1]
        if place in self.instead:
            return self.instead[place]
        name = f"c{place}"
        return f"coalesce({name}, '')" if self.null_is_empty else name

    def cells(self) -> str:
        """Return the SQL select list of all columns."""
        return ", ".join(self.cell(position) for position in range(1, len(self.places) + 1))

    @property
    def row_number(self) -> str:
        """The SQL expression of the row number, from 1."""
        return f"(rowid - {self.start - 1})"

    @property
    def source(self) -> str:
        """The SQL from and where clauses of the view; a condition may follow with `and`."""
        return f"from memory.main.{self.name} where rowid >= {self.start} and rowid < {self.stop}"

    def fetch(self, select: str, tail: str = "") -> list[tuple[Any, ...]]:
        """Return the result of a select over the view."""
        return self.workspace.connection.execute(f"select {select} {self.source} {tail}").fetchall()

    def column_values(self, position: int) -> list[Cell]:
        """Return the cells of one column in row order."""
        return [value for (value,) in self.fetch(self.cell(position), "order by rowid")]

    def value_counts(self, position: int) -> dict[str, int]:
        """Return how often every text of one column occurs, first seen first."""
        known = self.few_value_counts(position, remembered=True)
        return dict(self._counted(position) if known is None else known)

    def few_value_counts(self, position: int, *, remembered: bool = False) -> dict[str, int] | None:
        """Return the value counts of a column of few values; None where there are many.

        With `remembered` only what was counted before, and nothing is read.
        """
        cell = self.cell(position)
        asked = f"{cell} {self.source}"
        known = self.workspace.counts.get(asked)
        if known is None and not remembered:
            known = self._counted(position, f"limit {_REMEMBERED_VALUES + 1}")
            if len(known) > _REMEMBERED_VALUES:
                return None
        return known

    def positions_of_few_values(self) -> list[int]:
        """Return the columns that have few values in the first rows, and so may have throughout.

        None of a short table, of which counting every column by itself takes longest.
        """
        if len(self) < _LONG_TABLE:
            return []
        sample = self[: max(_FEW_IN_SAMPLE * 2, _SAMPLE_CELLS // len(self.places))]
        values = zip(*sample, strict=True)
        return [at for at, column in enumerate(values, 1) if len(set(column)) <= _FEW_IN_SAMPLE]

    def _counted(self, position: int, limit: str = "") -> dict[str, int]:
        cell = self.cell(position)
        counts = dict(
            self.fetch(
                f"{cell}, count(*)",
                f"and {cell} is not null group by 1 order by min(rowid) {limit}",
            )
        )
        if len(counts) <= _REMEMBERED_VALUES:
            self.workspace.counts[f"{cell} {self.source}"] = counts
        return counts

    def filled_counts(self) -> list[int]:
        """Return per column how many cells have content."""
        plain = replace(self, instead={})
        counted = [
            plain.few_value_counts(position, remembered=True)
            for position in range(1, len(self.places) + 1)
        ]
        missing = [p for p, known in zip(self.places, counted, strict=True) if known is None]
        fetched = iter(
            self.fetch(", ".join(f"count(nullif(c{place}, ''))" for place in missing))[0]
            if missing
            else ()
        )
        return [
            next(fetched) if known is None else sum(n for value, n in known.items() if value)
            for known in counted
        ]

    def distinct_count(self, expression: str) -> int:
        """Return the number of distinct texts of an SQL expression that are not empty."""
        ((count,),) = self.fetch(f"count(distinct hash({expression}))", f"and {expression} <> ''")
        return int(count)


def stripped(expression: str) -> str:
    """Return the SQL expression of a text without white space around it, as `str.strip`."""
    # Trimming a set of characters is slow; most texts of which it matters have none of them.
    return (
        f"case when regexp_full_match({expression}, '[!-~]*') then {expression} "
        f"else trim({expression}, '{WHITE_SPACE}') end"
    )


def stage_rows(workspace: Workspace, rows: Iterable[Row], width: int) -> WorkspaceRows:
    """Put rows into a workspace, batch by batch."""
    name = workspace.new_name()
    connection = workspace.connection
    columns = ", ".join(f"c{place} varchar" for place in range(1, width + 1))
    connection.execute(f"create table {name} ({columns})")
    size = max(1, _CELLS_PER_BATCH // width)
    count = 0
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            _append(workspace, name, batch)
            count += len(batch)
            batch = []
    if batch:
        _append(workspace, name, batch)
        count += len(batch)
    return WorkspaceRows(workspace, name, tuple(range(1, width + 1)), 0, count)


def _append(workspace: Workspace, name: str, batch: list[Row]) -> None:
    arrays = [pa.array(values, pa.string()) for values in zip(*batch, strict=True)]
    incoming = pa.table(arrays, names=[f"c{place}" for place in range(1, len(arrays) + 1)])
    workspace.connection.register("incoming_rows", incoming)
    workspace.connection.execute(f"insert into {name} select * from incoming_rows")
    workspace.connection.unregister("incoming_rows")
