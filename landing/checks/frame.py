"""Is this a usable frame? Keys that come back, organisations that have ended, odd dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from barometer.labels import normalise_label
from landing.checks.subject import Subject, and_more, shown
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.readers.table import Cell, Row
from registry import Registry
from registry.tables.thresholds import DUPLICATE_KEY, NOT_ENDED, UNKNOWN_DATE

Dates = Callable[[list[str], str | None], dict[str, dt.datetime | None]]


def frame_findings(subject: Subject, read_dates: Dates) -> list[Finding]:
    """Judge the rows of a frame as the models will.

    Args:
        subject: the frame and the registry of its wave.
        read_dates: how the models read texts as moments, given the order of their parts.
    """
    starts = _Dates(subject, "valid_from", read_dates)
    ends = _Dates(subject, "valid_until", read_dates)
    ended = _ended(subject, ends.known)
    return [
        *_repeated(subject, ended),
        *_left_out(subject, ended),
        *_after(subject, starts.known),
        *_odd_dates(subject, starts, ends),
        *_same_identity(subject, "register_id", ended),
        *_same_identity(subject, "organisation_name", ended),
    ]


def ended_rows(subject: Subject, read_dates: Dates) -> frozenset[int]:
    """Return the data rows, from 1, of organisations that are no part of the population."""
    return _ended(subject, _Dates(subject, "valid_until", read_dates).known)


class _Dates:
    """The dates of one role: by data row, with what is no date and what stands for unknown."""

    def __init__(self, subject: Subject, role: str, read: Dates) -> None:
        unknown = frozenset(
            dt.date.fromisoformat(value) for value in rule_values(subject.registry, UNKNOWN_DATE)
        )
        cells = _cells(subject, role)
        filled = {row: cell for row, cell in enumerate(cells, start=1) if cell and cell.strip()}
        moments = read(sorted(set(filled.values())), subject.date_order)
        dates = {row: moments[cell] for row, cell in filled.items()}
        self.unreadable = [filled[row] for row, moment in dates.items() if moment is None]
        read_dates = {row: moment.date() for row, moment in dates.items() if moment is not None}
        self.n_filled = len(filled)
        self.n_unknown = sum(date in unknown for date in read_dates.values())
        self.known = {row: date for row, date in read_dates.items() if date not in unknown}


def rule_values(registry: Registry, rule_id: str) -> tuple[str, ...]:
    """Return the values of a frame rule; none when the registry leaves it out."""
    return tuple(rule.value for rule in registry.frame_rules if rule.rule_id == rule_id)


def _cells(subject: Subject, role: str) -> list[Cell]:
    use = subject.first_use(role)
    return subject.table.column_values(use.column.position) if use else []


def _ended(subject: Subject, ends: dict[int, dt.date]) -> frozenset[int]:
    """Return the data rows of organisations that ended before the reference period did."""
    keys = _cells(subject, "organisation_key")
    not_ended = {value.strip() for value in rule_values(subject.registry, NOT_ENDED)}
    return frozenset(
        row
        for row, end in ends.items()
        if end < subject.wave.reference_end and (keys[row - 1] or "").strip() not in not_ended
    )


def _repeated(subject: Subject, ended: frozenset[int]) -> list[Finding]:
    rows_of: dict[str, list[int]] = {}
    for row, cell in enumerate(_cells(subject, "organisation_key"), start=1):
        if row not in ended and cell and cell.strip():
            rows_of.setdefault(cell.strip(), []).append(row)
    again = {key: rows for key, rows in rows_of.items() if len(rows) > 1}
    same, different = 0, {}
    for key, rows in again.items():
        first = _content(subject.table.rows[rows[0] - 1])
        unlike = [r for r in rows[1:] if _content(subject.table.rows[r - 1]) != first]
        same += len(rows) - 1 - len(unlike)
        if unlike:
            different[key] = [rows[0], *unlike]
    findings = []
    if same:
        findings.append(
            Finding(
                "information",
                "frame_row_repeated",
                f"{same} row(s) of the frame say the same as an earlier row; they count once.",
                expected="every organisation once",
            )
        )
    if different:
        findings.append(_contradicting(subject, different))
    return findings


def _content(row: Row) -> tuple[str, ...]:
    # The models take a cell that is not there and an empty one as the same.
    return tuple(cell or "" for cell in row)


def _contradicting(subject: Subject, different: dict[str, list[int]]) -> Finding:
    review = "review" in rule_values(subject.registry, DUPLICATE_KEY)
    where = [
        f"{shown(key)} in data rows {'/'.join(map(str, rows))}" for key, rows in different.items()
    ]
    consequence = "the first row of each counts" if review else "nobody can say which is right"
    use = subject.first_use("organisation_key")
    column = f"column '{use.column.name}': " if use else ""
    return Finding(
        "warning" if review else "error",
        "organisation_key_duplicate",
        f"{len(different)} organisation_key(s) come back with other contents; {consequence}.",
        where=column + and_more(where, len(where) if review else 5),
        expected="every organisation once, or the same row again",
        remedy="Have the frame corrected, or choose another column as organisation_key; with the "
        f"rule {DUPLICATE_KEY} = review in frame_rules.csv the first row counts.",
    )


def _left_out(subject: Subject, ended: frozenset[int]) -> list[Finding]:
    if not ended:
        return []
    keys = _cells(subject, "organisation_key")
    listed = [shown((keys[row - 1] or "").strip()) for row in sorted(ended)]
    return [
        Finding(
            "information",
            "frame_ended",
            f"{len(ended):,} organisation(s) ended before {subject.wave.reference_end} and are "
            "left out of the population.",
            where=and_more(listed),
            remedy="Where the end date is wrong, add the key to frame_rules.csv with the rule "
            f"{NOT_ENDED}; all of them stand in cleaned.cln_frame.",
        )
    ]


def _after(subject: Subject, starts: dict[int, dt.date]) -> list[Finding]:
    late = [row for row, start in starts.items() if start > subject.wave.reference_end]
    if not late:
        return []
    return [
        Finding(
            "information",
            "frame_not_started",
            f"{len(late):,} organisation(s) started after {subject.wave.reference_end}; they stay "
            "in the population, because registers also write the day of their own record here.",
            remedy="Leave out of the frame what did not exist in the reference period.",
        )
    ]


def _odd_dates(subject: Subject, starts: _Dates, ends: _Dates) -> list[Finding]:
    findings = []
    rules = Rules(subject.registry)
    for role, dates in (("valid_from", starts), ("valid_until", ends)):
        if dates.n_unknown:
            findings.append(
                Finding(
                    "information",
                    "frame_date_unknown",
                    f"{dates.n_unknown:,} date(s) in {role} stand for an unknown date.",
                    expected="dates, or the dates that frame_rules.csv calls unknown",
                )
            )
        if dates.unreadable:
            findings.append(
                Finding(
                    rules.graded("frame_date_unreadable", len(dates.unreadable) / dates.n_filled),
                    "frame_date_unreadable",
                    f"{len(dates.unreadable):,} date(s) in {role} cannot be read and are taken as "
                    "unknown.",
                    where=and_more([shown(text) for text in dict.fromkeys(dates.unreadable)]),
                    expected="dates like 2025-05-31",
                    remedy="Deliver the frame with ISO dates.",
                )
            )
    backwards = [
        row for row, end in ends.known.items() if row in starts.known and end < starts.known[row]
    ]
    if backwards:
        findings.append(
            Finding(
                "warning",
                "frame_ends_before_start",
                f"{len(backwards):,} organisation(s) end before they start.",
                where="data rows " + and_more([str(row) for row in backwards]),
                remedy="Have the dates in the register corrected.",
            )
        )
    return findings


def _same_identity(subject: Subject, role: str, ended: frozenset[int]) -> list[Finding]:
    """Say how many organisations cannot be found by their register id or name."""
    rows_of: dict[str, int] = {}
    for row, cell in enumerate(_cells(subject, role), start=1):
        text = (cell or "").strip()
        text = normalise_label(text) if role == "organisation_name" else text
        if text and row not in ended:
            rows_of[text] = rows_of.get(text, 0) + 1
    shared = {text: count for text, count in rows_of.items() if count > 1}
    if not shared:
        return []
    what = role.replace("_", " ")
    share = sum(shared.values()) / sum(rows_of.values())
    return [
        Finding(
            Rules(subject.registry).graded("frame_identity_shared", share),
            f"frame_{role}_shared",
            f"{len(shared):,} {what}s belong to more than one row ({sum(shared.values()):,} rows); "
            f"responses cannot be matched by them.",
            where=and_more([shown(text) for text in shared]),
        )
    ]
