"""A person makes an earlier version of a delivery the one in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from barometer.errors import UsageError
from barometer.settings import Settings
from landing.candidates import Slot
from landing.deliveries import InboxFile, find_deliveries
from landing.findings.errors import LandingError
from landing.intake import fingerprint_of
from landing.personal.schema import make_tables
from landing.personal.user import current_user
from landing.readings import NOTHING_STATED, stated_reading
from landing.storage.choices import Choice, insert_choice, names_landed_under
from landing.storage.warehouse import (
    KnownExport,
    known_exports,
    read_known_exports,
    reinstate,
    supersede,
    transaction,
)
from registry import Registry

_SHOWN = 12


@dataclass(frozen=True)
class Chosen:
    """The version that is in force now, and the one that was."""

    version: KnownExport
    instead_of: KnownExport


def choose(
    settings: Settings, registry: Registry, wanted: str, before_writing: Callable[[], None]
) -> Chosen:
    """Make a landed version the one in force; the caller holds the writer's lock.

    The files in the inbox that were landed before are set aside by it: see
    `landing.candidates.set_aside`.

    Args:
        settings: where the survey is.
        registry: its registries.
        wanted: the id of an export, its beginning, or the beginning of the hash of its content.
        before_writing: called when the version is known, and nothing is written yet.

    Raises:
        UsageError: nothing was landed yet, no version or more than one fits, or the version is in
            force.
        LandingError: the warehouse cannot be written; nothing was changed.
    """
    survey = registry.survey.survey_id
    known = known_exports(settings.warehouse, survey)
    version = _find(known, wanted, settings)
    same = [export for export in known if export.slot == version.slot]
    before = next(export for export in same if export.is_current)
    if version.is_current:
        raise UsageError(
            f"{version.export_id} ({version.file_name}) is in force already.",
            where=str(settings.warehouse),
            expected="a version that was replaced",
            remedy="`barometer deliveries` shows which versions there are.",
        )
    delivery = next(
        (d for d in registry.deliveries if (d.wave, d.kind, d.part) == version.slot), None
    )
    lying = _lying_there(settings, registry, version.slot, same)
    before_writing()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with _unchanged_since(settings, survey, known) as connection:
        names = names_landed_under(connection, [export.export_id for export in same])
        user = current_user()
        reinstate(connection, version.export_id, version.file_name, now, user)
        supersede(connection, before.export_id, version.export_id, now)
        read_as = stated_reading(delivery) if delivery else NOTHING_STATED
        choice = Choice(version.export_id, now, user, read_as, frozenset(names | lying))
        insert_choice(connection, choice)
    return Chosen(version, before)


def _find(known: Sequence[KnownExport], wanted: str, settings: Settings) -> KnownExport:
    if not known:
        raise UsageError(
            f"Nothing of survey '{settings.survey}' was landed yet.",
            where=str(settings.warehouse),
            remedy="Put the files in the inbox and run `barometer refresh`.",
        )
    text = wanted.strip()
    hashes = text.lower()
    fitting = [export for export in known if export.export_id == text]
    if text and not fitting:
        fitting = [
            export
            for export in known
            if export.export_id.startswith(text)
            or version_name(export).startswith(hashes)
            or export.content_sha256.startswith(hashes)
        ]
    if len(fitting) == 1:
        return fitting[0]
    named = [f"{export.export_id} ({export.file_name})" for export in fitting or known]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    raise UsageError(
        f"'{wanted}' fits {len(fitting)} landed versions."
        if fitting
        else f"No landed version has the id or hash '{wanted}'.",
        where=str(settings.warehouse),
        expected="one of: " + "; ".join(named[:_SHOWN]) + more,
        remedy="`barometer deliveries` lists them; give more of the hash, or the whole id.",
    )


def version_name(export: KnownExport) -> str:
    """Return what tells a version from the others of its delivery: the end of its id."""
    return export.export_id.removeprefix("-".join(export.slot) + "-")


def _lying_there(
    settings: Settings, registry: Registry, slot: Slot, same: Sequence[KnownExport]
) -> set[tuple[str, str]]:
    """Return the files of the delivery in the inbox whose content was landed before.

    A file that was not is a new delivery, which the next refresh takes up.
    """
    contents = {export.content_sha256 for export in same}
    try:
        files = find_deliveries(settings.inbox, registry).files
        found = {(f.path.name, fingerprint_of(f).sha256) for f in files if _slot(f) == slot}
    except LandingError:
        # No inbox, or nothing in it that can be taken: the next landing says so.
        return set()
    return {(name, content) for name, content in found if content in contents}


def _slot(file: InboxFile) -> Slot:
    return (file.delivery.wave, file.delivery.kind, file.delivery.part)


@contextmanager
def _unchanged_since(
    settings: Settings, survey: str, known: Sequence[KnownExport]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with transaction(settings.warehouse) as connection:
        make_tables(connection)
        if read_known_exports(connection, survey) != tuple(known):
            raise LandingError(
                "Somebody else landed files meanwhile.",
                where=str(settings.warehouse),
                expected="one landing at a time",
                remedy="Run again; nothing was changed.",
            )
        yield connection
