"""Drafts that a question or an option was there before the first wave that the registries name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from drafting.draft import CHANGE, SKIP, DraftRow
from drafting.matching import SAME_TEXT
from drafting.seedfiles import SeedFile

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
    asked = {row.values["question_id"]: row for row in live if row.values.get("question_id")}
    chosen: dict[tuple[str, str], DraftRow] = {}
    for row in sorted(live, key=lambda row: row.table, reverse=True):
        option = row.values.get("option_id", "")
        if option and row.table in {"columns", "codes"}:
            chosen.setdefault((row.values["question_id"], option), row)
    return [
        *_questions(files["questions"], asked, wave),
        *_options(files["options"], chosen, wave),
    ]


def _questions(file: SeedFile, asked: Iterable[str], wave: str) -> Iterator[DraftRow]:
    wanted = set(asked)
    for values in file.rows:
        first = values["first_wave"]
        if values["question_id"] in wanted and first > wave:
            yield DraftRow(
                "questions",
                BEGIN + values["question_id"],
                {**values, "first_wave": wave},
                CHANGE,
                because=f"{wave} asks it; the registries knew it from {first} on",
            )


def _options(
    file: SeedFile, chosen: Mapping[tuple[str, str], DraftRow], wave: str
) -> Iterator[DraftRow]:
    for values in file.rows:
        question_id, option_id, first = (
            values["question_id"],
            values["option_id"],
            values["first_wave"],
        )
        row = chosen.get((question_id, option_id))
        if row is None or first <= wave:
            continue
        decide = ""
        if row.table == "codes" and float(row.score or 0) < SAME_TEXT:
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
