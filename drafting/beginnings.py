"""Drafts that a question or an option was there before the first wave that the registries name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from drafting.draft import CHANGE, SKIP, DraftRow
from drafting.matching import SAME_TEXT
from drafting.seedfiles import SeedFile
from drafting.similarity import label_score

BEGIN = "begin "


def draft_beginnings(
    files: Mapping[str, SeedFile], rows: Sequence[DraftRow], wave: str
) -> list[DraftRow]:
    """Return the changes of first_wave that the drafted columns and codes of a wave ask for.

    Args:
        files: the registries as they are.
        rows: the draft.
        wave: the wave that is drafted.
    """
    live = [row for row in rows if row.action != SKIP and row.values.get("wave") == wave]
    asked = {row.values.get("question_id") for row in live if row.table == "columns"} - {"", None}
    chosen: dict[tuple[str, str], DraftRow] = {}
    for row in sorted(live, key=lambda row: row.table, reverse=True):
        option = row.values.get("option_id", "")
        if option and row.table in {"columns", "codes"} and row.values["question_id"] in asked:
            chosen.setdefault((row.values["question_id"], option), row)
    return [
        *_questions(files["questions"], asked, wave),
        *_options(files, chosen, asked - _boxed(live), wave),
    ]


def _questions(file: SeedFile, asked: Set[str | None], wave: str) -> Iterator[DraftRow]:
    for values in file.rows:
        first = values["first_wave"]
        if values["question_id"] in asked and first > wave:
            yield DraftRow(
                "questions",
                BEGIN + values["question_id"],
                {**values, "first_wave": wave},
                CHANGE,
                because=f"{wave} asks it; the registries knew it from {first} on",
            )


def _boxed(rows: Sequence[DraftRow]) -> Set[str]:
    """Return the questions of which every option has a column of its own."""
    columns = (row.values for row in rows if row.table == "columns")
    return {values["question_id"] for values in columns if values.get("option_id")}


def _options(
    files: Mapping[str, SeedFile],
    chosen: Mapping[tuple[str, str], DraftRow],
    whole: Set[str | None],
    wave: str,
) -> Iterator[DraftRow]:
    began = {values["question_id"]: values["first_wave"] for values in files["questions"].rows}
    for values in files["options"].rows:
        question_id, option_id = values["question_id"], values["option_id"]
        first = values["first_wave"]
        row = chosen.get((question_id, option_id))
        came_later = first > began.get(question_id, "")
        # What was there when the question was asked first, begins with it; of options with
        # columns of their own, the columns say which.
        begins_with_it = question_id in whole and not came_later
        if first <= wave or (row is None and not begins_with_it):
            continue
        decide = ""
        if came_later and row is not None and row.table == "codes" and not _says_so(row, values):
            decide = (
                f"The value '{row.values['raw_value']}' of '{question_id}' stands for "
                f"'{values['label_nl']}' ({option_id}), which the registries know from {first} on. "
                f"Did {wave} offer it? If the value means something else, correct its row in "
                "codes.csv and set action to skip here."
            )
        yield DraftRow(
            "options",
            f"{BEGIN}{question_id}/{option_id}",
            {**values, "first_wave": wave},
            CHANGE,
            decide,
            because=f"{wave} offers it; the registries knew it from {first} on",
        )


def _says_so(row: DraftRow, option: Mapping[str, str]) -> bool:
    """Whether a value reads as the option it stands for, by its label or as it stands."""
    labels = option["label_nl"], option["label_en"]
    scores = (label_score(row.values["raw_value"], label) for label in labels)
    return max(float(row.score or 0), *scores) >= SAME_TEXT
