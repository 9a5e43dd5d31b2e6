"""Publish the public edition: a release of its own that is made from protected cells only.

Its tables are those of the internal edition. Rows, names and facts of the registries come from the
build database, figures from protected cells alone (`publication.public.tables.fill`).
The ledger knows a release before readers can see it (`publication.public.ledger.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from barometer.databases import BUILD_FILE, attach, telling_of_damage
from barometer.memory import bounded
from barometer.settings import Settings
from publication.copying import copy_tables
from publication.editions import PUBLIC, SYNTHETIC, edition_of
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
from publication.public.method.asked import asked_in
from publication.public.method.corrections import fingerprints
from publication.public.method.counts import WaveResponses, count, read_responses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.tables.columns import meaning
from publication.public.tables.fill import BEFORE, made_public
from publication.public.tables.lookups import Lookup, Rate, public_lookups
from publication.sources import Source, read_sources
from publication.store.about import describe_release
from publication.store.swap import (
    Contents,
    Logbook,
    Prepared,
    ReleaseReport,
    make_current,
    prepared_release,
)
from publication.tables import (
    SOURCE,
    ReleasedTable,
    literal,
    quote,
    released_tables,
)
from registry import Registry, load_registry
from registry.rules.disclosure import has_public_edition
from registry.schemas import CORE

RANGES = "Ranges fixed in advance, no figure of any organisation."
ROUNDED = "Rounded figures, none of any organisation."


@dataclass(frozen=True)
class BuildFile:
    """What is read from the build database before its tables.

    Attributes:
        responses: kept responses by wave.
        rates: organisations and responses of every group, whatever anybody answered.
        sources: landed files, for the ledger.
    """

    responses: dict[str, WaveResponses]
    rates: tuple[Rate, ...]
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
    lookups = public_lookups(waves, build.rates, registry, _held(waves, entries))

    def fill(connection: duckdb.DuckDBPyConnection) -> Contents:
        attach(PublicationError, BUILD_FILE, settings.warehouse, connection, SOURCE)
        before = edition.current / edition.file_name
        if before.exists():
            connection.execute(f"attach {literal(str(before))} as {BEFORE} (read_only)")
        with telling_of_damage(PublicationError, BUILD_FILE, settings.warehouse):
            tables = released_tables(connection, registry, settings.dbt_target / "manifest.json")
            write_tables(connection, tables, lookups)
        return Contents(tables, build.sources, registry)

    def finish(connection: duckdb.DuckDBPyConnection, contents: Contents, release_id: str) -> None:
        labels = [edition.marking, *said_of(waves)]
        labels += [SYNTHETIC] if contents.is_synthetic else []
        describe_release(
            connection, edition, release_id, contents.registry.survey, contents.is_synthetic, labels
        )
        audit_public(connection, contents.tables, lookups, waves, entries)
        connection.execute(f"detach {SOURCE}; detach database if exists {BEFORE}")

    def before(manifest: dict[str, Any], created_at: datetime) -> None:
        notes = {"checks": manifest["checks"], "sources": manifest["sources"]}
        when = created_at.isoformat(timespec="microseconds")
        write_pending(settings, LedgerEntry(manifest["release_id"], when, notes, tuple(waves)))

    def after(release_id: str) -> None:
        finalise(settings, release_id)

    edition = edition_of(settings, PUBLIC)
    with prepared_release(settings, edition, fill, finish, Logbook(before, after)) as prepared:
        yield prepared


def _held(waves: Sequence[ProtectedWave], entries: Sequence[LedgerEntry]) -> frozenset[str]:
    """Return the waves whose rounded figures stay as they were although responses changed."""
    return frozenset(
        wave.wave
        for wave in waves
        if wave.rounded is not None
        and any(wave.changed.values())
        and any(each.rounded == wave.rounded for each in waves_before(entries, wave.wave)[-1:])
    )


def said_of(waves: Sequence[ProtectedWave]) -> Iterator[str]:
    """Yield what a reader must know of the figures, and what risk is left."""
    if any(wave.rounded is None for wave in waves):
        yield RANGES
    if any(wave.rounded is not None for wave in waves):
        yield ROUNDED
    for wave in waves:
        if wave.rounded is not None and wave.rules.rounded is not None:
            risk = wave.rounded.risk
            yield (
                f"Wave {wave.wave}: of every count of a group or stratum at least"
                f" {wave.rules.rounded.candidates} values stay possible to a reader;"
                f" of {risk.spared:,} of {risk.counts:,} also whoever's own answers are known."
                f" {risk.coarser:,} figures are coarser for it and {risk.withheld:,} withheld."
            )


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
        rounded = rules.rounded
        asked = asked_in(registry, wave, rounded.indicators) if rounded else None
        protected.append(protect_wave(responses[wave], rules, earlier, key, asked))
    return protected


def read_build(settings: Settings, registry: Registry) -> BuildFile:
    """Read the build database once."""
    with (
        duckdb.connect(config=bounded(temp_directory=f"{settings.warehouse}.tmp")) as connection,
        telling_of_damage(PublicationError, BUILD_FILE, settings.warehouse),
    ):
        attach(PublicationError, BUILD_FILE, settings.warehouse, connection, SOURCE)
        rates = connection.execute(
            "select wave, classification_id, group_id, n_population, n_responses"
            f" from {SOURCE}.{CORE}.mart_response_rates order by all"
        ).fetchall()
        return BuildFile(
            read_responses(connection, registry.wave_ids),
            tuple(rates),
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


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[ReleasedTable, ...],
    lookups: Sequence[Lookup],
) -> None:
    """Create the tables with what is said about them; the build database is attached."""
    public = {each.table: each for each in made_public(connection, tables, lookups)}
    copy_tables(connection, tables, lambda table: public[table].selection)
    added = [said for each in public.values() for said in described(each.table.quoted, each.added)]
    connection.execute(";".join(["begin", *added, "commit"]))


def described(place: str, columns: Sequence[str]) -> Iterator[str]:
    """Yield what is said of columns that only the public edition has, as SQL."""
    for column in columns:
        yield f"comment on column {place}.{quote(column)} is {literal(meaning(column))}"
