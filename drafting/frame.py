"""Drafts the columns of the new wave's sampling frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from drafting.columns import draft_gone, draft_matches
from drafting.context import Context
from drafting.copying import copy_rows, row_name
from drafting.draft import ADD, SKIP, DraftRow
from drafting.form import Form, FormColumn
from drafting.matching import match_columns, other_targets, targets
from drafting.seedfiles import DraftError
from drafting.similarity import slug

# Registers have dozens of columns; of more new ones than this nobody is asked one by one.
_MOST_QUESTIONS = 10
# Roles that a survey tool gives to columns of these names; a frame has none of the others.
_ALONE = ("ignore", "personal")


def draft_frame(context: Context, frame: Form) -> tuple[list[DraftRow], list[str]]:
    """Draft a row for every column of a frame, and for those of the frame before that are gone.

    A frame in several parts is copied, because nothing says which part the file is.

    Raises:
        DraftError: the file is no frame that the survey ever had.
    """
    if len(context.registry.deliveries_for(context.source, "frame")) > 1:
        note = f"The frame of {context.source} came in parts: its columns are copied, unchanged."
        return copy_rows(context, "columns", "frame"), [note]
    before = [row for row in context.rows("columns", context.source) if row["kind"] == "frame"]
    form = replace(frame, columns=tuple(map(_without_tool, frame.columns)))
    matching = match_columns(form, targets(context, before), [], other_targets(context, "frame"))
    _require_frame(context, frame, [match.target.rows for match in matching.matches])
    matched, _ = draft_matches(context, matching, "", labels_compare=False)
    gone = draft_gone(context, matching.gone, matching.new, [], "", "the frame")
    new, notes = _new(context, matching.new)
    return [*matched, *new, *gone], notes


def _require_frame(
    context: Context, frame: Form, recognised: Sequence[Sequence[Mapping[str, str]]]
) -> None:
    """Refuse a file of which little is known: that is one mistake, not one per column."""
    before = [row for row in context.rows("columns", context.source) if row["kind"] == "frame"]
    wanted = {row["column_name"] for row in before if row["role"] not in _ALONE}
    roles = {row["role"] for rows in recognised for row in rows}
    if not before or "organisation_key" in roles or 2 * len(recognised) >= len(wanted):
        return
    raise DraftError(
        f"{frame.file_name} does not look like a frame of this survey: {len(recognised)} of its "
        f"{len(frame.columns)} columns are known from the frame of any wave.",
        where="--frame",
        expected="columns like " + ", ".join(sorted(wanted)),
        remedy="Give the sampling frame of the new wave; a draft remembers the last file given. "
        "Answers are given with --export.",
    )


def _without_tool(column: FormColumn) -> FormColumn:
    return column if column.role in _ALONE else replace(column, role="")


def _new(context: Context, columns: Sequence[FormColumn]) -> tuple[list[DraftRow], list[str]]:
    asks = len(columns) <= _MOST_QUESTIONS
    rows = []
    for column in columns:
        is_personal = column.role == "personal" or column.has_addresses
        role = "personal" if is_personal else column.role or "attribute"
        values = {
            "wave": context.wave,
            "kind": "frame",
            "column_name": column.name,
            "role": role,
            "attribute_id": slug(column.name) if role == "attribute" else "",
        }
        rows.append(
            DraftRow(
                "columns",
                row_name("columns", values),
                values,
                ADD if is_personal else SKIP,
                _question(column) if asks and role == "attribute" else "",
                because=f"not in {context.source}; {column.n_filled} cells filled, "
                f"{column.n_distinct} different values",
            )
        )
    if asks:
        return rows, []
    return rows, [
        f"{len(columns)} columns of the frame are in no row of {context.source}. They are drafted "
        "as rows to skip: to use one, set action to add and check role and attribute_id."
    ]


def _question(column: FormColumn) -> str:
    return (
        f"The frame's column '{column.name}' is new. Should groups, strata or matching use it? "
        "Then set action to add and check role and attribute_id; if not, answer ok."
    )
