"""What landing does for personal data between reading a file and writing its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from barometer.environment import ARCHIVE_KEY, PSEUDONYM_KEY
from landing.checks.subject import column_key, known_as
from landing.personal.forgotten import Forgotten, forgotten_in
from landing.personal.schema import has_table
from landing.readers import SourceTable
from landing.storage.archive import Fingerprint, archive_file
from landing.storage.keys import (
    MissingKeyError,
    SecretKey,
    key_if_set,
    read_key,
)
from landing.storage.warehouse import open_warehouse
from registry import Registry
from registry.tables.waves import PSEUDONYMISE, Delivery

_NOTHING = "cast(null as varchar)"


@dataclass(frozen=True)
class Protected:
    """A table as it may be landed.

    Attributes:
        table: without forgotten respondents, every treated cell treated.
        n_forgotten: rows that were left out.
    """

    table: SourceTable
    n_forgotten: int = 0


@dataclass(frozen=True)
class Treatment:
    """The keys and records that the files of one landing need, all of them at hand."""

    pseudonym_key: SecretKey | None = None
    archive_key: SecretKey | None = None
    forgotten: tuple[Forgotten, ...] = ()

    def apply(self, table: SourceTable, delivery: Delivery, registry: Registry) -> Protected:
        """Leave forgotten respondents out of a table and treat the columns that ask for it."""
        kept = self._without_forgotten(table, delivery, registry)
        n_forgotten = len(table.rows) - len(kept.rows)
        return Protected(self._treated(kept, treatments(kept, delivery, registry)), n_forgotten)

    def archive(
        self, path: Path, folder: Path, content: Fingerprint, delivery: Delivery, n_forgotten: int
    ) -> str | None:
        """Keep an original as its delivery says and return its place; None where it is not kept.

        An original that holds a forgotten respondent is never kept.
        """
        if delivery.archive == "off" or n_forgotten:
            return None
        key = self.archive_key if delivery.archive == "encrypted" else None
        return archive_file(path, folder, content, key)

    def record_key(self, connection: duckdb.DuckDBPyConnection, now: dt.datetime) -> None:
        """Remember which key the pseudonyms of this warehouse are made with."""
        if self.pseudonym_key is not None:
            connection.execute(
                "insert or ignore into raw.pseudonym_keys values (?, ?)",
                [self.pseudonym_key.key_id, now],
            )

    def _without_forgotten(
        self, table: SourceTable, delivery: Delivery, registry: Registry
    ) -> SourceTable:
        records = _of(self.forgotten, delivery)
        position = _position(table, delivery, registry, "response_id")
        if not records or position is None:
            return table
        gone = [
            number
            for number, value in enumerate(table.cells.column_values(position), start=1)
            if value and any(record.matches(value, self.pseudonym_key) for record in records)
        ]
        return replace(table, rows=table.cells.without(gone)) if gone else table

    def _treated(self, table: SourceTable, treated: Mapping[int, str]) -> SourceTable:
        if not treated:
            return table
        rows = table.cells
        pseudonym = self._function(table) if PSEUDONYMISE in treated.values() else ""
        cells = {
            position: f"{pseudonym}({rows.cell(position)})"
            if treatment == PSEUDONYMISE
            else _NOTHING
            for position, treatment in treated.items()
        }
        return replace(
            table,
            rows=rows.with_cells(cells),
            value_labels=tuple(v for v in table.value_labels if v.position not in treated),
            user_missing=tuple(m for m in table.user_missing if m.position not in treated),
        )

    def _function(self, table: SourceTable) -> str:
        """Return the name of an SQL function that pseudonymises; the key is in no statement."""
        key = self.pseudonym_key
        if key is None:
            # A caller that lands has asked for the keys before it read anything.
            key = read_key(PSEUDONYM_KEY, "Columns are pseudonymised")
        workspace = table.cells.workspace
        name = f"pseudonym_{workspace.new_name()}"
        workspace.connection.create_function(name, key.pseudonym, ["VARCHAR"], "VARCHAR")
        return name


def treatment_for(registry: Registry, deliveries: Sequence[Delivery], warehouse: Path) -> Treatment:
    """Return what the files of these deliveries need.

    Raises:
        MissingKeyError: a key that one of them needs is not there, or is another than before.
    """
    treating = [d for d in deliveries if _pseudonymised(registry, d)]
    encrypting = [d for d in deliveries if d.archive == "encrypted"]
    forgotten = forgotten_in(warehouse)
    recognising = [d for d in deliveries if any(r.key_id for r in _of(forgotten, d))]
    pseudonym_key = archive_key = None
    if treating:
        pseudonym_key = read_key(PSEUDONYM_KEY, f"{_named(treating)}: columns are pseudonymised")
        _require_the_same_key(pseudonym_key, _key_ids(warehouse))
    if recognising:
        pseudonym_key = read_key(
            PSEUDONYM_KEY, f"{_named(recognising)}: forgotten respondents are recognised by a key"
        )
        of_records = {r.key_id for d in recognising for r in _of(forgotten, d)} - {None}
        for key_id in of_records:
            _require_the_same_key(pseudonym_key, {str(key_id)})
    if encrypting:
        archive_key = read_key(ARCHIVE_KEY, f"{_named(encrypting)}: originals are encrypted")
    return Treatment(pseudonym_key, archive_key, forgotten)


def key_for_ids(registry: Registry, wave: str, warehouse: Path) -> SecretKey | None:
    """Return the key by which responses of a wave are sought and remembered, if there is one.

    Raises:
        MissingKeyError: the response ids of the wave are pseudonymised and it is not there, or
            it is another than before.
    """
    columns = registry.columns_for(wave, "export")
    if any(c.role == "response_id" and c.treatment == PSEUDONYMISE for c in columns):
        key = read_key(PSEUDONYM_KEY, f"The response ids of wave {wave} are pseudonymised")
        _require_the_same_key(key, _key_ids(warehouse))
        return key
    return key_if_set(PSEUDONYM_KEY)


def treatments(table: SourceTable, delivery: Delivery, registry: Registry) -> dict[int, str]:
    """Return the treatment per position of the columns that have one."""
    by_name = {
        column_key(mapping.column_name): mapping.treatment
        for mapping in registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        if mapping.treatment is not None
    }
    return {
        column.position: by_name[known_as(column)]
        for column in table.columns
        if known_as(column) in by_name
    }


def _position(table: SourceTable, delivery: Delivery, registry: Registry, role: str) -> int | None:
    names = {
        column_key(mapping.column_name)
        for mapping in registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        if mapping.role == role
    }
    return next((c.position for c in table.columns if known_as(c) in names), None)


def _of(forgotten: Sequence[Forgotten], delivery: Delivery) -> list[Forgotten]:
    if delivery.kind != "export":
        return []
    return [r for r in forgotten if (r.wave, r.part) == (delivery.wave, delivery.part)]


def _pseudonymised(registry: Registry, delivery: Delivery) -> bool:
    columns = registry.columns_for(delivery.wave, delivery.kind, delivery.part)
    return any(column.treatment == PSEUDONYMISE for column in columns)


def _key_ids(warehouse: Path) -> set[str]:
    if not warehouse.exists():
        return set()
    with open_warehouse(warehouse, read_only=True) as connection:
        if not has_table(connection, "pseudonym_keys"):
            return set()
        return {
            row[0] for row in connection.execute("select key_id from raw.pseudonym_keys").fetchall()
        }


def _require_the_same_key(key: SecretKey, known: set[str]) -> None:
    if known and key.key_id not in known:
        raise MissingKeyError(
            f"The key in {key.variable} is another than the one used before.",
            where=f"environment variable {key.variable}",
            expected=f"the key with id {', '.join(sorted(known))}; this one has id {key.key_id}",
            remedy="Set it to the key kept for this survey: under another one, nobody would be "
            "recognised.",
        )


def _named(deliveries: Sequence[Delivery]) -> str:
    names = sorted({f"wave {d.wave} {d.kind} {d.part}" for d in deliveries})
    return ", ".join(names)
