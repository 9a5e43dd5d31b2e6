"""What checking one file has found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from landing.findings.drift import Drift
from landing.findings.errors import LandingError

Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know about a file.

    Attributes:
        severity: `error` stops landing; the others do not.
        code: stable name of the kind of finding.
        message: one sentence, what was found.
        where: column or rows, empty for the whole file.
        expected: what would have been right.
        remedy: what the reader can do about it.
        acceptance: who accepted it and why, where somebody did; it is information then.
        found_as: how severe it was before it was accepted.
        where_unquoted: `where` without the answers that it quotes, if it quotes any.
    """

    severity: Severity
    code: str
    message: str
    where: str = ""
    expected: str = ""
    remedy: str = ""
    acceptance: str = ""
    found_as: Severity | None = None
    where_unquoted: str | None = None


@dataclass(frozen=True)
class MappedColumn:
    """A column of the file and what the registry does with it.

    Attributes:
        position: place in the file, from 1.
        column_name: name in the file.
        role: role in the registry.
        target: question (and option) or attribute it fills; empty for the other roles.
        n_filled: cells with content.
        n_codes_known: distinct values that the registry can interpret.
        n_codes_unknown: distinct values that it cannot.
    """

    position: int
    column_name: str
    role: str
    target: str
    n_filled: int
    n_codes_known: int = 0
    n_codes_unknown: int = 0


@dataclass(frozen=True)
class CheckReport:
    """The outcome of checking one file against the registry of its wave.

    `drift` is the comparison with the registry and the wave before.
    """

    file_name: str
    wave: str
    kind: str
    part: str
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    tool: str
    row_count: int
    column_count: int
    expected_low: int | None
    expected_high: int | None
    findings: tuple[Finding, ...]
    mapped_columns: tuple[MappedColumn, ...]
    drift: Drift | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop landing."""
        return self.of_severity("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that lose or doubt answers without stopping landing."""
        return self.of_severity("warning")

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity, in the order they were made."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def without_answers(self) -> CheckReport:
        """Return the report as it may be shown: without answers that stand for no code."""
        return replace(
            self,
            findings=tuple(
                finding
                if finding.where_unquoted is None
                else replace(finding, where=finding.where_unquoted, where_unquoted=None)
                for finding in self.findings
            ),
        )

    def as_errors(self) -> list[LandingError]:
        """Return the findings that stop landing as errors that name the file."""
        return [
            LandingError(
                finding.message,
                where=", ".join(part for part in (self.file_name, finding.where) if part),
                expected=finding.expected,
                remedy=finding.remedy,
            )
            for finding in self.errors
        ]
