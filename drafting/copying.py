"""Rows that are those of the source wave with the new id: wave, deliveries, strata."""

from __future__ import annotations

import calendar
import datetime
import fnmatch
from dataclasses import replace

from drafting.context import Context
from drafting.draft import SKIP, DraftRow
from drafting.form import Form

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
    years = f"{context.distance} year{'' if context.distance == 1 else 's'}"
    moved = "are copied: the ids of the waves hold no year to move them by"
    if context.distance is not None:
        for name in ("label_nl", "label_en"):
            values[name] = context.shift_years(values[name])
        for name in _DATES:
            if values[name]:
                values[name] = shift_date(values[name], context.distance)
        moved = f"are those of {context.source}, {years} later"
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


def draft_deliveries(
    context: Context, form: Form | None, frame: Form | None = None
) -> list[DraftRow]:
    """Draft the files that are expected."""
    taken = {
        row["file_pattern"].lower(): row["wave"]
        for row in context.rows("deliveries")
        if row["wave"] != context.wave
    }
    rows = []
    for values in context.rows("deliveries", context.source):
        before = values["file_pattern"]
        values["wave"] = context.wave
        values["file_pattern"] = _pattern(context, before)
        decide = []
        if values["file_pattern"].lower() in taken:
            decide.append(
                f"No year could be replaced in '{before}'. What are the files of {context.wave} "
                "called?"
            )
        file = form if values["kind"] == "export" else frame
        if file is not None and file.format and _is_only(context, values):
            decide.extend(_format(values, file))
            fits = fnmatch.fnmatchcase(file.file_name.lower(), values["file_pattern"].lower())
            if not fits:
                decide.append(
                    f"The {values['kind']} is called {file.file_name}, which "
                    f"'{values['file_pattern']}' does not fit. Which of the two changes?"
                )
        if values["is_synthetic"] == "true":
            decide.append(
                f"The files of {context.source} are synthetic. Are those of {context.wave}? "
                "Real answers need is_synthetic false."
            )
        rows.append(
            DraftRow(
                "deliveries",
                " ".join((values["kind"], values["part"])),
                values,
                decide=" ".join(decide),
                because=f"'{before}' of {context.source}",
            )
        )
    return rows


def _is_only(context: Context, values: dict[str, str]) -> bool:
    return len(context.registry.deliveries_for(context.source, values["kind"])) == 1


def _format(values: dict[str, str], form: Form) -> list[str]:
    families = {"zsav": "sav", "por": "sav", "text": "csv", "tsv": "csv"}
    found = families.get(form.format, form.format)
    expected = families.get(values["format"], values["format"])
    if expected in {"auto", found}:
        return []
    stem, _, _ = values["file_pattern"].rpartition(".")
    suffix = form.file_name.rpartition(".")[2]
    before = values["format"]
    values.update(format=found, tool=form.tool, sheet="", file_pattern=f"{stem or '*'}.{suffix}")
    return [
        f"The {values['kind']} is {found}, read as written by {form.tool}; the one before was "
        f"{before}. Are format, tool and sheet right?"
    ]


def _pattern(context: Context, pattern: str) -> str:
    if context.source in pattern:
        return pattern.replace(context.source, context.wave)
    shifted = context.shift_years(pattern)
    if shifted != pattern:
        return shifted
    old, new = context.source[-2:], context.wave[-2:]
    return pattern.replace(old, new) if pattern.count(old) == 1 and old.isdecimal() else pattern


def draft_strata(context: Context) -> list[DraftRow]:
    """Draft the strata: the design as it was, and population counts to be renewed."""
    rows = []
    for values in context.rows("strata_design", context.source):
        values["wave"] = context.wave
        rows.append(
            DraftRow(
                "strata_design",
                f"position {values['position']}",
                values,
                because=f"wave {context.source}",
            )
        )
    for values in context.rows("strata", context.source):
        values["wave"] = context.wave
        rows.append(
            DraftRow(
                "strata",
                values["stratum_id"],
                values,
                decide=f"The count is that of {context.source}. How many organisations are there "
                f"in {context.wave}?",
                because=f"wave {context.source}",
            )
        )
    return rows


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
        if ended is not None and ended.last_wave and ended.last_wave < context.wave:
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
