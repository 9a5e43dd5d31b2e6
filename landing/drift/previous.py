"""The export of the wave before, as it was landed; the warehouse is only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from barometer.registry import Registry
from landing.drift.encoded import EncodedColumn, encode
from landing.drift.model import PreviousWave
from landing.readers.table import SourceColumn
from landing.warehouse import KnownExport, open_warehouse, read_known_exports


@dataclass(frozen=True)
class LandedExport:
    """A landed export whose columns can be read as long as the warehouse is open."""

    described: PreviousWave
    columns: tuple[SourceColumn, ...]
    _export_id: str
    _connection: duckdb.DuckDBPyConnection

    def column(self, position: int) -> EncodedColumn:
        """Return one column, `position` counting from 1."""
        rows = self._connection.execute(
            """
            select value from raw.cells
            where export_id = ? and column_position = ?
            order by row_number
            """,
            [self._export_id, position],
        ).to_arrow_table()
        return encode(rows.column("value").combine_chunks().cast(pa.string()))


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
        yield None if found is None else _landed(connection, found)


def _latest_before(
    registry: Registry, wave: str, part: str, known: tuple[KnownExport, ...]
) -> KnownExport | None:
    waves = registry.wave_ids
    for earlier in reversed(waves[: waves.index(wave)]):
        exports = [e for e in known if e.is_current and e.wave == earlier and e.kind == "export"]
        same = [export for export in exports if export.part == part]
        if same or len(exports) == 1:
            return (same or exports)[0]
    return None


def _landed(connection: duckdb.DuckDBPyConnection, export: KnownExport) -> LandedExport:
    columns = connection.execute(
        """
        select column_position, column_name, column_label, source_type from raw.export_columns
        where export_id = ?
        order by column_position
        """,
        [export.export_id],
    ).fetchall()
    return LandedExport(
        described=PreviousWave(
            wave=export.wave,
            part=export.part,
            file_name=export.file_name,
            row_count=export.row_count,
            column_count=export.column_count,
        ),
        columns=tuple(SourceColumn(*column) for column in columns),
        _export_id=export.export_id,
        _connection=connection,
    )
