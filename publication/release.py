"""Publish the internal edition: groups only, every figure at full precision.

The marts are copied into a new file that no reader knows of, audited there, made durable
and read-only, and only then swapped in. Whatever fails, or is killed, before the swap
leaves readers with the release they had.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from barometer.registry import Registry, load_registry
from barometer.settings import Settings
from publication import files
from publication.audit import audit_release
from publication.contents import TableContents, content_hash, same_figures, table_contents
from publication.errors import PublicationError
from publication.tables import (
    ABOUT,
    CORE,
    SOURCE,
    ReleasedTable,
    copy_tables,
    literal,
    released_schemas,
    released_tables,
)

EDITION = "internal"
SYNTHETIC_LABEL = "Synthetic example data: no organisation gave these answers."
CONFIDENTIAL_LABEL = "Confidential: internal edition, for authorised analysts only."


@dataclass(frozen=True)
class ReleaseReport:
    """The release that is current after a publication.

    Attributes:
        path: the database file of the release.
        tables: name and row count of every table.
        unchanged: the figures equal those of the release that was current already.
    """

    release_id: str
    path: Path
    tables: tuple[tuple[str, int], ...]
    unchanged: bool


@dataclass(frozen=True)
class _Source:
    """One landed file that the figures rest on."""

    wave: str
    kind: str
    part: str
    file_name: str
    content_sha256: str
    rows: int
    is_synthetic: bool


def publish(settings: Settings) -> ReleaseReport:
    """Copy the marts into a new release, audit it and make it current.

    Raises:
        PublicationError: the marts are incomplete or break a rule of publication.
    """
    registry = load_registry(settings.seeds)
    schemas = released_schemas(registry)
    _check_names(settings, schemas)
    files.remove_leftovers(settings)
    created_at = datetime.now(UTC)
    draft = files.incoming_folder(settings, created_at.strftime("%Y%m%dT%H%M%SZ"))
    try:
        return _prepare_and_swap(settings, registry, schemas, draft, created_at)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def current_manifest(settings: Settings) -> dict[str, Any] | None:
    """Return what is known about the current release, or None before the first one."""
    return files.read_manifest(settings.current_release)


def _prepare_and_swap(
    settings: Settings,
    registry: Registry,
    schemas: tuple[str, ...],
    draft: Path,
    created_at: datetime,
) -> ReleaseReport:
    database = draft / settings.release_file_name
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach {literal(str(settings.warehouse))} as {SOURCE} (read_only)")
        tables = released_tables(connection, schemas, settings.dbt_target / "manifest.json")
        copy_tables(connection, tables)
        sources = _sources(connection)
        contents = _fingerprints(connection, tables)
        digest = content_hash(contents)
        release_id = f"{created_at:%Y%m%dT%H%M%SZ}-{digest[:8]}"
        _describe(connection, settings, release_id, sources)
        audit_release(connection, tables, registry)
        connection.execute(f"detach {SOURCE}")
        connection.execute("checkpoint")
        current = current_manifest(settings)
        equal = [
            manifest["release_id"]
            for manifest in files.releases_from(settings, current)
            if _holds(connection, settings, manifest, digest, tables)
        ]

    counts = tuple((table.name, table.rows) for table in contents)
    if current and current["release_id"] in equal:
        path = settings.releases / current["release_id"] / settings.release_file_name
        return ReleaseReport(current["release_id"], path, counts, unchanged=True)
    # A run that was killed between the last two steps left a whole release that nobody sees.
    unseen = equal[-1] if equal else None
    if unseen is None:
        files.write_manifest(
            draft, _manifest(settings, release_id, created_at, digest, contents, sources)
        )
        files.seal(draft)
        files.move_in(settings, draft, release_id)
    release_id = unseen or release_id
    files.swap_current(settings, release_id)
    path = settings.releases / release_id / settings.release_file_name
    return ReleaseReport(release_id, path, counts, unchanged=False)


def _holds(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    manifest: dict[str, Any],
    digest: str,
    tables: tuple[ReleasedTable, ...],
) -> bool:
    """Return whether an earlier release holds the figures of the open database."""
    if manifest["content_hash"] == digest:
        return True
    if {table["name"] for table in manifest["tables"]} != {table.full_name for table in tables}:
        return False
    database = settings.releases / manifest["release_id"] / manifest["file"]
    return same_figures(connection, database, tables)


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


def _sources(connection: duckdb.DuckDBPyConnection) -> tuple[_Source, ...]:
    rows = connection.execute(
        "select wave, kind, part, file_name, content_sha256, row_count, is_synthetic"
        f" from {SOURCE}.raw.exports where superseded_by is null order by wave, kind, part"
    ).fetchall()
    return tuple(_Source(*row) for row in rows)


def _fingerprints(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]
) -> tuple[TableContents, ...]:
    return tuple(table_contents(connection, table) for table in tables)


def _is_synthetic(sources: tuple[_Source, ...]) -> bool:
    return any(source.is_synthetic for source in sources)


def _describe(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    release_id: str,
    sources: tuple[_Source, ...],
) -> None:
    synthetic = _is_synthetic(sources)
    connection.execute(
        f"create table {CORE}.{ABOUT} as select cast(? as varchar) as release_id,"
        " cast(? as varchar) as survey, cast(? as varchar) as edition,"
        " cast(? as boolean) as is_synthetic, cast(? as varchar) as label",
        [
            release_id,
            settings.survey,
            EDITION,
            synthetic,
            " ".join([CONFIDENTIAL_LABEL, *([SYNTHETIC_LABEL] if synthetic else [])]),
        ],
    )
    connection.execute(
        f"comment on table {CORE}.{ABOUT} is 'One row: which release this is and who may see it.'"
    )


def _manifest(
    settings: Settings,
    release_id: str,
    created_at: datetime,
    digest: str,
    contents: tuple[TableContents, ...],
    sources: tuple[_Source, ...],
) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "survey": settings.survey,
        "edition": EDITION,
        "created_at": created_at.isoformat(timespec="microseconds"),
        "is_synthetic": _is_synthetic(sources),
        "code_version": code_version(settings.root),
        "file": settings.release_file_name,
        "content_hash": digest,
        "tables": [
            {"name": table.name, "rows": table.rows, "sha256": table.sha256} for table in contents
        ],
        "sources": [vars(source) for source in sources],
    }


def code_version(root: Path) -> str:
    """Return the version of this project, with the commit where git can tell."""
    package = importlib.metadata.version("barometer")
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return package
    described = subprocess.run(
        [git, "-C", str(root), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    commit = described.stdout.strip()
    return f"{package}+{commit}" if described.returncode == 0 and commit else package
