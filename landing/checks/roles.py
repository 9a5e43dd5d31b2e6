"""Columns that are no answers and decide which responses count: nothing in them may be a guess."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from barometer.labels import normalise_label
from barometer.project_file import known_flags
from landing.checks.rows import numbers, timestamps, weights
from landing.checks.subject import ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding


@dataclass(frozen=True)
class _Role:
    """What is said of a column with a role, and which of its values cannot be read."""

    name: str
    expected: str
    remedy: str
    unknown: Callable[[Subject, list[str]], Collection[str]]


def role_findings(subject: Subject) -> list[Finding]:
    """Report every value that the models would read as nothing; blank cells are none."""
    roles = _roles() if subject.kind == "export" else {}
    return [
        finding
        for use in subject.uses
        if use.mapping.role in roles
        for finding in _unknown(subject, use, roles[use.mapping.role])
    ]


def _unknown(subject: Subject, use: ColumnUse, role: _Role) -> list[Finding]:
    rows = subject.table.cells
    filled = [text for text in rows.value_counts(use.column.position) if normalise_label(text)]
    unknown = list(role.unknown(subject, filled))
    if not unknown:
        return []
    cell = rows.cell(use.column.position)
    found = rows.workspace.connection.execute(
        f"select {cell}, count(*), min({rows.row_number}) {rows.source} "
        f"and list_contains(?, {cell}) group by 1 order by 3",
        [unknown],
    ).fetchall()
    values = and_more(
        [f"{shown(text)} ({count}×, first in data row {row})" for text, count, row in found]
    )
    return [
        Finding(
            "error",
            f"{use.mapping.role}_unreadable",
            f"{sum(count for _, count, _ in found)} value(s) of the {role.name} cannot be read.",
            where=f"column '{use.column.name}': {values}",
            expected=role.expected,
            remedy=role.remedy,
        )
    ]


def _unknown_flags(_: Subject, texts: list[str]) -> Collection[str]:
    return [text for text in texts if normalise_label(text) not in known_flags()]


def _unknown_pages(_: Subject, texts: list[str]) -> Collection[str]:
    return [text for text, number in numbers(texts).items() if number is None]


def _unknown_moments(subject: Subject, texts: list[str]) -> Collection[str]:
    read = timestamps(texts, subject.date_order)
    return [text for text, moment in read.items() if moment is None]


def _unknown_weights(_: Subject, texts: list[str]) -> Collection[str]:
    return [text for text, weight in weights(texts).items() if weight is None]


def _roles() -> dict[str, _Role]:
    return {
        "test_flag": _Role(
            "test flag",
            "nothing, or one of: " + ", ".join(known_flags()),
            "Correct the file, or declare the value under test_flag_yes or test_flag_no in "
            "dbt_project.yml.",
            _unknown_flags,
        ),
        "last_page": _Role(
            "last page",
            "the number of a page",
            "Correct the file, or give the column the role ignore in columns.csv.",
            _unknown_pages,
        ),
        "submitted_at": _Role(
            "submission date",
            "dates like 2025-05-31 or 2025-05-31 14:05:00",
            "Export with such dates; where the year comes last, say in deliveries.csv (date_order) "
            "what comes first.",
            _unknown_moments,
        ),
        "weight": _Role(
            "weight",
            "numbers such as 3.72",
            "Correct the file, or give the column the role ignore in columns.csv.",
            _unknown_weights,
        ),
    }
