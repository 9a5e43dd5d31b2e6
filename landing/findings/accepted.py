"""Findings that somebody looked at and lets be, as the registry `accepted_findings` says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from landing.findings.finding import Finding
from registry.tables.thresholds import AcceptedFinding


def with_acceptances(
    findings: Iterable[Finding],
    accepted: Sequence[AcceptedFinding],
    *,
    wave: str,
    kind: str,
    part: str,
) -> tuple[Finding, ...]:
    """Return the findings of one file, those that were accepted as information.

    What was accepted as a warning and has become an error counts as an error.
    """
    of_file = [
        row
        for row in accepted
        if row.wave in (None, wave) and row.kind in (None, kind) and row.part in (None, part)
    ]
    return tuple(_judged(finding, of_file) for finding in findings)


def as_found(finding: Finding) -> Finding:
    """Return a finding as it was before it was accepted."""
    if finding.found_as is None:
        return finding
    return replace(finding, severity=finding.found_as, found_as=None, acceptance="")


def _judged(finding: Finding, accepted: Sequence[AcceptedFinding]) -> Finding:
    for row in accepted:
        if (row.code, row.severity) == (finding.code, finding.severity) and row.place in (
            None,
            finding.where,
        ):
            return replace(
                finding,
                severity="information",
                found_as=finding.severity,
                acceptance=f"{row.severity} accepted by {row.accepted_by}: {row.reason}",
            )
    return finding
