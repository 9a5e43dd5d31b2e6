"""The whole comparison of one export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from landing.checks.subject import Subject
from landing.drift.columns import column_changes, column_findings_of_drift
from landing.drift.distributions import distribution_findings, distributions
from landing.drift.model import Distribution, Drift, OptionChange
from landing.drift.options import option_changes, option_findings
from landing.drift.personal import find_personal, personal_findings
from landing.drift.previous import LandedExport, previous_export
from landing.drift.responses import (
    fieldwork,
    repeated_ids,
    response_findings,
)
from landing.drift.routing import routing_findings, routing_violations
from landing.drift.rules import Rules
from landing.drift.source import FileSource
from landing.drift.tallies import tally_answers
from landing.errors import LandingError
from landing.findings import Finding


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
    if before is not None and previous is not None:
        earlier = tally_answers(before, previous)
        options = option_changes(rules, subject, before, tallies, earlier)
        shares = distributions(rules, subject, before, source, previous, tallies, earlier)
    described = None if previous is None else previous.described
    findings = (
        *column_findings_of_drift(rules, subject, columns),
        *option_findings(rules, options),
        *distribution_findings(rules, shares),
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
