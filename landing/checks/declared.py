"""What the file itself says of its values, held against the registry."""

from __future__ import annotations

from collections import Counter

from barometer.labels import normalise_label
from landing.checks.codes import codes_for
from landing.checks.subject import ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding
from landing.readers.table import UserMissing


def declared_findings(subject: Subject) -> list[Finding]:
    """Report numbers that an SPSS file calls missing and the registry takes for answers.

    A value such as 999 would silently count. Of other questions such a value is an unknown code,
    which is reported anyway.
    """
    missing_of: dict[int, list[UserMissing]] = {}
    for missing in subject.table.user_missing:
        missing_of.setdefault(missing.position, []).append(missing)
    numeric = {
        question.question_id
        for question in subject.registry.questions
        if question.answer_type == "number"
    }
    return [
        finding
        for use in subject.uses
        if use.column.position in missing_of and use.mapping.question_id in numeric
        for finding in _counted(subject, use, missing_of[use.column.position])
    ]


def _counted(subject: Subject, use: ColumnUse, missing: list[UserMissing]) -> list[Finding]:
    question_id = use.mapping.question_id or ""
    codes = codes_for(subject.registry, question_id, subject.wave.wave)
    counts = Counter(
        cell
        for cell in subject.table.column_values(use.column.position)
        if cell is not None
        and normalise_label(cell) not in codes
        and any(_within(cell, range_) for range_ in missing)
    )
    if not counts:
        return []
    listed = ": " + and_more([shown(value) for value in sorted(counts)])
    return [
        Finding(
            "error",
            "user_missing_uncoded",
            f"{counts.total()} value(s) that the file declares missing would count as answers to "
            f"{question_id}.",
            where=f"column '{use.column.name}'"
            + ("" if use.column.position in subject.personal_positions else listed),
            expected=f"a missing code in codes.csv for every such value of {question_id}",
            remedy="Add the values to codes.csv with their missing_reason.",
        )
    ]


def _within(value: str, missing: UserMissing) -> bool:
    if value in (missing.low, missing.high):
        return True
    try:
        return float(missing.low) <= float(value) <= float(missing.high)
    except ValueError:
        return False
