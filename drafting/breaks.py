"""Breaks that a wave brings: options that change, and wordings that do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from drafting.context import Context
from drafting.draft import SKIP, DraftRow, Values
from drafting.seedfiles import SeedFile
from registry.validity import within

_BECAUSE = "its options are not those of"
_KEYS = {"questions": ("question_id",), "options": ("question_id", "option_id")}


def wording_breaks(context: Context, reworded: Iterable[str]) -> list[DraftRow]:
    """Ask, for every existing question with another wording, whether answers still compare.

    A break stands at the later of the two waves: where no wave before the new one asked the
    question, that is the next one that does.
    """
    noted = {(each.question_id, each.wave) for each in context.registry.comparability_breaks}
    drafted = []
    for question_id in reworded:
        wave, compared = context.wave, f"those before {context.wave}"
        asked = context.asked_waves(question_id)
        if not asked[:1] < (context.wave,):
            after = [each for each in asked if each > context.wave]
            if not after:
                continue
            wave, compared = after[0], f"those from {after[0]} on"
        if (question_id, wave) in noted:
            continue
        drafted.append(
            DraftRow(
                "comparability_breaks",
                _name(question_id, wave),
                {"question_id": question_id, "wave": wave},
                SKIP,
                f"In {context.wave} '{question_id}' is asked with another wording. Do its answers "
                f"compare with {compared}? If not, set action to add and fill both notes.",
            )
        )
    return drafted


def _option_breaks(
    files: Mapping[str, SeedFile], rows: Sequence[DraftRow], wave: str
) -> list[DraftRow]:
    """Return the breaks that have to be declared because options change with a wave.

    What a person gives as an answer depends on what else is offered: `validate` refuses a
    question whose options change between two waves without a break.

    Args:
        files: the registries as they are.
        rows: the draft.
        wave: the wave that is drafted.
    """
    questions = _with_draft(files, rows, "questions")
    options = _with_draft(files, rows, "options")
    waves = sorted({*(row["wave"] for row in files["waves"].rows), wave})
    declared = {
        (row["question_id"], row["wave"])
        for row in (
            *files["comparability_breaks"].rows,
            *(r.values for r in rows if r.table == "comparability_breaks" and r.action != SKIP),
        )
    }
    drafted = []
    for question in questions:
        question_id = question["question_id"]
        of_question = [
            option
            for option in options
            if option["question_id"] == question_id and option.get("is_missing") != "true"
        ]
        asked = [each for each in waves if _is_within(each, question)]
        for before, after in pairwise(asked):
            if wave not in (before, after):
                continue
            new = [o for o in of_question if _is_within(after, o) and not _is_within(before, o)]
            gone = [o for o in of_question if _is_within(before, o) and not _is_within(after, o)]
            is_declared = any(
                of == question_id and before < since <= after for of, since in declared
            )
            if (new or gone) and not is_declared:
                drafted.append(_option_break(question_id, before, after, new, gone))
    return drafted


def _option_break(
    question_id: str, before: str, wave: str, new: Sequence[Values], gone: Sequence[Values]
) -> DraftRow:
    changes_nl = [
        *([f"zijn nieuwe antwoorden: {_labels(new, 'nl')}"] if new else []),
        *([f"zijn geen antwoorden meer: {_labels(gone, 'nl')}"] if gone else []),
    ]
    changes_en = [
        *([f"there are new answers: {_labels(new, 'en')}"] if new else []),
        *([f"these are no longer answers: {_labels(gone, 'en')}"] if gone else []),
    ]
    values = {
        "question_id": question_id,
        "wave": wave,
        "note_nl": f"Vanaf {wave} {'; '.join(changes_nl)}. Andere antwoorden kunnen daardoor vaker "
        "of minder vaak zijn gekozen.",
        "note_en": f"From {wave} on {'; '.join(changes_en)}. Other answers may have been chosen "
        "more or less often because of it.",
    }
    return DraftRow(
        "comparability_breaks",
        _name(question_id, wave),
        values,
        because=f"{_BECAUSE} {before}; where an indicator compares all the same, add it to "
        "comparability_bridges.csv",
    )


def _name(question_id: str, wave: str) -> str:
    return f"break {question_id}/{wave}"


def _labels(options: Sequence[Values], language: str) -> str:
    return ", ".join(f"'{option[f'label_{language}']}'" for option in options)


def _with_draft(
    files: Mapping[str, SeedFile], rows: Sequence[DraftRow], table: str
) -> list[Mapping[str, str]]:
    """Return the rows of a registry as they will be."""

    def key(values: Values) -> tuple[str, ...]:
        return tuple(values[name] for name in _KEYS[table])

    after = {key(values): values for values in files[table].rows}
    after |= {key(r.values): r.values for r in rows if r.table == table and r.action != SKIP}
    return list(after.values())


def _is_within(wave: str, values: Values) -> bool:
    return within(wave, values.get("first_wave") or None, values.get("last_wave") or None)


def with_option_breaks(
    files: Mapping[str, SeedFile], rows: Sequence[DraftRow], wave: str
) -> list[DraftRow]:
    """Return the rows with the breaks that their options ask for, and no such break besides.

    One that was drafted before stays as a person left it, for as long as it is asked for.
    """
    others = [row for row in rows if not row.because.startswith(_BECAUSE)]
    needed = {row.draft: row for row in _option_breaks(files, others, wave)}
    needed |= {row.draft: row for row in rows if row.draft in needed and row not in others}
    return [*(row for row in others if row.draft not in needed), *needed.values()]
