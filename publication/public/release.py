"""Publish the public edition: a release of its own that is made from protected cells only.

The build database is read once, into memory; nothing of it is ever in the file that is released.
The ledger knows a release before readers can see it (`publication.public.ledger.ledger`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from barometer.databases import BUILD_FILE, attach, telling_of_damage
from barometer.memory import bounded
from barometer.settings import Settings
from publication.editions import PUBLIC, edition_of
from publication.errors import PublicationError
from publication.public.audit.edition import audit_public
from publication.public.ledger.ledger import (
    LedgerEntry,
    finalise,
    forget_absent,
    ledger_folder,
    ledger_key,
    read_ledger,
    waves_before,
    write_pending,
)
from publication.public.method.counts import WaveResponses, count, read_responses
from publication.public.method.protect import ProtectedWave, fingerprints, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.tables.columns import COLUMNS, PublicTable, meanings
from publication.public.tables.tables import DIMENSIONS, RATES, PublicConstants, public_tables
from publication.sources import Source, read_sources
from publication.store.swap import (
    Contents,
    Logbook,
    Prepared,
    ReleaseReport,
    describe_release,
    make_current,
    prepared_release,
)
from publication.tables import ABOUT, READER, READERS, SOURCE, ReleasedTable, literal, quote
from registry import Registry, load_registry
from registry.rules.disclosure import has_public_edition
from registry.schemas import CORE, GROUPS

SYNTHETIC_LABEL = "Synthetic example data: no organisation gave these answers."
PUBLIC_LABEL = "Public edition: ranges fixed in advance, no figure of any organisation."


@dataclass(frozen=True)
class BuildFile:
    """What is read from the build database.

    Attributes:
        responses: kept responses by wave.
        constants: what is public whatever anybody answered.
        sources: landed files, for the ledger.
    """

    responses: dict[str, WaveResponses]
    constants: PublicConstants
    sources: tuple[Source, ...]


def publish_public(settings: Settings) -> ReleaseReport | None:
    """Make the public release and make it current; None where the survey has no public edition.

    The caller holds the lock.

    Raises:
        PublicationError: it may not be published; nothing that readers see has changed.
        AuditError: the audit found a count that could be worked out.
    """
    with prepared_public(settings, load_registry(settings.seeds)) as prepared:
        if prepared is None:
            return None
        (report,) = make_current(prepared)
    return report


@contextmanager
def prepared_public(settings: Settings, registry: Registry) -> Iterator[Prepared | None]:
    """Protect and audit the public release, for `make_current` within the block.

    Yields None where the survey has no public edition. The caller holds the lock.

    Raises:
        PublicationError: it may not be published; nothing that readers see has changed.
    """
    if not has_public_edition(registry):
        yield None
        return
    build = read_build(settings, registry)
    entries = read_ledger(settings)
    key = ledger_key(settings)
    waves = protect(build.responses, registry, entries, key)
    tables = public_tables(waves, build.constants, registry)

    def fill(connection: duckdb.DuckDBPyConnection) -> Contents:
        write_tables(connection, tables)
        released = tuple(ReleasedTable(each.schema, each.name, each.key) for each in tables)
        return Contents(released, build.sources, registry.survey)

    def finish(connection: duckdb.DuckDBPyConnection, contents: Contents, release_id: str) -> None:
        labels = [PUBLIC_LABEL, *([SYNTHETIC_LABEL] if contents.is_synthetic else [])]
        describe_release(connection, edition, release_id, contents.is_synthetic, labels)
        describe_columns(connection, CORE, ABOUT)
        audit_public(connection, tables, waves, entries)

    def before(manifest: dict[str, Any], created_at: datetime) -> None:
        notes = {"checks": manifest["checks"], "sources": manifest["sources"]}
        when = created_at.isoformat(timespec="microseconds")
        write_pending(settings, LedgerEntry(manifest["release_id"], when, notes, tuple(waves)))

    def after(release_id: str) -> None:
        finalise(settings, release_id)

    edition = edition_of(settings, PUBLIC)
    with prepared_release(settings, edition, fill, finish, Logbook(before, after)) as prepared:
        yield prepared


def protect(
    responses: dict[str, WaveResponses],
    registry: Registry,
    entries: tuple[LedgerEntry, ...],
    key: bytes,
) -> list[ProtectedWave]:
    """Protect every wave, each under the rules of its first public release."""
    protected = []
    for wave in registry.wave_ids:
        if wave not in responses:
            continue
        earlier = waves_before(entries, wave)
        rules = (
            earlier[0].rules if earlier else wave_rules(registry, wave, responses[wave].indicators)
        )
        protected.append(protect_wave(responses[wave], rules, earlier, key))
    return protected


def read_build(settings: Settings, registry: Registry) -> BuildFile:
    """Read the build database once."""
    with (
        duckdb.connect(config=bounded(temp_directory=f"{settings.warehouse}.tmp")) as connection,
        telling_of_damage(PublicationError, BUILD_FILE, settings.warehouse),
    ):
        attach(PublicationError, BUILD_FILE, settings.warehouse, connection, SOURCE)
        dimensions = {
            name: _rows(connection, f"{CORE}.{name}", columns)
            for name, (_, _, columns) in DIMENSIONS.items()
        }
        rates = _rows(connection, f"{CORE}.mart_response_rates", RATES)
        told: dict[str, set[tuple[str, str]]] = {}
        for reader, *group in connection.execute(
            f"select {READER}, classification_id, group_id from {SOURCE}.{GROUPS}.{READERS}"
        ).fetchall():
            told.setdefault(reader, set()).add((group[0], group[1]))
        return BuildFile(
            read_responses(connection, registry.wave_ids),
            PublicConstants(
                dimensions, rates, {reader: frozenset(groups) for reader, groups in told.items()}
            ),
            read_sources(connection, SOURCE),
        )


def forget_in_ledger(settings: Settings, registry: Registry) -> None:
    """Drop from the ledger whatever came from responses that are not in the warehouse any more."""
    if not ledger_folder(settings).exists():
        return
    key = ledger_key(settings)
    build = read_build(settings, registry)
    present = {}
    for entry in read_ledger(settings):
        for wave in entry.waves:
            if wave.wave in build.responses:
                counted = count(build.responses[wave.wave], wave.rules)
                present[wave.wave] = fingerprints(counted, key)
    forget_absent(settings, present)


def write_tables(connection: duckdb.DuckDBPyConnection, tables: tuple[PublicTable, ...]) -> None:
    """Create the tables with what is said about them."""
    connection.execute("begin")
    for schema in sorted({table.schema for table in tables}):
        connection.execute(f"create schema if not exists {quote(schema)}")
    for table in tables:
        place = f"{quote(table.schema)}.{quote(table.name)}"
        connection.execute(f"create table {place} as select {', '.join(_contents(table))}")
        connection.execute(f"comment on table {place} is {literal(table.description)}")
        describe_columns(connection, table.schema, table.name)
    connection.execute("commit")


def _contents(table: PublicTable) -> Iterator[str]:
    """Yield the columns of a table as SQL: JSON, because a bound value makes DuckDB load pandas."""
    for at, name in enumerate(table.columns):
        values = [row[at] for row in table.rows]
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, default=str)
        data_type = json.dumps([COLUMNS[name]])
        yield f"unnest(from_json({literal(text)}, {literal(data_type)})) as {quote(name)}"


def describe_columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """Say what each column of a table means."""
    place = f"{quote(schema)}.{quote(name)}"
    said = [
        f"comment on column {place}.{quote(column)} is {literal(meanings()[column])}"
        for column, *_ in connection.execute(f"describe {place}").fetchall()
        if column in COLUMNS
    ]
    connection.execute(";".join(said))


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]
) -> list[dict[str, Any]]:
    names = ", ".join(quote(column) for column in columns)
    rows = connection.execute(f"select {names} from {SOURCE}.{table} order by all").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
