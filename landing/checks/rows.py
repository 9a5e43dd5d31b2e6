"""Rows: how many, and whether their keys and dates can be used."""

from __future__ import annotations

import datetime as dt
import re

import duckdb
import pyarrow as pa

from barometer.labels import normalise_label
from barometer.numerals import is_ambiguous, plain_number
from barometer.timestamps import plain_moment
from landing.checks.frame import frame_findings
from landing.checks.subject import SHOWN, ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding, Severity
from landing.findings.limits import Rules
from landing.readers.workspace_rows import stripped

_SHOWN_ROWS = 3
# Every engine reads these alike, so that only the doubtful ones need to be asked.
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def row_findings(subject: Subject) -> list[Finding]:
    """Judge number, keys and dates of the rows."""
    findings = _count(subject)
    if subject.kind == "frame":
        findings += _keys(subject, "organisation_key", blank="error", duplicate=None)
        findings += frame_findings(subject, timestamps)
    else:
        findings += _keys(subject, "response_id", blank=None, duplicate="warning")
        findings += _keys(subject, "organisation_key", blank=None, duplicate="information")
        findings += _outside_fieldwork(subject)
    return findings


def count_finding(subject_of: str, count: int, low: int, high: int) -> Finding | None:
    """Return an error where a number of responses is outside its expected range."""
    if low <= count <= high:
        return None
    side = "fewer" if count < low else "more"
    return Finding(
        "error",
        "response_count",
        f"{subject_of} {count:,} responses, {side} than expected.",
        where="number of data rows",
        expected=f"{low:,} to {high:,} responses",
        remedy="Check that this is the export of the right wave, without a filter; or correct "
        "expected_responses_low and expected_responses_high in waves.csv.",
    )


def _count(subject: Subject) -> list[Finding]:
    if subject.kind == "frame":
        return []
    wave = subject.wave
    parts = {
        delivery.part
        for delivery in subject.registry.deliveries
        if delivery.wave == wave.wave and delivery.kind == "export"
    }
    if len(parts) > 1:
        return [
            Finding(
                "information",
                "response_count_of_part",
                f"The file holds {len(subject.table.rows):,} responses; the expected range "
                f"({wave.expected_responses_low:,} to {wave.expected_responses_high:,}) is for "
                f"the {len(parts)} parts of wave {wave.wave} together.",
            )
        ]
    finding = count_finding(
        "The file holds",
        len(subject.table.rows),
        wave.expected_responses_low,
        wave.expected_responses_high,
    )
    return [finding] if finding else []


def _keys(
    subject: Subject, role: str, *, blank: Severity | None, duplicate: Severity | None
) -> list[Finding]:
    """Judge one key; how bad blank ones are follows from their share where `blank` is None."""
    use = subject.first_use(role)
    if use is None:
        return []
    rows, rules = subject.table.cells, Rules(subject.registry)
    key = f"coalesce({stripped(rows.cell(use.column.position))}, '')"
    findings = []
    ((n_blank,),) = rows.fetch(f"count_if({key} = '')")
    if n_blank:
        first = rows.fetch(rows.row_number, f"and {key} = '' order by rowid limit {SHOWN}")
        findings.append(
            Finding(
                blank or rules.graded(f"{role}_blank", n_blank / len(subject.table.rows)),
                f"{role}_blank",
                f"{n_blank} row(s) have no {role}.",
                where=f"column '{use.column.name}', data rows "
                + and_more([str(number) for (number,) in first], total=int(n_blank)),
                expected="a value in every row",
                remedy="Fill in the key, or remove the rows if they are empty.",
            )
        )
    if duplicate is None:
        return findings
    repeated = rows.fetch(
        f"{key}, min({rows.row_number}, {_SHOWN_ROWS + 1}), count(*) over ()",
        f"and {key} <> '' group by 1 having count(*) > 1 order by min(rowid) limit {SHOWN}",
    )
    if repeated:
        n_repeated = repeated[0][2]
        findings.append(
            Finding(
                duplicate,
                f"{role}_duplicate",
                f"{n_repeated} value(s) of {role} occur in more than one row.",
                where=f"column '{use.column.name}': "
                + and_more(
                    [_repeat(subject, use, value, numbers) for value, numbers, _ in repeated],
                    total=n_repeated,
                ),
                expected="every value once",
                remedy="Nothing, if they are double answers: cleaning keeps one per organisation.",
            )
        )
    return findings


