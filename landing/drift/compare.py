"""The whole comparison of one file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from landing.checks.subject import Subject
from landing.drift.columns import column_changes, column_findings_of_drift
from landing.drift.distributions import distribution_findings, distributions
from landing.drift.exchanged import exchanged_column_findings
from landing.drift.frames import frame_drift, frame_drift_findings
from landing.drift.numbers import number_findings
from landing.drift.options import option_changes, option_findings
from landing.drift.personal import find_personal, personal_findings
from landing.drift.population import population
from landing.drift.previous import LandedExport, previous_export, previous_frame
from landing.drift.responses import (
    fieldwork,
    repeated_ids,
    response_findings,
)
from landing.drift.reversed import reversed_findings
from landing.drift.routing import routing_findings, routing_violations
from landing.drift.source import FileSource
from landing.drift.tallies import Tally, tally_answers
from landing.findings.drift import Distribution, Drift, OptionChange
from landing.findings.errors import LandingError
from landing.findings.finding import Finding
from landing.findings.limits import Rules


@dataclass(frozen=True)
class Compared:
    """What the comparison shows and what it finds."""

    drift: Drift
    findings: tuple[Finding, ...]


def compare(subject: Subject, warehouse: Path | None = None) -> Compared:
    """Compare a file with the registry, and with the previous wave where one was landed.

    Args:
        subject: the export or the frame.
        warehouse: where earlier waves were landed; it is opened shortly, and only read.
    """
    if subject.kind == "frame":
        return _compare_with_frame(subject, warehouse)
    try:
        with previous_export(
            warehouse, subject.registry, subject.wave.wave, subject.part
        ) as previous:
            return _compare(subject, previous)
    except LandingError as error:
        compared = _compare(subject, None)
        return replace(compared, findings=(*compared.findings, _unavailable(error)))


def _compare_with_frame(subject: Subject, warehouse: Path | None) -> Compared:
    unavailable: tuple[Finding, ...] = ()
    previous = None
    try:
        previous = previous_frame(warehouse, subject.registry, subject.wave.wave, subject.part)
    except LandingError as error:
        unavailable = (_unavailable(error),)
    rules = Rules(subject.registry)
    before = None if previous is None else previous.subject
    now = population(subject)
    organisations = frame_drift(rules, now, None if before is None else population(before))
    columns = column_changes(rules, subject, before)
    personal = find_personal(subject, FileSource(subject.table.cells))
    drift = Drift(
        previous=None if previous is None else previous.described,
        columns=tuple(columns),
        options=(),
        distributions=(),
        personal=tuple(personal),
        routing=(),
        fieldwork=None,
        repeated_response_ids=0,
        repeated_answers=0,
        frame=organisations,
    )
    findings = (
        *column_findings_of_drift(rules, subject, columns, has_previous=before is not None),
        *frame_drift_findings(rules, now, organisations),
        *personal_findings(rules, personal),
        *unavailable,
    )
    return Compared(drift, findings)


def _compare(subject: Subject, previous: LandedExport | None) -> Compared:
    rules = Rules(subject.registry)
    rows = subject.table.cells
    source = FileSource(rows)
    tallies = tally_answers(subject, source, with_numbers=previous is not None)
    personal = find_personal(subject, source)
    positions = sorted({u.column.position for u in subject.uses if u.mapping.role == "answer"})
    same_answers = source.repeated_rows(positions, int(rules.value("duplicate_answers")))
    repeated = repeated_ids(subject, rows)
    period = fieldwork(subject, rows)
    routing = routing_violations(subject, source, tallies)
    before = None if previous is None else previous.subject
    columns = column_changes(rules, subject, before)
    options: list[OptionChange] = []
    shares: list[Distribution] = []
    earlier: dict[str, Tally] = {}
    if before is not None and previous is not None:
        earlier = tally_answers(before, previous)
        options = option_changes(rules, subject, before, tallies, earlier)
        shares = distributions(rules, subject, before, source, previous, tallies, earlier)
    described = None if previous is None else previous.described
    findings = (
        *column_findings_of_drift(rules, subject, columns, has_previous=before is not None),
        *option_findings(rules, options),
        *distribution_findings(rules, shares),
        *exchanged_column_findings(rules, subject, tallies, shares),
        *reversed_findings(rules, subject, source, tallies, previous, earlier, shares),
        *number_findings(rules, subject, before, tallies, earlier),
        *response_findings(rules, len(rows), described, repeated, same_answers, period),
        *routing_findings(rules, routing),
        *personal_findings(rules, personal),
    )
    drift = Drift(
        previous=described,
        columns=tuple(columns),
        options=tuple(options),
        distributions=tuple(shares),
        personal=tuple(personal),
        routing=tuple(routing),
        fieldwork=period,
        repeated_response_ids=repeated,
        repeated_answers=len(same_answers),
    )
    return Compared(drift, findings)


def _unavailable(error: LandingError) -> Finding:
    return Finding(
        "information",
        "previous_unavailable",
        f"The previous wave could not be compared. {error.what}",
        where=error.where,
        expected=error.expected,
        remedy=error.remedy,
    )
