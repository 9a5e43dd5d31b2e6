"""The whole comparison of one export, each of its columns read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from landing.checks.subject import Subject
from landing.drift.columns import column_changes, column_findings_of_drift
from landing.drift.distributions import distribution_findings, distributions
from landing.drift.encoded import EncodedColumn, encode
from landing.drift.model import Distribution, Drift, OptionChange, PersonalData
from landing.drift.options import option_changes, option_findings
from landing.drift.personal import find_personal, personal_findings, unmarked_positions
from landing.drift.previous import LandedExport, previous_export
from landing.drift.responses import (
    RowSignature,
    fieldwork,
    repeated_ids,
    response_findings,
)
from landing.drift.routing import routing_findings, routing_violations
from landing.drift.rules import Rules
from landing.drift.tallies import Tallies
from landing.errors import LandingError
from landing.findings import Finding
from landing.readers.table import SourceTable


@dataclass(frozen=True)
class Compared:
    """What the comparison shows and what it finds."""

    drift: Drift
    findings: tuple[Finding, ...]


def compare(subject: Subject, warehouse: Path | None = None) -> Compared:
    """Compare an export with the registry, and with the previous wave where one was landed.

    Args:
        subject: the export.
        warehouse: where earlier waves were landed; it is opened shortly, and only read.
    """
    try:
        with previous_export(
            warehouse, subject.registry, subject.wave.wave, subject.part
        ) as previous:
            return _compare(subject, previous)
    except LandingError as error:
        compared = _compare(subject, None)
        return replace(compared, findings=(*compared.findings, _unavailable(error)))


@dataclass
class _Scan:
    """What one pass over the columns of this file gathers."""

    tallies: Tallies
    signature: RowSignature
    personal: list[PersonalData]
    ids: EncodedColumn | None = None
    dates: EncodedColumn | None = None


def _compare(subject: Subject, previous: LandedExport | None) -> Compared:
    rules = Rules(subject.registry)
    n_rows = len(subject.table.rows)
    scan = _scan(subject, n_rows)
    by_question = scan.tallies.by_question
    same_answers = scan.signature.repeats(rules.value("duplicate_answers"))
    repeated = repeated_ids(scan.ids)
    period = fieldwork(subject, scan.dates)
    routing = routing_violations(subject, by_question, n_rows)
    before = None if previous is None else _as_subject(subject, previous)
    columns = column_changes(rules, subject, before)
    options: list[OptionChange] = []
    shares: list[Distribution] = []
    if before is not None and previous is not None:
        earlier = _tallies_of(before, previous).by_question
        options = option_changes(rules, subject, before, by_question, earlier)
        shares = distributions(rules, subject, before, by_question, earlier)
    described = None if previous is None else previous.described
    findings = (
        *column_findings_of_drift(rules, subject, columns),
        *option_findings(rules, options),
        *distribution_findings(rules, shares),
        *response_findings(rules, n_rows, described, repeated, same_answers, period),
        *routing_findings(rules, routing),
        *personal_findings(rules, scan.personal),
    )
    drift = Drift(
        previous=described,
        columns=tuple(columns),
        options=tuple(options),
        distributions=tuple(shares),
        personal=tuple(scan.personal),
        routing=tuple(routing),
        fieldwork=period,
        repeated_response_ids=repeated,
        repeated_answers=len(same_answers),
    )
    return Compared(drift, findings)


def _scan(subject: Subject, n_rows: int) -> _Scan:
    scan = _Scan(Tallies(subject.registry, subject.wave.wave), RowSignature(n_rows), [])
    unmarked = unmarked_positions(subject)
    numeric = {q.question_id for q in subject.registry.questions if q.answer_type == "number"}
    for column in subject.table.columns:
        cells = encode(subject.table.column_values(column.position))
        uses = [use for use in subject.uses if use.column.position == column.position]
        roles = {use.mapping.role for use in uses}
        if column.position in unmarked:
            scan.personal += find_personal(
                column,
                cells,
                holds_organisations="organisation_key" in roles,
                holds_numbers=any(use.mapping.question_id in numeric for use in uses),
            )
        for use in uses:
            scan.tallies.add(use, cells)
        if "answer" in roles:
            scan.signature.add(cells)
        if "response_id" in roles:
            scan.ids = cells
        if "submitted_at" in roles:
            scan.dates = cells
    return scan


def _as_subject(subject: Subject, previous: LandedExport) -> Subject:
    """Return the previous export as a subject of its own wave; its cells are read elsewhere."""
    return Subject(
        table=SourceTable(columns=previous.columns, rows=(), format="landed"),
        wave=subject.registry.wave(previous.described.wave),
        kind=subject.kind,
        part=previous.described.part,
        registry=subject.registry,
    )


def _tallies_of(before: Subject, previous: LandedExport) -> Tallies:
    tallies = Tallies(before.registry, before.wave.wave)
    for use in before.uses:
        if use.mapping.role == "answer":
            tallies.add(use, previous.column(use.column.position))
    return tallies


def _unavailable(error: LandingError) -> Finding:
    return Finding(
        "information",
        "previous_unavailable",
        f"The previous wave could not be compared. {error.what}",
        where=error.where,
        expected=error.expected,
        remedy=error.remedy,
    )
