"""The export of 2023 of the example survey, and the one of 2021 as text, to be spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from landing.check import check_table
from landing.findings.finding import CheckReport
from landing.known.beside import NOTHING, Beside
from landing.readers.table import Cell, SourceTable
from registry import Registry

WAVE = "2023"


@dataclass(frozen=True)
class Export:
    """An export as it was read; every change makes another."""

    table: SourceTable
    registry: Registry
    wave: str = WAVE

    def place(self, name: str) -> int:
        """Return the place of the column with a role, or that answers a question."""
        (found,) = (
            column.column_name
            for column in self.registry.columns_for(self.wave, "export")
            if name in (column.role, column.question_id)
        )
        return next(
            at for at, column in enumerate(self.table.columns) if column.name.strip() == found
        )

    def values(self, name: str) -> list[Cell]:
        return [row[self.place(name)] for row in self.table.rows]

    def with_rows(self, rows: list[list[Cell]]) -> Export:
        return replace(self, table=replace(self.table, rows=tuple(tuple(row) for row in rows)))

    def with_values(self, name: str, values: list[Cell]) -> Export:
        rows = [list(row) for row in self.table.rows]
        for row, value in zip(rows, values, strict=True):
            row[self.place(name)] = value
        return self.with_rows(rows)

    def changed(self, name: str, change: Callable[[str], Cell], every: int = 1) -> Export:
        """Change every so many filled cells of a column."""
        values, n_filled = self.values(name), 0
        for at, value in enumerate(values):
            if value:
                values[at] = value if n_filled % every else change(value)
                n_filled += 1
        return self.with_values(name, values)

    def exchanged(self, one: str, other: str) -> Export:
        """Put the headings of two columns in each other's place."""
        first, second = self.place(one), self.place(other)
        columns = list(self.table.columns)
        columns[first], columns[second] = (
            replace(columns[first], name=columns[second].name),
            replace(columns[second], name=columns[first].name),
        )
        return replace(self, table=replace(self.table, columns=tuple(columns)))

    def without(self, name: str) -> Export:
        """Leave a column out, of the file and of the registry."""
        place = self.place(name)
        gone = self.table.columns[place].name
        columns = [c for at, c in enumerate(self.table.columns) if at != place]
        table = replace(
            self.table,
            columns=tuple(replace(c, position=at) for at, c in enumerate(columns, 1)),
            rows=tuple(
                tuple(cell for at, cell in enumerate(row) if at != place) for row in self.table.rows
            ),
        )
        registry = replace(
            self.registry,
            columns=tuple(
                c
                for c in self.registry.columns
                if (c.wave, c.kind, c.column_name) != (self.wave, "export", gone.strip())
            ),
        )
        return replace(self, table=table, registry=registry)

    def check(self, warehouse: object = None, beside: Beside = NOTHING) -> CheckReport:
        return check_table(
            replace(self.table),
            file_name="spoilt.xlsx",
            wave=self.wave,
            kind="export",
            part="main",
            registry=self.registry,
            warehouse=warehouse,  # type: ignore[arg-type]
            beside=beside,
        )
