"""A checked file as the rows of the raw tables, in memory, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from barometer.registry import Registry
from barometer.registry_records import Delivery
from landing.archive import Fingerprint, fingerprint, require_unchanged
from landing.check import CheckReport, check_table
from landing.checks.subject import column_key, known_as
from landing.deliveries import InboxFile
from landing.readers import SourceTable, read_table
from landing.readers.table import Cell


@dataclass(frozen=True)
class StagedExport:
    """One new file: who it is, what was found, and its rows per raw table."""

    file: InboxFile
    content: Fingerprint
    export_id: str
    report: CheckReport
    columns: pa.Table
    value_labels: pa.Table
    cells: pa.Table
    frame: pa.Table | None


def export_id_of(file: InboxFile, content: Fingerprint) -> str:
    """Return the id of a landed file."""
    delivery = file.delivery
    return f"{delivery.wave}-{delivery.kind}-{delivery.part}-{content.sha256[:12]}"


def stage_file(
    file: InboxFile, content: Fingerprint, registry: Registry, warehouse: Path | None = None
) -> StagedExport:
    """Read and check a file; its findings are in the report, errors included.

    Where the wave before was landed in the warehouse, the file is compared with it.

    Raises:
        LandingError: the file cannot be read as a table, or changes meanwhile.
    """
    delivery = file.delivery
    table = read_table(file.path, format=delivery.format, sheet=delivery.sheet, tool=delivery.tool)
    require_unchanged(file.path, content)
    report = check_table(
        table,
        file_name=file.path.name,
        wave=delivery.wave,
        kind=delivery.kind,
        part=delivery.part,
        registry=registry,
        warehouse=warehouse,
    )
    export_id = export_id_of(file, content)
    return StagedExport(
        file=file,
        content=content,
        export_id=export_id,
        report=report,
        columns=_columns(table, export_id),
        value_labels=_value_labels(table, export_id),
        cells=_cells(table, export_id, delivery.wave),
        frame=_frame(table, export_id, file, registry),
    )


def fingerprint_of(file: InboxFile) -> Fingerprint:
    """Return the fingerprint of a delivered file."""
    return fingerprint(file.path)


def _columns(table: SourceTable, export_id: str) -> pa.Table:
    columns = table.columns
    return pa.table(
        {
            "export_id": _repeat(export_id, len(columns)),
            "column_position": pa.array([c.position for c in columns], pa.int32()),
            "column_name": _text([c.name for c in columns]),
            "column_label": _text([c.label for c in columns]),
            "source_type": _text([c.source_type for c in columns]),
        }
    )


def _value_labels(table: SourceTable, export_id: str) -> pa.Table:
    labels = table.value_labels
    return pa.table(
        {
            "export_id": _repeat(export_id, len(labels)),
            "column_position": pa.array([label.position for label in labels], pa.int32()),
            "raw_value": _text([label.raw_value for label in labels]),
            "label": _text([label.label for label in labels]),
        }
    )


def _cells(table: SourceTable, export_id: str, wave: str) -> pa.Table:
    """Return the long form, column after column: one array per column, no loop over cells."""
    n_rows = len(table.rows)
    row_number = pa.array(range(1, n_rows + 1), pa.int64())
    by_column = [
        pa.table(
            {
                "export_id": _repeat(export_id, n_rows),
                "wave": _repeat(wave, n_rows),
                "row_number": row_number,
                "column_position": pa.repeat(pa.scalar(column.position, pa.int32()), n_rows),
                "value": _text(values),
            }
        )
        for column, values in zip(table.columns, zip(*table.rows, strict=True), strict=True)
    ]
    return pa.concat_tables(by_column)


def _frame(
    table: SourceTable, export_id: str, file: InboxFile, registry: Registry
) -> pa.Table | None:
    """Return the organisations that the file lists, if this file is a sampling frame."""
    delivery = file.delivery
    frame_source = registry.wave(delivery.wave).frame_source
    if delivery.kind == "export" and frame_source != "export":
        return None
    n_rows = len(table.rows)
    keys = _role_values(table, delivery, registry, "organisation_key")
    if keys is None:
        keys = _respondent_keys(table, delivery, registry)
    names = _role_values(table, delivery, registry, "organisation_name")
    return pa.table(
        {
            "export_id": _repeat(export_id, n_rows),
            "wave": _repeat(delivery.wave, n_rows),
            "row_number": pa.array(range(1, n_rows + 1), pa.int64()),
            "organisation_key": _text(keys),
            "organisation_name": _text([None] * n_rows if names is None else names),
        }
    )


def _respondent_keys(table: SourceTable, delivery: Delivery, registry: Registry) -> list[Cell]:
    """Return the keys of respondents who are units themselves: ids count anew in every part."""
    ids = _role_values(table, delivery, registry, "response_id")
    if ids is None:
        return [None] * len(table.rows)
    return [f"{delivery.part}-{cell.strip()}" if cell and cell.strip() else None for cell in ids]


def _role_values(
    table: SourceTable, delivery: Delivery, registry: Registry, role: str
) -> list[Cell] | None:
    names = {
        column_key(mapping.column_name)
        for mapping in registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        if mapping.role == role
    }
    position = next((c.position for c in table.columns if known_as(c) in names), None)
    return None if position is None else table.column_values(position)


def _text(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _repeat(value: str, count: int) -> pa.Array:
    # A dictionary holds the text once, however many rows repeat it.
    indices = pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(indices, pa.array([value], pa.string()))
