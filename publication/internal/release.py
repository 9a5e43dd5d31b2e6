"""Publish the internal edition: groups only, every figure at full precision.

The marts are copied into a new file that no reader knows of, audited there, made durable
and read-only, and only then swapped in (`publication.store.swap`). Whatever fails, or is killed,
before the swap leaves readers with the release they had.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from barometer.databases import BUILD_FILE, attach, telling_of_damage
from barometer.settings import Settings
from publication.copying import copy_tables
from publication.editions import INTERNAL, SYNTHETIC, edition_of
from publication.errors import PublicationError
from publication.internal.audit import audit_release
from publication.sources import read_sources
from publication.store import files
from publication.store.about import describe_release
from publication.store.swap import (
    Contents,
    Prepared,
    ReleaseReport,
    make_current,
    prepared_release,
)
from publication.tables import SOURCE, released_tables
from registry import Registry, load_registry
from registry.schemas import released_schemas

__all__ = ["ReleaseReport", "current_manifest", "publish"]


def publish(settings: Settings) -> ReleaseReport:
    """Copy the marts into a new release, audit it and make it current.

    Raises:
        PublicationError: the marts are incomplete or break a rule of publication.
        WithdrawnError: the figures are those of a release that was rolled back.
    """
    with prepared_internal(settings, load_registry(settings.seeds)) as prepared:
        (report,) = make_current(prepared)
    return report


@contextmanager
def prepared_internal(settings: Settings, registry: Registry) -> Iterator[Prepared]:
    """Copy the marts into a new release and audit it, for `make_current` within the block.

    Raises:
        PublicationError: the marts are incomplete or break a rule of publication.
        WithdrawnError: the figures are those of a release that was rolled back.
    """
    schemas = released_schemas(registry)
    _check_names(settings, schemas)

    def fill(connection: duckdb.DuckDBPyConnection) -> Contents:
        attach(PublicationError, BUILD_FILE, settings.warehouse, connection, SOURCE)
        with telling_of_damage(PublicationError, BUILD_FILE, settings.warehouse):
            tables = released_tables(connection, registry, settings.dbt_target / "manifest.json")
            copy_tables(connection, tables)
            return Contents(tables, read_sources(connection, SOURCE), registry)

    def finish(connection: duckdb.DuckDBPyConnection, contents: Contents, release_id: str) -> None:
        labels = [edition.marking, *([SYNTHETIC] if contents.is_synthetic else [])]
        describe_release(
            connection, edition, release_id, contents.registry.survey, contents.is_synthetic, labels
        )
        audit_release(connection, contents.tables, registry)
        connection.execute(f"detach {SOURCE}")

    edition = edition_of(settings, INTERNAL)
    with prepared_release(settings, edition, fill, finish) as prepared:
        yield prepared


def current_manifest(settings: Settings, edition: str = INTERNAL) -> dict[str, Any] | None:
    """Return what is known about the current release, or None before the first one."""
    return files.read_manifest(edition_of(settings, edition).current)


def _check_names(settings: Settings, schemas: tuple[str, ...]) -> None:
    if not settings.warehouse.exists():
        raise PublicationError(
            "There is no warehouse to publish from.",
            where=str(settings.warehouse),
            remedy="Run the whole refresh.",
        )
    # In DuckDB a database and a schema of one name make every `name.table` ambiguous.
    stem = Path(settings.release_file_name).stem
    if stem in schemas or SOURCE in schemas:
        raise PublicationError(
            f"The release file is named like one of its schemas: {stem}.",
            where=settings.release_file_name,
            expected="a name that is no schema: not " + ", ".join(schemas),
            remedy="Rename the organisation group, or give the survey another id.",
        )
