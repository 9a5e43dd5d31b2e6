"""Landing: read and check every file, archive the originals, write all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from barometer.settings import Settings
from landing.candidates import (
    Candidate,
    Slot,
    changing,
    gather,
    replacing,
    set_aside,
    where_last,
)
from landing.completeness import require_parts_fit
from landing.deliveries import InboxFile
from landing.findings.errors import LandingError, LandingErrors
from landing.findings.finding import CheckReport
from landing.intake import PreparedExport, prepare_file
from landing.kept_findings import keep_findings
from landing.personal.schema import make_tables
from landing.personal.treatment import Treatment, treatment_for
from landing.personal.user import current_user
from landing.readings import stated_reading
from landing.storage.choices import Choice, standing_choices
from landing.storage.warehouse import (
    KnownExport,
    insert,
    insert_export,
    known_exports,
    read_known_exports,
    reinstate,
    supersede,
    take_export_number,
    transaction,
)
from landing.storage.workspace import Workspace, remove_left_behind
from registry import Registry


@dataclass(frozen=True)
class LandedFile:
    """One delivered file and what became of it.

    Attributes:
        superseded: export that this file replaces as the current one.
        superseded_by: export that is current, where this file is an earlier version and not
            merely lies where it lay.
        chosen: when and by whom that export was chosen, where this file is set aside for it.
    """

    export_id: str
    wave: str
    kind: str
    part: str
    file_name: str
    row_count: int
    column_count: int
    superseded: str | None = None
    superseded_by: str | None = None
    chosen: str | None = None


@dataclass(frozen=True)
class LandingReport:
    """What a landing did.

    Attributes:
        landed: new files.
        landed_again: files landed before that had been replaced, and are current again.
        unchanged: files that were landed before.
        checks: what was found in the files that were landed, those landed again included.
        unrecognised: names of files in the inbox that no delivery of the registry fits.
    """

    landed: tuple[LandedFile, ...] = ()
    landed_again: tuple[LandedFile, ...] = ()
    unchanged: tuple[LandedFile, ...] = ()
    checks: tuple[CheckReport, ...] = ()
    unrecognised: tuple[str, ...] = ()


def land(
    settings: Settings,
    registry: Registry,
    files: Sequence[InboxFile],
    tell: Callable[[str], None] | None = None,
) -> LandingReport:
    """Land every file that is new; the warehouse gets all of them or none.

    Of the files of one delivery the last in landing order is current afterwards, whether it is
    new or was landed before and replaced since: so files delivered together end the same
    whether they are landed in one run or over several, and the same files change nothing. Where
    somebody chose a version, the files that it was chosen among are set aside.

    Args:
        settings: the survey.
        registry: its registries.
        files: what was delivered.
        tell: is told what is being done, file by file; reading large ones takes minutes.

    Raises:
        LandingErrors: what is wrong with the files, all of them.
        LandingError: the warehouse or the archive cannot be used.
    """
    survey = registry.survey.survey_id
    known = known_exports(settings.warehouse, survey)
    known_by_id = {export.export_id: export for export in known}
    choices = standing_choices(settings.warehouse, survey)
    gathered = gather(files, known)
    aside = set_aside(gathered, choices, known)
    candidates = [candidate for candidate in gathered if candidate not in aside]
    distinct = where_last(candidates)
    to_land = changing(distinct, known_by_id)
    current = {export.slot: export.export_id for export in known if export.is_current}
    current |= {candidate.slot: candidate.export_id for candidate in distinct}
    unchanged = tuple(
        _as_landed(candidate, known_by_id[candidate.export_id], current, distinct)
        for candidate in candidates
        if candidate.export_id in known_by_id and candidate not in to_land
    ) + tuple(_as_set_aside(candidate, choices, known, current) for candidate in aside)
    if not to_land:
        return LandingReport(unchanged=unchanged)
    treatment = treatment_for(registry, [c.file.delivery for c in to_land], settings.warehouse)
    remove_left_behind(settings.home)
    with Workspace(settings.home) as workspace:
        replaces = replacing(distinct, known)
        staged = _stage(to_land, registry, workspace, settings.warehouse, treatment, replaces, tell)
        landed = _decide(distinct, staged, known)
        rows = {export.export_id: export.report.row_count for export in staged}
        rows |= {export.export_id: export.row_count for export in known}
        require_parts_fit(
            registry, {c.slot[0] for c in to_land if c.slot[1] == "export"}, current, rows
        )
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Copying the originals waits for the disk; the cells are written meanwhile.
            originals = {
                export.export_id: beside.submit(_archive, export, settings.archive, treatment)
                for export in staged
                if export.export_id not in known_by_id
            }
            _write(settings, survey, staged, landed, known, workspace, originals, treatment)
    return LandingReport(
        landed=tuple(file for name, file in landed.items() if name not in known_by_id),
        landed_again=tuple(file for name, file in landed.items() if name in known_by_id),
        unchanged=unchanged,
        checks=tuple(export.report for export in staged),
    )


def _stage(
    to_land: Sequence[Candidate],
    registry: Registry,
    workspace: Workspace,
    warehouse: Path,
    treatment: Treatment,
    replaces: Mapping[str, str],
    tell: Callable[[str], None] | None,
) -> list[PreparedExport]:
    staged: list[PreparedExport] = []
    errors: list[LandingError] = []
    # Exports are held against the frame of their wave, which so comes first.
    frames_first = sorted(to_land, key=lambda candidate: candidate.slot[1] != "frame")
    for place, candidate in enumerate(frames_first, start=1):
        if tell is not None:
            size = f"{candidate.content.size / 1_000_000:,.1f} MB"
            tell(f"{place} of {len(to_land)} files: {candidate.file.path.name} ({size})")
        try:
            export = prepare_file(
                candidate.file,
                candidate.content,
                candidate.export_id,
                registry,
                workspace,
                warehouse,
                treatment,
                replaces.get(candidate.export_id),
                staged,
            )
        except LandingError as error:
            errors.append(error)
        else:
            errors.extend(export.report.as_errors())
            staged.append(export)
    if errors:
        raise LandingErrors("Some files are not fit to land; nothing was landed.", errors)
    return sorted(staged, key=lambda export: export.file.order)


def _archive(export: PreparedExport, folder: Path, treatment: Treatment) -> str | None:
    return treatment.archive(
        export.file.path, folder, export.content, export.file.delivery, export.n_forgotten
    )


def _decide(
    distinct: Sequence[Candidate],
    staged: Sequence[PreparedExport],
    known: Sequence[KnownExport],
) -> dict[str, LandedFile]:
    """Say per file that is landed what it replaces or is replaced by, in landing order."""
    current: dict[Slot, str] = {
        export.slot: export.export_id for export in known if export.is_current
    }
    by_id = {export.export_id: export for export in staged}
    landed: dict[str, LandedFile] = {}
    for place, candidate in enumerate(distinct):
        export_id = candidate.export_id
        if export_id not in by_id:
            continue
        before = current.get(candidate.slot)
        later = {other.export_id for other in distinct[place + 1 :]}
        stays = before is not None and before in later
        if not stays:
            current[candidate.slot] = export_id
            if before in landed:
                landed[before] = replace(landed[before], superseded_by=export_id)
        report = by_id[export_id].report
        wave, kind, part = candidate.slot
        landed[export_id] = LandedFile(
            export_id=export_id,
            wave=wave,
            kind=kind,
            part=part,
            file_name=report.file_name,
            row_count=report.row_count,
            column_count=report.column_count,
            superseded=None if stays else before,
            superseded_by=before if stays else None,
        )
    return landed


def _write(
    settings: Settings,
    survey: str,
    staged: Sequence[PreparedExport],
    landed: Mapping[str, LandedFile],
    known: Sequence[KnownExport],
    workspace: Workspace,
    originals: Mapping[str, Future[str | None]],
    treatment: Treatment,
) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with transaction(settings.warehouse, workspace) as connection:
        if read_known_exports(connection, survey) != tuple(known):
            raise LandingError(
                "Somebody else landed files while these were being read.",
                where=str(settings.warehouse),
                expected="one landing at a time",
                remedy="Run again; nothing of this run was landed.",
            )
        make_tables(connection)
        treatment.record_key(connection, now)
        known_ids = {export.export_id for export in known}
        for export in staged:
            file = landed[export.export_id]
            keep_findings(connection, export.export_id, export.findings_to_keep)
            if file.export_id in known_ids:
                reinstate(connection, file.export_id, file.file_name, now, current_user())
                continue
            _write_export(connection, survey, export, file, now, originals[file.export_id])
        for file in landed.values():
            if file.superseded in known_ids and file.superseded is not None:
                supersede(connection, file.superseded, file.export_id, now)


def _write_export(
    connection: duckdb.DuckDBPyConnection,
    survey: str,
    export: PreparedExport,
    landed: LandedFile,
    now: dt.datetime,
    original: Future[str | None],
) -> None:
    delivery, report = export.file.delivery, export.report
    take_export_number(connection)
    insert(connection, "export_columns", export.columns)
    insert(connection, "value_labels", export.value_labels)
    insert(connection, "missing_ranges", export.missing_ranges)
    insert(connection, "multiple_sets", export.multiple_sets)
    insert(connection, "cells", export.cells)
    if export.frame is not None:
        insert(connection, "frame", export.frame)
    insert_export(
        connection,
        {
            "export_id": export.export_id,
            "survey": survey,
            "wave": delivery.wave,
            "kind": delivery.kind,
            "part": delivery.part,
            "file_name": report.file_name,
            "content_sha256": export.content.sha256,
            "file_bytes": export.content.size,
            "tool": report.tool,
            "format": report.format,
            "encoding": report.encoding,
            "delimiter": report.delimiter,
            "sheet": report.sheet,
            "row_count": report.row_count,
            "column_count": report.column_count,
            "is_synthetic": delivery.is_synthetic,
            # Nothing is landed before its original is kept.
            "archive_path": original.result(),
            "landed_at": now,
            "landed_by": current_user(),
            "superseded_by": landed.superseded_by,
            "superseded_at": now if landed.superseded_by else None,
            "read_as": stated_reading(delivery),
        },
    )


def _as_landed(
    candidate: Candidate,
    export: KnownExport,
    current: Mapping[Slot, str],
    distinct: Sequence[Candidate],
) -> LandedFile:
    in_force = current[candidate.slot]
    # Under a name it was not known by it was delivered again, in vain: that has to be told.
    in_vain = (
        in_force != export.export_id
        and candidate in distinct
        and candidate.file.path.name != export.file_name
    )
    return _known_as(candidate, export, superseded_by=in_force if in_vain else None)


def _known_as(
    candidate: Candidate,
    export: KnownExport,
    *,
    superseded_by: str | None,
    chosen: str | None = None,
) -> LandedFile:
    """Return a version that was landed before, under the name that the file has now."""
    return LandedFile(
        export_id=export.export_id,
        wave=export.wave,
        kind=export.kind,
        part=export.part,
        file_name=candidate.file.path.name,
        row_count=export.row_count,
        column_count=export.column_count,
        superseded_by=superseded_by,
        chosen=chosen,
    )


def _as_set_aside(
    candidate: Candidate,
    choices: Mapping[Slot, Choice],
    known: Sequence[KnownExport],
    current: Mapping[Slot, str],
) -> LandedFile:
    choice, in_force = choices[candidate.slot], current[candidate.slot]
    content = candidate.content.sha256
    same = [e for e in known if e.slot == candidate.slot and e.content_sha256 == content]
    export = next((e for e in same if e.export_id == in_force), same[0])
    if export.export_id == in_force:
        return _known_as(candidate, export, superseded_by=None)
    chosen = f"{choice.chosen_at:%Y-%m-%d %H:%M} UTC by {choice.chosen_by}"
    return _known_as(candidate, export, superseded_by=in_force, chosen=chosen)
