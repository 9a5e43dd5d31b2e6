"""Make releases: prepare each unseen and make it durable, then swap all of them in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from barometer.memory import bounded
from barometer.settings import Settings
from publication.catalogue.codebook import write_codebook
from publication.editions import CODEBOOK_PAGE, PUBLIC, REPORT, SYNTHETIC, Edition
from publication.keys import Keys
from publication.outlets import files as outlets
from publication.quality.page import QUALITY_REPORT, write_quality_report
from publication.report.page import write_report
from publication.sources import Source, check_results, code_version, registry_version
from publication.store import files
from publication.store.clean_copy import rewrite_database
from publication.store.contents import TableContents, content_hash, same_figures, table_contents
from publication.store.withdrawn import refuse_withdrawn, withdrawn
from publication.tables import STORAGE, ReleasedTable
from registry import Registry


@dataclass(frozen=True)
class Contents:
    """What a prepared database holds.

    Attributes:
        tables: its tables, without the one that describes the release.
        sources: the landed files that the figures rest on.
        registry: the registries of the survey.
        notes: what else the manifest is to say, by name.
    """

    tables: tuple[ReleasedTable, ...]
    sources: tuple[Source, ...]
    registry: Registry
    notes: tuple[tuple[str, Any], ...] = ()

    @property
    def is_synthetic(self) -> bool:
        """Return whether any of it rests on made-up answers."""
        return any(source.is_synthetic for source in self.sources)


@dataclass(frozen=True)
class ReleaseReport:
    """The release that is current after a publication.

    Attributes:
        path: the database file of the release.
        tables: name and row count of every table.
        unchanged: the figures equal those of the release that was current already.
        public: the public release made beside it, where the survey has a public edition.
        labels: who may see it and, where it is, that it is synthetic, as sentences.
    """

    release_id: str
    path: Path
    tables: tuple[tuple[str, int], ...]
    unchanged: bool
    public: ReleaseReport | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Logbook:
    """What is written down about a release outside of it, around the moment it becomes visible.

    Attributes:
        before: called with the manifest and the moment, before anybody can see the release.
        after: called with its id once it is in the release store, before readers are pointed at it.
    """

    before: Callable[[dict[str, Any], datetime], None]
    after: Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """A release that is audited and on disk, and that nobody can see yet.

    Attributes:
        draft: the sealed folder it was prepared in; None where the release is in the release store.
        report: what is to be said once it is current.
    """

    edition: Edition
    draft: Path | None
    report: ReleaseReport
    logbook: Logbook | None


Fill = Callable[[duckdb.DuckDBPyConnection], Contents]
Finish = Callable[[duckdb.DuckDBPyConnection, Contents, str], None]


@contextmanager
def prepared_release(
    settings: Settings,
    edition: Edition,
    fill: Fill,
    finish: Finish,
    logbook: Logbook | None = None,
) -> Iterator[Prepared]:
    """Prepare a release for as long as the block lasts; the caller holds the lock.

    Args:
        settings: the survey.
        edition: the edition that the release belongs to.
        fill: puts the tables into the empty database.
        finish: describes and audits what was put in; raises when it may not be published.
        logbook: where the release is written down outside of it, if anywhere.

    Raises:
        PublicationError: it may not be published; nothing that readers see has changed.
    """
    files.remove_leftovers(edition)
    created_at = datetime.now(UTC)
    draft = files.incoming_folder(edition, created_at.strftime("%Y%m%dT%H%M%SZ"))
    try:
        yield _prepare(settings, edition, fill, finish, draft, created_at, logbook)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def make_current(*prepared: Prepared) -> tuple[ReleaseReport, ...]:
    """Point readers at prepared releases, in this order.

    All of them get their places before the first link moves. Killed between two links, each
    edition still has one whole release; the next publication moves the links that are left.
    """
    for one in prepared:
        if one.draft is not None:
            files.move_in(one.edition, one.draft, one.report.release_id)
        if one.logbook is not None and not one.report.unchanged:
            one.logbook.after(one.report.release_id)
    for one in prepared:
        if not one.report.unchanged:
            files.swap_current(one.edition, one.report.release_id)
    return tuple(one.report for one in prepared)


def _prepare(
    settings: Settings,
    edition: Edition,
    fill: Fill,
    finish: Finish,
    draft: Path,
    created_at: datetime,
    logbook: Logbook | None,
) -> Prepared:
    database = draft / edition.file_name
    with duckdb.connect(str(database), config=STORAGE | bounded()) as connection:
        contents = fill(connection)
        fingerprints = tuple(table_contents(connection, table) for table in contents.tables)
        digest = content_hash(fingerprints)
        number = _next_number(edition)
        release_id = _release_id(edition, number, created_at, digest)
        finish(connection, contents, release_id)
        connection.execute("checkpoint")
        current = files.read_manifest(edition.current)
        newer = files.releases_from(edition, current)
        rolled_back = withdrawn(edition)
        equal = [
            manifest["release_id"]
            for manifest in files.known_releases(edition)
            if (manifest in newer or manifest["release_id"] in rolled_back)
            and _holds(connection, edition, manifest, digest, contents.tables)
        ]

    counts = tuple((table.name, table.rows) for table in fingerprints)

    def prepared(chosen: str, folder: Path | None, *, unchanged: bool = False) -> Prepared:
        path = edition.releases / chosen / edition.file_name
        labels = (edition.marking, *((SYNTHETIC,) if contents.is_synthetic else ()))
        report = ReleaseReport(chosen, path, counts, unchanged, labels=labels)
        return Prepared(edition, folder, report, logbook)

    if current and current["release_id"] in equal:
        return prepared(current["release_id"], None, unchanged=True)
    # A withdrawn release may have been pruned since; its id still says what it held.
    pruned = [one for one in rolled_back if one.endswith(_end(digest))]
    refuse_withdrawn(edition, [*equal, *pruned])
    if equal:
        # A run that was killed before its last step left a whole release that nobody sees.
        return prepared(equal[-1], None)
    is_public = edition.name == PUBLIC
    when = None if is_public else created_at
    earlier = [one["release_id"] for one in files.known_releases(edition)]
    write_quality_report(draft, edition, contents.registry.survey, earlier)
    write_codebook(draft, edition, contents.registry)
    report = write_report(database, draft / REPORT.parent)
    tables = outlets.write_outlets(draft, edition, release_id, when, contents.tables)
    if is_public:
        rewrite_database(draft, edition.file_name, outlets.PARQUET, tables)
    known: dict[str, Any] = {"release_id": release_id, "number": number}
    known |= {"report": str(REPORT)} if report else {}
    keys = {table.full_name: table.keys for table in tables}
    manifest = known | _manifest(
        settings, edition, created_at, digest, contents, fingerprints, keys
    )
    files.write_manifest(draft, without_secrets(manifest) if is_public else manifest)
    files.seal(draft, edition)
    if logbook is not None:
        logbook.before(manifest, created_at)
    return prepared(release_id, draft)


SECRETS = ("created_at", "checks", "sources")


def without_secrets(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return what a public release may say about itself: nothing that follows from the answers."""
    return {name: value for name, value in manifest.items() if name not in SECRETS}


