"""Dates of which a spreadsheet program exchanged day and month: reported, never corrected.

A program set to the United States reads 03-04-2025 as 4 March and leaves 13-04-2025 a text, as
there is no month 13. What it understood and what it did not then stand side by side, and tell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from barometer.timestamps import plain_moment
from landing.checks.subject import SHOWN, ColumnUse, Subject, shown
from landing.findings.finding import Finding, Severity

Moments = Callable[[list[str], str | None], dict[str, dt.datetime | None]]

_ROLES = frozenset({"submitted_at", "valid_from", "valid_until"})
_YEAR_FIRST = re.compile(r"[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")
_MONTHS = 12
# Of all days, those that can be a month, and the others.
_SHARE_UP_TO_12, _SHARE_OVER_12 = 0.4, 0.6
# Fewer than one in a thousand columns look so by accident: too sure to go on.
_CERTAIN = 0.001
_FEWEST_DATES = 3
_REMEDY = (
    "Export again from the survey tool, best with dates like 2025-04-03, and deliver that file "
    "without opening it in a spreadsheet program, which exchanges day and month where it is set to "
    "another country. Nothing is corrected here."
)


@dataclass(frozen=True)
class _Written:
    """A date as written: how, and the two numbers that may be a day or a month."""

    style: str
    first: int
    second: int

    @property
    def is_ambiguous(self) -> bool:
        return self.first <= _MONTHS and self.second <= _MONTHS


def exchanged_findings(subject: Subject, read_moments: Moments) -> list[Finding]:
    """Report columns of dates that look as if day and month were exchanged in some.

    Args:
        subject: the file and the registry of its wave.
        read_moments: how the models read texts as moments, given the order of their parts.
    """
    dates = {q.question_id for q in subject.registry.questions if q.answer_type == "date"}
    seen: set[int] = set()
    findings = []
    for use in subject.uses:
        is_date = use.mapping.role in _ROLES or use.mapping.question_id in dates
        if not is_date or use.column.position in seen:
            continue
        seen.add(use.column.position)
        counts = subject.table.cells.value_counts(use.column.position)
        finding = _mixed(subject, use, counts)
        if finding is None and use.mapping.role == "submitted_at":
            finding = _outside(subject, use, counts, read_moments)
        if finding is not None:
            findings.append(finding)
    return findings


def _mixed(subject: Subject, use: ColumnUse, counts: Mapping[str, int]) -> Finding | None:
    """Report dates of two styles, where those of one could all be read either way, and none other.

    Dates that begin with the year are those a spreadsheet program understood.
    """
    written = {text: date for text in counts if (date := _written(text)) is not None}
    styles = {date.style for date in written.values()}
    if len(styles) != 2 or len(written) < _FEWEST_DATES:
        return None
    for understood in sorted(styles):
        taken = {t: d for t, d in written.items() if d.style == understood}
        left = {t: d for t, d in written.items() if d.style != understood}
        if all(d.is_ambiguous for d in taken.values()) and _one_order(left.values()):
            break
    else:
        return None
    chance = float(_SHARE_UP_TO_12 ** _days(taken) * _SHARE_OVER_12 ** _days(left))
    severity: Severity = "warning"
    if understood == "" and chance < _CERTAIN:
        severity = "error"
    n_taken = sum(counts[text] for text in taken)
    return Finding(
        severity,
        "dates_exchanged",
        f"{n_taken} date(s) look as if a spreadsheet program exchanged day and month: of those "
        "that it understood no day is over 12, of those that it left as text every day is.",
        where=f"column '{use.column.name}': {_examples(subject, use, taken)}; left as text: "
        + _examples(subject, use, left),
        expected="every date written in the same way",
        remedy=_REMEDY,
    )


def _outside(
    subject: Subject, use: ColumnUse, counts: Mapping[str, int], read_moments: Moments
) -> Finding | None:
    """Report dates outside the fieldwork that lie within it once day and month are exchanged."""
    start, end = subject.wave.fieldwork_start, subject.wave.fieldwork_end
    if start is None or end is None:
        return None
    outside, exchanged = set(), set()
    for text, moment in read_moments(list(counts), subject.date_order).items():
        if moment is None or start <= moment.date() <= end:
            continue
        outside.add(text)
        if moment.day <= _MONTHS and moment.day != moment.month:
            other = dt.date(moment.year, moment.day, moment.month)
            if start <= other <= end:
                exchanged.add(text)
    days = {text[:10] for text in exchanged}
    if len(days) < _FEWEST_DATES or 2 * len(exchanged) < len(outside):
        return None
    n_exchanged = sum(counts[text] for text in exchanged)
    return Finding(
        "warning",
        "dates_exchanged",
        f"{n_exchanged} submission(s) are dated outside the fieldwork, and within it once day and "
        "month are exchanged.",
        where=f"column '{use.column.name}': {_examples(subject, use, exchanged)}",
        expected=f"{start} to {end}",
        remedy="If a spreadsheet program exchanged them: " + _REMEDY[0].lower() + _REMEDY[1:] + " "
        "If they are delivered as the tool wrote them, correct `date_order` in deliveries.csv.",
    )


def _written(text: str) -> _Written | None:
    plain = text.strip()
    found = _YEAR_LAST.match(plain)
    if found:
        return _Written(found[2], int(found[1]), int(found[3]))
    # A number that a spreadsheet counts days in is a date that it understood, too.
    found = _YEAR_FIRST.match(plain_moment(plain, None))
    return _Written("", int(found[1]), int(found[2])) if found else None


def _one_order(dates: Collection[_Written]) -> bool:
    """Tell whether all dates can be read in one way only, and all in the same."""
    return all(d.first > _MONTHS >= d.second for d in dates) or all(
        d.second > _MONTHS >= d.first for d in dates
    )


def _days(dates: Mapping[str, _Written]) -> int:
    return len({(date.first, date.second) for date in dates.values()})


def _examples(subject: Subject, use: ColumnUse, texts: Collection[str]) -> str:
    """Return the first rows with one of these dates, and the dates where they may be shown."""
    rows = subject.table.cells
    cell = rows.cell(use.column.position)
    found = rows.workspace.connection.execute(
        f"select {rows.row_number}, {cell} {rows.source} and list_contains(?, {cell}) "
        f"order by rowid limit {SHOWN}",
        [list(texts)],
    ).fetchall()
    if use.column.position in subject.personal_positions:
        return "data rows " + ", ".join(str(number) for number, _ in found)
    return ", ".join(f"{shown(value)} in data row {number}" for number, value in found)
