"""Columns: which the registry knows, which it does not, which are not there."""

from __future__ import annotations

import difflib
from collections import Counter

from landing.checks.subject import Subject, and_more, column_key, known_as
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.headers import TIMING
from landing.readers.table import SourceColumn
from registry.tables.waves import ColumnMapping

# A missing answer is a hole in the data; a missing one of these changes every response.
_STRUCTURAL_ROLES = (
    "response_id",
    "organisation_key",
    "organisation_name",
    "submitted_at",
    "last_page",
    "test_flag",
    "weight",
    "cluster",
    "attribute",
)


def column_findings(subject: Subject) -> list[Finding]:
    """Compare the header of the file with the registry."""
    if not subject.mappings:
        return [_unregistered(subject)]
    return [
        *_without_key_role(subject),
        *_duplicate(subject),
        *_missing(subject),
        *_unlisted(subject),
    ]


def _unregistered(subject: Subject) -> Finding:
    return Finding(
        "error",
        "columns_unregistered",
        f"The registry lists no columns for the {subject.kind} of wave {subject.wave.wave}.",
        expected="a row in columns.csv per column of the file",
        remedy=f"Describe the columns in columns.csv, or use another kind than {subject.kind}.",
    )


def _without_key_role(subject: Subject) -> list[Finding]:
    roles = {mapping.role for mapping in subject.mappings}
    return [
        Finding(
            "error",
            "key_unregistered",
            f"The registry gives no column the role {role}.",
            where="columns.csv",
            expected=f"one {subject.kind} column of wave {subject.wave.wave} with role {role}",
            remedy="Add the role to the row of the right column in columns.csv.",
        )
        for role in subject.key_roles
        if role not in roles
    ]


def _duplicate(subject: Subject) -> list[Finding]:
    names = [column_key(column.name) for column in subject.table.columns]
    findings = []
    for name, count in Counter(names).items():
        if count < 2 or not name:
            continue
        positions = [str(place) for place, other in enumerate(names, start=1) if other == name]
        findings.append(
            Finding(
                "error",
                "column_duplicate",
                f"The column name '{name}' occurs {count} times.",
                where="header, columns " + and_more(positions),
                expected="every column name once",
                remedy="Export with unique question codes as headings, or rename the columns.",
            )
        )
    return findings


def _missing(subject: Subject) -> list[Finding]:
    present = {known_as(column) for column in subject.table.columns}
    known = {column_key(mapping.column_name) for mapping in subject.mappings}
    named = {column_key(column.name) for column in subject.table.columns}
    unlisted = sorted(name for name in named - known if name)
    absent = [m for m in subject.mappings if column_key(m.column_name) not in present]
    findings = [
        _missing_structural(subject, mapping, unlisted)
        for mapping in absent
        if mapping.role in _STRUCTURAL_ROLES
    ]
    by_question: dict[str, list[str]] = {}
    for mapping in absent:
        if mapping.role == "answer":
            by_question.setdefault(mapping.question_id or "", []).append(mapping.column_name)
        elif mapping.role == "personal":
            by_question.setdefault("", []).append(mapping.column_name)
    listed = [m for m in subject.mappings if m.role in ("answer", "personal")]
    n_absent = sum(len(names) for names in by_question.values())
    rules = Rules(subject.registry)
    severity = rules.graded("column_missing", n_absent / max(len(listed), 1))
    for question, names in by_question.items():
        subject_of = f"question {question}" if question else "personal data"
        findings.append(
            Finding(
                severity,
                "column_missing",
                f"{len(names)} column(s) of {subject_of} are not in the file.",
                where=and_more(names),
                expected="every column that columns.csv lists for this wave"
                + rules.limit("column_missing"),
                remedy=_rename_hint(names[0], unlisted)
                or "Export with all questions, or drop the rows from columns.csv.",
            )
        )
    return findings


def _missing_structural(subject: Subject, mapping: ColumnMapping, unlisted: list[str]) -> Finding:
    is_key = mapping.role in subject.key_roles
    what = "key column" if is_key else f"column with role {mapping.role}"
    return Finding(
        "error",
        "key_missing" if is_key else "role_missing",
        f"The {what} '{mapping.column_name}' is not in the file.",
        where="header",
        expected=f"a column '{mapping.column_name}' (role {mapping.role}, "
        f"columns.csv row {mapping.row})",
        remedy=_rename_hint(mapping.column_name, unlisted)
        or "Export again with this column, or correct its name in columns.csv.",
    )


def _unlisted(subject: Subject) -> list[Finding]:
    known = {column_key(mapping.column_name) for mapping in subject.mappings}
    present = {known_as(column) for column in subject.table.columns}
    absent = sorted(known - present)
    all_unlisted = [c for c in subject.table.columns if known_as(c) not in known]
    # Clocks that a tool adds by itself are no questions: nobody lists hundreds of them.
    unlisted = [column for column in all_unlisted if column.source_type != TIMING]
    n_clocks = len(all_unlisted) - len(unlisted)
    clocks = [
        Finding(
            "information",
            "column_timing",
            f"{n_clocks} column(s) with times that the survey tool measured are landed, not used.",
        )
    ]
    return (clocks if n_clocks else []) + _unlisted_answers(subject, unlisted, absent)


def _unlisted_answers(
    subject: Subject, unlisted: list[SourceColumn], absent: list[str]
) -> list[Finding]:
    if not unlisted:
        return []
    expected = f"only columns that columns.csv lists for wave {subject.wave.wave}"
    # A frame often is a whole register; only answers must all be accounted for.
    if subject.kind == "export" and subject.registry.survey.unlisted_columns == "error":
        return [
            Finding(
                "error",
                "column_unlisted",
                f"The column '{column.name}' is not in the registry."
                if column.name.strip()
                else "A column has no name.",
                where=f"header, column {column.position}",
                expected=expected,
                remedy=_did_you_mean(column.name, absent)
                or "Add it to columns.csv (role ignore if it is not needed), or leave it out "
                "of the export.",
            )
            for column in unlisted
        ]
    names = [column.name or f"(column {column.position}, no name)" for column in unlisted]
    hints = [_did_you_mean(column.name, absent) for column in unlisted]
    return [
        Finding(
            "warning",
            "column_unlisted",
            f"{len(unlisted)} column(s) are not in the registry; they are landed, not used.",
            where=and_more(names, 20),
            expected=expected,
            remedy=" ".join(hint for hint in hints if hint)
            or "Add to columns.csv what the warehouse should use.",
        )
    ]


def _did_you_mean(name: str, candidates: list[str]) -> str:
    close = _closest(name, candidates)
    return (
        f"Did the column '{close}' of the registry get a new name? Then put '{name}' in its row "
        "of columns.csv."
        if close
        else ""
    )


def _rename_hint(name: str, unlisted: list[str]) -> str:
    close = _closest(name, unlisted)
    return f"Did you mean '{close}', which the registry does not list?" if close else ""


def _closest(name: str, candidates: list[str]) -> str | None:
    folded = {candidate.casefold(): candidate for candidate in candidates}
    close = difflib.get_close_matches(name.strip().casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None