def _next_number(edition: Edition) -> int:
    """Return the number of the next release; a damaged one in the public edition keeps its own."""
    names = [{"release_id": path.name} for path in edition.releases.glob("[!.]*-*")]
    known = [*names, *files.known_releases(edition)]
    return max((files.number_of(each) for each in known), default=0) + 1


def _release_id(edition: Edition, number: int, created_at: datetime, digest: str) -> str:
    """Return the moment and the contents; in the public edition a number and the contents."""
    if edition.name == PUBLIC:
        return f"{number:04d}{_end(digest)}"
    moment = created_at
    # The same figures may come back within a second, or after the clock was put back.
    while (edition.releases / f"{moment:%Y%m%dT%H%M%SZ}{_end(digest)}").exists():
        moment += timedelta(seconds=1)
    return f"{moment:%Y%m%dT%H%M%SZ}{_end(digest)}"


def _end(digest: str) -> str:
    """Return the end of a release's id, which follows from its figures."""
    return f"-{digest[:8]}"


def _holds(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    manifest: dict[str, Any],
    digest: str,
    tables: tuple[ReleasedTable, ...],
) -> bool:
    """Return whether an earlier release holds the figures of the open database."""
    if manifest["content_hash"] == digest:
        return True
    if {table["name"] for table in manifest["tables"]} != {table.full_name for table in tables}:
        return False
    database = edition.releases / manifest["release_id"] / manifest["file"]
    return same_figures(connection, database, tables)


def _manifest(
    settings: Settings,
    edition: Edition,
    created_at: datetime,
    digest: str,
    contents: Contents,
    fingerprints: tuple[TableContents, ...],
    keys: Mapping[str, Keys],
) -> dict[str, Any]:
    grain = {table.full_name: list(table.key) for table in contents.tables}
    return {
        "survey": edition.survey,
        "edition": edition.name,
        "created_at": created_at.isoformat(timespec="microseconds"),
        "is_synthetic": contents.is_synthetic,
        "code_version": code_version(settings.root),
        "registry_version": registry_version(settings.seeds),
        "checks": check_results(settings),
        "file": edition.file_name,
        "quality_report": QUALITY_REPORT,
        "codebook": CODEBOOK_PAGE,
        "duckdb_storage": STORAGE["storage_compatibility_version"],
        "content_hash": digest,
        "tables": [
            {
                "name": table.name,
                "rows": table.rows,
                "key": grain[table.name],
                **keys[table.name].as_json(),
                "sha256": table.sha256,
            }
            for table in fingerprints
        ],
        "sources": [vars(source) for source in contents.sources],
        **dict(contents.notes),
    }
