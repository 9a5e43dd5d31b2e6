"""The frame of the wave of an export: the one delivered with it, else the one landed before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import pyarrow as pa

from landing.checks.subject import Subject
from landing.drift.population import Member, Population, population
from landing.drift.previous import landed_frame
from landing.known.beside import Beside
from landing.known.rows import bare_key, keyed_rows
from landing.readers.workspace_rows import stripped
from landing.storage.warehouse import KnownExport

# Of a longer frame only what the export names is taken out of its workspace.
_LONG_FRAME = 50_000
_MEANT = "organisations_meant"


@dataclass(frozen=True)
class WaveFrame:
    """The organisations that a wave may hear from; a frame in parts is one."""

    subjects: tuple[Subject, ...]

    @cached_property
    def _populations(self) -> list[Population]:
        return [population(subject) for subject in self.subjects]

    @cached_property
    def members(self) -> dict[str, Member]:
        """Every organisation that counts, by its key."""
        members: dict[str, Member] = {}
        for part in self._populations:
            members = {**part.members, **members}
        return members

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every key, those of organisations that ended included."""
        return frozenset(
            (cell or "").strip()
            for subject in self.subjects
            if (use := subject.first_use("organisation_key")) is not None
            for cell in subject.table.column_values(use.column.position)
        )

    def groups(self, keys: Collection[str]) -> dict[str, dict[str, str]]:
        """Return, per classification, the group of every one of these organisations in one."""
        groups: dict[str, dict[str, str]] = {}
        for part in self._populations:
            members = {key: part.members[key] for key in keys if key in part.members}
            for classification, leaves in Population(part.subject, members).leaves.items():
                groups[classification] = {**leaves, **groups.get(classification, {})}
        return groups


def own_frame(export: Subject) -> WaveFrame:
    """Return an export as the frame that it is itself, where a wave has no other."""
    return WaveFrame((export,))


def wave_frame(
    export: Subject,
    connection: duckdb.DuckDBPyConnection | None,
    known: Sequence[KnownExport],
    beside: Beside,
) -> WaveFrame | None:
    """Return the frame of an export's wave; None where none was landed or delivered.

    Args:
        export: the export.
        connection: the open warehouse, if there is one.
        known: what was landed in it.
        beside: what is delivered with the export, which comes before what was landed.
    """
    wave = export.wave.wave
    parts = {
        file.subject.part: _meant(file.subject, export)
        for file in beside.files
        if (file.subject.kind, file.subject.wave.wave) == ("frame", wave)
    }
    for file in known:
        is_frame = file.is_current and (file.kind, file.wave) == ("frame", wave)
        if is_frame and file.part not in parts and connection is not None:
            parts[file.part] = landed_frame(connection, export.registry, file).subject
    return WaveFrame(tuple(parts.values())) if parts else None


def _meant(frame: Subject, export: Subject) -> Subject:
    """Return a long frame with the organisations that an export may mean, by key or by name."""
    key_use, use = frame.first_use("organisation_key"), export.first_use("organisation_key")
    if len(frame.table.rows) <= _LONG_FRAME or key_use is None or use is None:
        return frame
    rows = keyed_rows(export, use)
    cells, name_use = frame.table.cells, frame.first_use("organisation_name")
    key = f"ltrim({stripped(cells.cell(key_use.column.position))}, '0')"
    test = f"{key} in (select text from {_MEANT} where is_key)"
    if name_use is not None:
        name = f"lower(trim({cells.cell(name_use.column.position)}))"
        test += f" or {name} in (select text from {_MEANT} where not is_key)"
    keys = sorted({bare_key(row.key) for row in rows})
    names = sorted({row.name.strip().lower() for row in rows})
    meant = pa.table(
        {
            "text": pa.array([*keys, *names], pa.string()),
            "is_key": [True] * len(keys) + [False] * len(names),
        }
    )
    cells.workspace.connection.register(_MEANT, meant)
    try:
        found = cells.fetch(cells.cells(), f"and ({test}) order by rowid")
    finally:
        cells.workspace.connection.unregister(_MEANT)
    return replace(frame, table=replace(frame.table, rows=tuple(found)))
