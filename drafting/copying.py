"""Rows that are those of the source wave with the new id: wave, strata, columns and codes."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import replace

from drafting.context import Context
from drafting.draft import SKIP, DraftRow

_DATES = (
    "reference_start",
    "reference_end",
    "fieldwork_start",
    "fieldwork_end",
    "publication_date",
)
_ROOM = 0.2
_ROUNDED_TO = 10


def shift_date(text: str, years: int) -> str:
    """Return a date some years later; the last day of a month stays the last day."""
    date = datetime.date.fromisoformat(text)
    year = date.year + years
    last = calendar.monthrange(year, date.month)[1]
    was_last = date.day == calendar.monthrange(date.year, date.month)[1]
    return date.replace(year=year, day=last if was_last else min(date.day, last)).isoformat()


def draft_wave(context: Context) -> DraftRow:
    """Draft the row of the wave itself."""
    (values,) = context.rows("waves", context.source)
    values["wave"] = context.wave
    moved = "are copied: the ids of the waves hold no year to move them by"
    if context.distance is not None:
        for name in ("label_nl", "label_en"):
            values[name] = context.shift_years(values[name])
        for name in _DATES:
            if values[name]:
                values[name] = shift_date(values[name], context.distance)
        moved = f"are those of {context.source}{_years(context.distance)}"
    expected = f"the numbers of responses expected are those of {context.source}"
    if context.last_count:
        low, high = context.last_count * (1 - _ROOM), context.last_count * (1 + _ROOM)
        values["expected_responses_low"] = str(int(low // _ROUNDED_TO * _ROUNDED_TO))
        values["expected_responses_high"] = str(int(-(-high // _ROUNDED_TO) * _ROUNDED_TO))
        expected = (
            f"the numbers of responses expected are the {context.last_count} of {context.source} "
            f"± {_ROOM:.0%}"
        )
    return DraftRow(
        "waves",
        f"wave {context.wave}",
        values,
        decide=f"Dates {moved}; {expected}. Are dates, labels and numbers right?",
        because=f"wave {context.source}",
    )


def _years(distance: int) -> str:
    if not distance:
        return ""
    direction = "later" if distance > 0 else "earlier"
    return f", {abs(distance)} year{'' if abs(distance) == 1 else 's'} {direction}"


def draft_strata(context: Context) -> list[DraftRow]:
    """Draft the strata: the design as it was, and population counts to be renewed."""
    counts = {
        "strata": f"The count is that of {context.source}. How many organisations are there in "
        f"{context.wave}?",
        "cluster_counts": f"The number of clusters is that of {context.source}. How many are there "
        f"in {context.wave}?",
    }
    names = {
        "strata_design": "position {position}",
        "weight_sources": "{weight_source}",
        "strata": "{stratum_id}",
        "cluster_counts": "{stratum_id}",
    }
    return [
        DraftRow(
            table,
            name.format(**values),
            {**values, "wave": context.wave},
            decide=counts.get(table, ""),
            because=f"wave {context.source}",
        )
        for table, name in names.items()
        for values in context.rows(table, context.source)
    ]


def copy_rows(context: Context, table: str, kind: str | None = None) -> list[DraftRow]:
    """Draft the columns or codes of the source wave unchanged, under the new id."""
    rows = []
    for values in context.rows(table, context.source):
        if kind is not None and values["kind"] != kind:
            continue
        values["wave"] = context.wave
        row = DraftRow(table, row_name(table, values), values, because=f"wave {context.source}")
        rows.append(unless_ended(context, row))
    return rows


def unless_ended(context: Context, row: DraftRow) -> DraftRow:
    """Skip a row of a question or option that ended after the source wave."""
    question = context.questions.get(row.values["question_id"])
    option = context.options.get((row.values["question_id"], row.values["option_id"]))
    for ended in (question, option):
        if ended is not None and context.has_ended(ended):
            because = f"{row.because}; ended in {ended.last_wave}"
            return replace(row, action=SKIP, because=because)
    return row


def row_name(table: str, values: dict[str, str]) -> str:
    """Return a name for a drafted row of columns or codes."""
    if table == "columns":
        parts = (values["kind"], values.get("part", ""), values["column_name"], values["role"])
    else:
        parts = (values["question_id"] or "every question", "=", values["raw_value"], "")
    return " ".join(part for part in parts if part)
