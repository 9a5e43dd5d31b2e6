"""Landing: read and check every file, archive the originals, write all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from barometer.settings import Settings
from landing.checks.rows import count_finding
from landing.deliveries import InboxFile, require_plain_name
from landing.findings.errors import LandingError, LandingErrors
from landing.findings.finding import CheckReport
from landing.intake import PreparedExport, export_id_of, fingerprint_of, prepare_file
from landing.personal.schema import make_tables
from landing.personal.treatment import Treatment, treatment_for
from landing.personal.user import current_user
from landing.storage.archive import Fingerprint
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

Slot = tuple[str, str, str]


@dataclass(frozen=True)
class LandedFile:
    """One delivered file and what became of it.

    Attributes:
        superseded: export that this file replaces as the current one.
        superseded_by: export that is current, where this file is an earlier version and not
            merely lies where it lay.
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


@dataclass(frozen=True)
class _Candidate:
    file: InboxFile
    content: Fingerprint

    @property
    def slot(self) -> Slot:
        delivery = self.file.delivery
        return (delivery.wave, delivery.kind, delivery.part)

    @property
    def export_id(self) -> str:
        return export_id_of(self.file, self.content)


def land(settings: Settings, registry: Registry, files: Sequence[InboxFile]) -> LandingReport:
    """Land every file that is new; the warehouse gets all of them or none.

    Of the files of one delivery the last in landing order is current afterwards, whether it is
    new or was landed before and replaced since: so files delivered together end the same
    whether they are landed in one run or over several, and the same files change nothing.

    Raises:
        LandingErrors: what is wrong with the files, all of them.
        LandingError: the warehouse or the archive cannot be used.
    """
    survey = registry.survey.survey_id
    known = known_exports(settings.warehouse, survey)
    known_by_id = {export.export_id: export for export in known}
    candidates = _candidates(files)
    distinct = _where_last(candidates)
    changing = _changing(distinct, known_by_id)
    current = {export.slot: export.export_id for export in known if export.is_current}
    current |= {candidate.slot: candidate.export_id for candidate in distinct}
    unchanged = tuple(
        _as_landed(candidate, known_by_id[candidate.export_id], current, distinct)
        for candidate in candidates
        if candidate.export_id in known_by_id and candidate not in changing
    )
    if not changing:
        return LandingReport(unchanged=unchanged)
    treatment = treatment_for(registry, [c.file.delivery for c in changing], settings.warehouse)
    remove_left_behind(settings.home)
    with Workspace(settings.home) as workspace:
        staged = _stage(changing, registry, workspace, settings.warehouse, treatment)
        landed = _decide(distinct, staged, known)
        _check_parts(registry, staged, known_by_id, current)
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


def _candidates(files: Sequence[InboxFile]) -> list[_Candidate]:
    candidates: list[_Candidate] = []
    errors: list[LandingError] = []
    for file in sorted(files, key=lambda file: file.order):
        try:
            require_plain_name(file.path)
            candidates.append(_Candidate(file, fingerprint_of(file)))
        except LandingError as error:
            errors.append(error)
    if errors:
        raise LandingErrors("Some files cannot be read; nothing was landed.", errors)
    return candidates


def _where_last(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return every content once, where it comes last in landing order."""
    last = {candidate.export_id: candidate for candidate in candidates}
    return [candidate for candidate in candidates if candidate is last[candidate.export_id]]


def _changing(distinct: Sequence[_Candidate], known: Mapping[str, KnownExport]) -> list[_Candidate]:
    """Return what is new, and what is the last of its delivery but was replaced before."""
    last = {candidate.slot: candidate for candidate in distinct}
    return [
        candidate
        for candidate in distinct
        if candidate.export_id not in known
        or (candidate is last[candidate.slot] and not known[candidate.export_id].is_current)
    ]


def _stage(
    changing: Sequence[_Candidate],
    registry: Registry,
    workspace: Workspace,
    warehouse: Path,
    treatment: Treatment,
) -> list[PreparedExport]:
    staged: list[PreparedExport] = []
    errors: list[LandingError] = []
    # Exports are held against the frame of their wave, which so comes first.
    for candidate in sorted(changing, key=lambda candidate: candidate.slot[1] != "frame"):
        try:
            export = prepare_file(
                candidate.file, candidate.content, registry, workspace, warehouse, treatment, staged
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
    distinct: Sequence[_Candidate],
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


def _check_parts(
    registry: Registry,
    staged: Sequence[PreparedExport],
    known: Mapping[str, KnownExport],
    current: Mapping[Slot, str],
) -> None:
    """Hold the parts of a wave together against its expected range; files alone were checked."""
    rows = {export.export_id: export.report.row_count for export in staged}
    rows |= {export_id: export.row_count for export_id, export in known.items()}
    errors = []
    for wave_id in sorted({e.report.wave for e in staged if e.report.kind == "export"}):
        wave = registry.wave(wave_id)
        expected = {d.part for d in registry.deliveries if d.wave == wave_id and d.kind == "export"}
        if len(expected) < 2:
            continue
        present = {
            part: rows[export_id]
            for (of_wave, kind, part), export_id in current.items()
            if of_wave == wave_id and kind == "export"
        }
        # Parts may come one by one: only a complete wave can have too few responses.
        low = wave.expected_responses_low if expected <= set(present) else 0
        finding = count_finding(
            f"The {len(present)} part(s) of wave {wave_id} together hold",
            sum(present.values()),
            low,
            wave.expected_responses_high,
        )
        if finding:
            errors.append(
                LandingError(
                    finding.message,
                    where="parts " + ", ".join(f"{p} ({n:,})" for p, n in sorted(present.items())),
                    expected=finding.expected,
                    remedy=finding.remedy,
                )
            )
    if errors:
        raise LandingErrors("Some waves are not fit to land; nothing was landed.", errors)


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
        },
    )


def _as_landed(
    candidate: _Candidate,
    export: KnownExport,
    current: Mapping[Slot, str],
    distinct: Sequence[_Candidate],
) -> LandedFile:
    in_force = current[candidate.slot]
    # Under a name it was not known by it was delivered again, in vain: that has to be told.
    in_vain = (
        in_force != export.export_id
        and candidate in distinct
        and candidate.file.path.name != export.file_name
    )
    return LandedFile(
        export_id=export.export_id,
        wave=export.wave,
        kind=export.kind,
        part=export.part,
        file_name=candidate.file.path.name,
        row_count=export.row_count,
        column_count=export.column_count,
        superseded_by=in_force if in_vain else None,
    )
