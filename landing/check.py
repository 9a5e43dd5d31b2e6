"""Is this file fit to land? The same checks for a dry run and for landing itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from barometer.errors import UsageError
from landing.checks.answers import ColumnAnswers, answer_findings, read_answers
from landing.checks.columns import column_findings
from landing.checks.dates import exchanged_findings
from landing.checks.declared import declared_findings
from landing.checks.elsewhere import elsewhere_finding
from landing.checks.notices import notice_finding
from landing.checks.ranges import range_findings
from landing.checks.roles import role_findings
from landing.checks.rows import row_findings, timestamps
from landing.checks.subject import KEY_ROLES, Subject
from landing.corrections import corrections_of_file
from landing.deliveries import layout_of, matching_deliveries, require_plain_name
from landing.drift.compare import compare
from landing.findings.accepted import with_acceptances
from landing.findings.finding import SEVERITIES, CheckReport, Finding, MappedColumn
from landing.known.beside import NOTHING, Beside
from landing.known.compare import known_findings
from landing.readers import SourceTable, read_table
from landing.storage.archive import fingerprint
from registry import Registry
from registry.tables.waves import Delivery

__all__ = ["CheckReport", "Finding", "MappedColumn", "check_file", "check_table"]


def check_file(
    path: Path,
    *,
    wave: str,
    kind: str = "export",
    registry: Registry,
    warehouse: Path | None = None,
) -> CheckReport:
    """Read and check a file; nothing is changed.

    Args:
        path: the file.
        wave: the wave it belongs to.
        kind: `export` or `frame`.
        registry: the registries of the survey.
        warehouse: where the wave before was landed; read only, and only if it is there.

    Raises:
        UsageError: the registry has no such wave, there is no such kind, or the wave has several
            parts and the file name fits none.
        LandingError: the file cannot be read as a table at all.
    """
    registry.wave(wave)
    require_plain_name(path)
    deliveries = [d for d in registry.deliveries if d.wave == wave and d.kind == kind]
    fitting = matching_deliveries(path.name, deliveries)
    named = fitting[0] if fitting else None
    table = read_table(
        path,
        format=named.format if named else "auto",
        sheet=named.sheet if named else None,
        tool=named.tool if named else None,
        layout=layout_of(named),
    )
    extra: tuple[Finding, ...] = ()
    part = named.part if named else _only_part(path, deliveries)
    if named is None:
        patterns = ", ".join(delivery.file_pattern for delivery in deliveries) or "none"
        extra = (
            Finding(
                "information",
                "file_name",
                "The file name is not the one that landing looks for.",
                where=path.name,
                expected=f"a name like: {patterns}",
                remedy="Rename the file before you put it in the inbox.",
            ),
        )
    if warehouse is not None:
        extra += corrections_of_file(table, wave, kind, part, registry, warehouse)
    return check_table(
        table,
        file_name=path.name,
        wave=wave,
        kind=kind,
        part=part,
        registry=registry,
        extra=extra,
        warehouse=warehouse,
        beside=Beside(fingerprint(path).sha256),
    )


def _only_part(path: Path, deliveries: Sequence[Delivery]) -> str:
    """Return the part a file must be when its name does not say so."""
    parts = sorted({delivery.part for delivery in deliveries})
    if len(parts) > 1:
        patterns = ", ".join(f"{d.file_pattern} ({d.part})" for d in deliveries)
        raise UsageError(
            "The file name does not say which part of the wave the file is.",
            where=path.name,
            expected=f"a name like: {patterns}",
            remedy="Rename the file as landing expects it.",
        )
    return parts[0] if parts else "main"


def check_table(
    table: SourceTable,
    *,
    file_name: str,
    wave: str,
    kind: str,
    part: str,
    registry: Registry,
    extra: tuple[Finding, ...] = (),
    warehouse: Path | None = None,
    beside: Beside = NOTHING,
) -> CheckReport:
    """Check a table that was read already, also against the wave before and what else is known.

    Raises:
        UsageError: the registry has no such wave or there is no such kind.
    """
    if kind not in KEY_ROLES:
        raise UsageError(
            f"There is no kind of file '{kind}'.",
            where=file_name,
            expected="one of: " + ", ".join(KEY_ROLES),
            remedy="Use export for answers and frame for the sampling frame.",
        )
    record = registry.wave(wave)
    subject = Subject(table=table, wave=record, kind=kind, part=part, registry=registry)
    answers = read_answers(subject)
    notices = (*(notice_finding(notice) for notice in table.notices), *extra)
    elsewhere = elsewhere_finding(subject)
    if elsewhere is not None:
        # Column by column it would be said dozens of times.
        findings = [elsewhere, *notices]
    else:
        findings = [
            *column_findings(subject),
            *row_findings(subject),
            *role_findings(subject),
            *exchanged_findings(subject, timestamps),
            *answer_findings(subject, answers),
            *range_findings(subject),
            *declared_findings(subject),
            *notices,
        ]
    drift = None
    if registry.drift_rules and elsewhere is None:
        compared = compare(subject, warehouse)
        drift = compared.drift
        findings += compared.findings
        findings += known_findings(subject, warehouse, beside)
    judged = with_acceptances(findings, registry.accepted_findings, wave=wave, kind=kind, part=part)
    counted = kind == "export"
    return CheckReport(
        file_name=file_name,
        wave=wave,
        kind=kind,
        part=part,
        format=table.format,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        tool=table.tool,
        row_count=len(table.rows),
        column_count=len(table.columns),
        expected_low=record.expected_responses_low if counted else None,
        expected_high=record.expected_responses_high if counted else None,
        findings=tuple(sorted(judged, key=lambda one: SEVERITIES.index(one.severity))),
        mapped_columns=_mapped_columns(subject, answers),
        drift=drift,
    )


def _mapped_columns(subject: Subject, answers: list[ColumnAnswers]) -> tuple[MappedColumn, ...]:
    answers_of = {id(column.use): column for column in answers}
    filled = subject.table.cells.filled_counts()
    mapped = []
    for use in subject.uses:
        mapping = use.mapping
        target = mapping.question_id or mapping.attribute_id or ""
        if mapping.option_id:
            target = f"{target} / {mapping.option_id}"
        column = answers_of.get(id(use))
        mapped.append(
            MappedColumn(
                position=use.column.position,
                column_name=use.column.name,
                role=mapping.role,
                target=target,
                n_filled=filled[use.column.position - 1],
                n_codes_known=column.n_known if column else 0,
                n_codes_unknown=len(column.unknown) if column else 0,
            )
        )
    return tuple(mapped)
