"""From reviewed draft rows to registry rows: what follows from a person's decisions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from drafting.beginnings import BEGIN, draft_beginnings
from drafting.breaks import with_option_breaks
from drafting.draft import ADD, CHANGE, SKIP, DraftRow
from drafting.seedfiles import SeedFile, row_text
from registry import TABLES, RegistryError, RegistryErrors, load_registry

_RESERVED = "selected"


@dataclass(frozen=True)
class Effective:
    """The rows that go into the registries, and those that other decisions make superfluous."""

    rows: tuple[DraftRow, ...]
    left_out: tuple[DraftRow, ...]


def effective_rows(files: Mapping[str, SeedFile], rows: Sequence[DraftRow], wave: str) -> Effective:
    """Carry out renamed ids and leave out what depends on rows that a person skipped."""
    renamed = _renamed(rows)
    live = _with_beginnings(files, renamed, wave)
    mapped = {row.values.get("question_id", "") for row in live if row.table == "columns"}
    boxes = {
        (row.values.get("question_id", ""), row.values.get("option_id", ""))
        for row in live
        if row.table == "columns"
    }
    live, ended_again = _split(live, lambda row: _keeps_ending(row, mapped, boxes))
    questions = {row["question_id"] for row in files["questions"].rows}
    questions |= {row.values["question_id"] for row in live if row.table == "questions"}
    offered = {
        (row["question_id"], row["option_id"]): row["last_wave"] for row in files["options"].rows
    }
    live, orphans = _split(
        live,
        lambda row: (
            row.table not in {"options", "codes", "routing", "comparability_breaks"}
            or row.action == CHANGE
            or row.values.get("question_id", "") in {*questions, ""}
        ),
    )
    for row in live:
        if row.table == "options":
            key = row.values["question_id"], row.values["option_id"]
            offered[key] = row.values.get("last_wave", "")
    live, unused = _split(live, lambda row: _is_used(row, wave, mapped, offered))
    live = with_option_breaks(files, live, wave)
    return Effective(tuple(_protected(files, live)), (*ended_again, *orphans, *unused))


def _with_beginnings(
    files: Mapping[str, SeedFile], rows: Sequence[DraftRow], wave: str
) -> list[DraftRow]:
    """Leave out beginnings that nothing needs any more; add those of what a person mapped."""
    needed = draft_beginnings(files, rows, wave)
    names = {(row.table, row.draft) for row in needed}
    drafted = {(row.table, row.draft) for row in rows}
    live = [
        row
        for row in rows
        if row.action != SKIP
        and (not row.draft.startswith(BEGIN) or (row.table, row.draft) in names)
    ]
    return [*live, *(row for row in needed if (row.table, row.draft) not in drafted)]


def _protected(files: Mapping[str, SeedFile], rows: Sequence[DraftRow]) -> list[DraftRow]:
    """Drop the cells of personal columns for which a person chose no treatment."""
    questions = [*files["questions"].rows, *(r.values for r in rows if r.table == "questions")]
    personal = {q["question_id"]: q["is_personal"] == "true" for q in questions}
    return [
        replace(row, values={**row.values, "treatment": "drop"})
        if row.table == "columns"
        and not row.values.get("treatment")
        and (row.values["role"] == "personal" or personal.get(row.values.get("question_id") or ""))
        else row
        for row in rows
    ]


def _split(
    rows: Sequence[DraftRow], keep: Callable[[DraftRow], bool]
) -> tuple[list[DraftRow], list[DraftRow]]:
    return [r for r in rows if keep(r)], [r for r in rows if not keep(r)]


def _renamed(rows: Sequence[DraftRow]) -> list[DraftRow]:
    """Follow an id that a person changed on a new question or option wherever it is used."""
    questions: dict[str, str] = {}
    options: dict[tuple[str, str], str] = {}
    for row in rows:
        if not row.draft.startswith("new ") or row.action != ADD:
            continue
        drafted = row.draft.removeprefix("new ").partition("#")[0]
        if row.table == "questions":
            questions[drafted] = row.values["question_id"]
        elif row.table == "options":
            question, _, option = drafted.partition("/")
            options[question, option] = row.values["option_id"]
    renamed = []
    for row in rows:
        values = dict(row.values)
        for prefix in ("", "condition_"):
            question = values.get(f"{prefix}question_id", "")
            key = question, values.get(f"{prefix}option_id", "")
            if key in options and row.table != "options":
                values[f"{prefix}option_id"] = options[key]
            if question in questions:
                values[f"{prefix}question_id"] = questions[question]
        renamed.append(replace(row, values=values))
    return renamed


def _keeps_ending(row: DraftRow, mapped: set[str], boxes: set[tuple[str, str]]) -> bool:
    if row.action != CHANGE or not row.draft.startswith("end "):
        return True
    question = row.values["question_id"]
    if row.table == "questions":
        return question not in mapped
    return (question, row.values["option_id"]) not in boxes


def _is_used(
    row: DraftRow, wave: str, mapped: set[str], offered: Mapping[tuple[str, str], str]
) -> bool:
    if row.table != "codes" or row.values.get("wave") != wave:
        return True
    question, option = row.values.get("question_id", ""), row.values.get("option_id", "")
    if not question:
        return True
    if question not in mapped:
        return False
    if not option or option == _RESERVED:
        return True
    last = offered.get((question, option))
    return last is not None and (not last or last >= wave)


def check_result(
    folder: Path, changed: Mapping[str, str], rows: Sequence[DraftRow]
) -> tuple[str, ...]:
    """Return every mistake that the registries would have with the changed files."""
    schemas = TABLES
    with tempfile.TemporaryDirectory(prefix="barometer-draft-") as name:
        copy = Path(name)
        for schema in schemas.values():
            shutil.copyfile(folder / schema.file_name, copy / schema.file_name)
        for table, text in changed.items():
            (copy / schemas[table].file_name).write_bytes(text.encode("utf-8"))
        try:
            load_registry(copy)
        except RegistryErrors as errors:
            return tuple(
                error.render().replace(f"{copy}/", "") + _draft_place(error, changed, rows)
                for error in errors.errors
            )
    return ()


def _draft_place(error: RegistryError, changed: Mapping[str, str], rows: Sequence[DraftRow]) -> str:
    """Name the draft row behind a mistake: the line number is of a file that is not there yet."""
    table = error.file.stem
    if error.line is None or table not in changed:
        return ""
    text = "".join(changed[table].splitlines(keepends=True)[error.line - 1 :])
    header = TABLES[table].header
    for row in rows:
        if row.table == table and text.startswith(row_text(row, header)):
            return f"\n  draft:    {table}.csv, '{row.draft}'"
    return ""
