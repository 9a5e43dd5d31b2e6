"""Asks whether the answers of a question that changes still compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafting.context import Context
from drafting.draft import SKIP, DraftRow

_WITHOUT = ("end ", "later ")


def draft_breaks(
    context: Context, rows: Sequence[DraftRow], reworded: Iterable[str]
) -> list[DraftRow]:
    """Ask, for every existing question that changes, whether answers still compare.

    A break stands at the later of the two waves: where no wave before the new one asked the
    question, that is the next one that does.
    """
    changes: dict[str, list[str]] = {
        question_id: ["with another wording"] for question_id in reworded
    }
    for row in rows:
        question = context.questions.get(row.values.get("question_id", ""))
        if row.table != "options" or question is None:
            continue
        if row.draft.startswith("begin ") and not _asked_before(context, question.question_id):
            # The wave after it offers the option too.
            continue
        sign = "without" if row.draft.startswith(_WITHOUT) else "with"
        changes.setdefault(question.question_id, []).append(f"{sign} '{row.values['label_nl']}'")
    noted = {(each.question_id, each.wave) for each in context.registry.comparability_breaks}
    drafted = []
    for question_id, what in changes.items():
        wave, compared = context.wave, f"those before {context.wave}"
        if not _asked_before(context, question_id):
            after = [w for w in context.asked_waves(question_id) if w > context.wave]
            if not after:
                continue
            wave, compared = after[0], f"those from {after[0]} on"
        if (question_id, wave) in noted:
            continue
        values = {"question_id": question_id, "wave": wave}
        drafted.append(
            DraftRow(
                "comparability_breaks",
                f"break {question_id}",
                values,
                SKIP,
                f"In {context.wave} '{question_id}' is asked {', '.join(what)}. Do its answers "
                f"compare with {compared}? If not, set action to add and fill both notes.",
            )
        )
    return drafted


def _asked_before(context: Context, question_id: str) -> bool:
    return context.asked_waves(question_id)[:1] < (context.wave,)
