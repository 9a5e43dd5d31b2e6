"""The file of the wave before, as it was landed; the warehouse is only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import duckdb

from landing.checks.subject import Subject
from landing.drift.source import Choices, Scores, correlated, scored
from landing.findings.drift import PreviousWave
from landing.readers.table import SourceColumn, SourceTable
from landing.storage.warehouse import KnownExport, open_warehouse, read_known_exports
from registry import Registry


@dataclass(frozen=True)
class LandedExport:
    """A landed export that can be counted as long as the warehouse is open."""

    described: PreviousWave
    subject: Subject
    _answers: frozenset[int]
    _export_id: str
    _connection: duckdb.DuckDBPyConnection

    @cached_property
    def _counts(self) -> dict[int, dict[str, int]]:
        rows = self._connection.execute(
            """
            select column_position, value, count(*) from raw.cells
            where export_id = ? and value is not null and list_contains(?, column_position)
            group by all
            order by 1, 2
            """,
            [self._export_id, list(self._answers)],
        ).fetchall()
        counts: dict[int, dict[str, int]] = {}
        for position, value, n_cells in rows:
            counts.setdefault(position, {})[value] = n_cells
        return counts

    def value_counts(self, position: int) -> dict[str, int]:
        """Return how often every value of an answer column occurs."""
        return self._counts.get(position, {})

    def count_rows(self, choices: Choices) -> int:
        """Return how many rows hold a meant value in any of the columns."""
        tests, values = [], []
        for position, meant in choices.items():
            tests.append("(column_position = ? and list_contains(?, value))")
            values += [position, list(meant)]
        if not tests:
            return 0
        found = self._connection.execute(
            "select count(distinct row_number) from raw.cells where export_id = ? and ("
            + " or ".join(tests)
            + ")",
            [self._export_id, *values],
        ).fetchone()
        return int(found[0]) if found else 0

    def rest_correlations(self, items: Sequence[Scores]) -> list[float | None]:
        """Return how each item goes with the mean of the others; None where too little varies."""
        columns = [
            " ".join(
                f"when {position} then {scored('value', values)}"
                for position, values in item.items()
            )
            for item in items
        ]
        maxima = ", ".join(
            f"max(case column_position {cases} end) as s{place}" if cases else f"null as s{place}"
            for place, cases in enumerate(columns)
        )
        positions = ", ".join({str(position): None for item in items for position in item})
        export_id = self._export_id.replace("'", "''")
        return correlated(
            self._connection,
            f"select {maxima} from raw.cells where export_id = '{export_id}' "
            f"and column_position in ({positions or 'null'}) group by row_number",
            len(items),
        )


@contextmanager
def previous_export(
    warehouse: Path | None, registry: Registry, wave: str, part: str
) -> Iterator[LandedExport | None]:
    """Open the export of the latest earlier wave that was landed; None where there is none.

    Of a wave in several parts it is the same part; a wave whose parts are others is passed over.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    if warehouse is None or not warehouse.exists():
        yield None
        return
    with open_warehouse(warehouse, read_only=True) as connection:
        known = read_known_exports(connection, registry.survey.survey_id)
        found = _latest_before(registry, wave, part, known)
        yield None if found is None else _landed(connection, registry, found)


@dataclass(frozen=True)
class LandedFrame:
    """A landed frame with what the registry uses of it; its other cells are not read."""

    described: PreviousWave
    subject: Subject


def previous_frame(
    warehouse: Path | None, registry: Registry, wave: str, part: str
) -> LandedFrame | None:
    """Return the frame of the latest earlier wave that was landed; None where there is none.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    if warehouse is None or not warehouse.exists():
        return None
    with open_warehouse(warehouse, read_only=True) as connection:
        known = read_known_exports(connection, registry.survey.survey_id)
        found = _latest_before(registry, wave, part, known, "frame")
        return None if found is None else landed_frame(connection, registry, found)


def landed_frame(
    connection: duckdb.DuckDBPyConnection, registry: Registry, frame: KnownExport
) -> LandedFrame:
    """Return a landed frame with the cells that the registry uses."""
    bare = landed_subject(connection, registry, frame)
    used = sorted({use.column.position for use in bare.uses})
    rows: list[list[str | None]] = [
        [None] * len(bare.table.columns) for _ in range(frame.row_count)
    ]
    for row, position, value in connection.execute(
        "select row_number, column_position, value from raw.cells "
        "where export_id = ? and value is not null and list_contains(?, column_position)",
        [frame.export_id, used],
    ).fetchall():
        rows[row - 1][position - 1] = value
    table = replace(bare.table, rows=tuple(tuple(row) for row in rows))
    return LandedFrame(_described(frame), replace(bare, table=table))


def _latest_before(
    registry: Registry,
    wave: str,
    part: str,
    known: tuple[KnownExport, ...],
    kind: str = "export",
) -> KnownExport | None:
    waves = registry.wave_ids
    for earlier in reversed(waves[: waves.index(wave)]):
        exports = [e for e in known if e.is_current and (e.wave, e.kind) == (earlier, kind)]
        same = [export for export in exports if export.part == part]
        if same or len(exports) == 1:
            return (same or exports)[0]
    return None


def _landed(
    connection: duckdb.DuckDBPyConnection, registry: Registry, export: KnownExport
) -> LandedExport:
    # Of the table only the columns are looked at; its cells are counted in the warehouse.
    subject = landed_subject(connection, registry, export)
    texts = {q.question_id for q in registry.questions if q.answer_type in ("text", "date")}
    answers = frozenset(
        use.column.position
        for use in subject.uses
        if use.mapping.role == "answer" and use.mapping.question_id not in texts
    )
    return LandedExport(
        described=_described(export),
        subject=subject,
        _answers=answers,
        _export_id=export.export_id,
        _connection=connection,
    )


def _described(file: KnownExport) -> PreviousWave:
    return PreviousWave(
        wave=file.wave,
        part=file.part,
        file_name=file.file_name,
        row_count=file.row_count,
        column_count=file.column_count,
    )


def landed_subject(
    connection: duckdb.DuckDBPyConnection, registry: Registry, export: KnownExport
) -> Subject:
    """Return a landed file without its rows."""
    columns = connection.execute(
        """
        select column_position, column_name, column_label, source_type from raw.export_columns
        where export_id = ?
        order by column_position
        """,
        [export.export_id],
    ).fetchall()
    table = SourceTable(
        columns=tuple(SourceColumn(*column) for column in columns), rows=(), format="landed"
    )
    return Subject(
        table=table,
        wave=registry.wave(export.wave),
        kind=export.kind,
        part=export.part,
        registry=registry,
    )