def _repeat(subject: Subject, use: ColumnUse, value: str, rows: list[int]) -> str:
    numbers = "/".join(str(number) for number in rows[:_SHOWN_ROWS])
    if len(rows) > _SHOWN_ROWS:
        numbers += "/…"
    is_personal = use.column.position in subject.personal_positions
    return f"data rows {numbers}" if is_personal else f"{shown(value)} in data rows {numbers}"


def _outside_fieldwork(subject: Subject) -> list[Finding]:
    use = subject.first_use("submitted_at")
    if use is None:
        return []
    counts = {
        cell: count
        for cell, count in subject.table.cells.value_counts(use.column.position).items()
        if normalise_label(cell)
    }
    moments = timestamps(list(counts), subject.date_order)
    start, end = subject.wave.fieldwork_start, subject.wave.fieldwork_end
    outside = [
        text
        for text, moment in moments.items()
        if moment is not None
        and ((start and moment.date() < start) or (end and moment.date() > end))
    ]
    if not outside:
        return []
    return [
        Finding(
            "information",
            "submitted_at_outside_fieldwork",
            f"{sum(counts[text] for text in outside)} submission(s) are dated outside the "
            "fieldwork.",
            where=f"column '{use.column.name}'",
            expected=f"{start or '…'} to {end or '…'}",
            remedy="Check the wave, the clock of the survey tool, and the fieldwork window.",
        )
    ]


def timestamps(texts: list[str], date_order: str | None = None) -> dict[str, dt.datetime | None]:
    """Return what the models will make of texts as moments; None where that is nothing."""
    plain = [plain_moment(text, date_order) for text in texts]
    return dict(zip(texts, map(in_calendar, _cast(plain, "timestamp")), strict=True))


def in_calendar(moment: dt.datetime | str | None) -> dt.datetime | None:
    """Return a moment of the database; those beyond the years 1 to 9999 are the nearest known."""
    if isinstance(moment, str):
        return dt.datetime.min if "(BC)" in moment else dt.datetime.max
    return moment


def numbers(texts: list[str], decimal_sign: str | None = None) -> dict[str, float | None]:
    """Return what the models will make of texts as numbers; None where that is nothing."""
    plain: dict[str, float | None] = {
        text: float(text)
        for text in texts
        if decimal_sign is None and _PLAIN_NUMBER.fullmatch(text) and not is_ambiguous(text)
    }
    others = [text for text in texts if text not in plain]
    rewritten = [plain_number(text, decimal_sign) for text in others]
    return plain | dict(zip(others, _cast(rewritten, "double"), strict=True))


def weights(texts: list[str]) -> dict[str, float | None]:
    """Return what the models will make of texts as weights: a point is a decimal sign there."""
    read = numbers(texts)
    plain = dict(zip(texts, _cast(texts, "double"), strict=True))
    return {text: read[text] if plain[text] is None else plain[text] for text in texts}


def _cast(texts: list[str], data_type: str) -> list:  # type: ignore[type-arg]
    if not texts:
        return []
    # The same engine and cast as the models, so that both agree on what is readable.
    values = pa.table({"place": range(len(texts)), "value": pa.array(texts, pa.string())})
    with duckdb.connect(":memory:") as connection:
        connection.register("texts", values)
        return [
            row[0]
            for row in connection.execute(
                f"select try_cast(trim(value) as {data_type}) from texts order by place"
            ).fetchall()
        ]
