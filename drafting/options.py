"""Drafts single options and codes, and all of them for a question that is new."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from barometer.labels import normalise_label
from drafting.columns import Mapped
from drafting.context import LANGUAGES, Context
from drafting.copying import row_name
from drafting.draft import ADD, DraftRow
from drafting.export import FEWEST_CELLS
from drafting.form import UNKNOWN, FormValue
from drafting.labels import fill_in, missing_reason, option_id, option_labels, tick_mark
from registry.tables.questionnaire import Option

# A question with more answers than this is no choice.
MOST_OPTIONS = 25
_LONGEST_CODE = 5
_WORD = re.compile(r"[^\W\d_]{2,}")


def new_option(
    context: Context,
    question_id: str,
    texts: Mapping[str, str],
    unknown: str,
    where: str,
    taken: set[str],
) -> DraftRow:
    """Draft an option that the question did not have."""
    existing = context.registry.options_for(question_id)
    labels = option_labels(context, texts, unknown)
    identity = option_id(context, labels, taken | {option.option_id for option in existing})
    position = max((o.position for o in existing), default=0) + len(taken - _ids(existing)) + 1
    reason = missing_reason(texts)
    values = {
        "question_id": question_id,
        "option_id": identity,
        "position": str(position),
        "label_nl": labels["nl"],
        "label_en": labels["en"],
        "is_missing": "true" if reason else "false",
        "missing_reason": reason,
        "is_exclusive": "false",
        "first_wave": context.wave,
        "last_wave": context.until if question_id in context.questions else "",
    }
    shown = next(iter(texts.values()), "") or "An answer without a label"
    question = context.questions.get(question_id)
    score = " Fill its score." if question and question.answer_type == "scale" else ""
    return DraftRow(
        "options",
        f"new {question_id}/{identity}",
        values,
        ADD,
        f"'{shown}' of '{question_id}' ({where}) is a new option: check id and labels, or set "
        f"action to skip where it is an existing one.{fill_in(labels, 'label')}{score}",
        because=f"new in {context.wave}",
    )


def _ids(options: Sequence[Option]) -> set[str]:
    return {option.option_id for option in options}


def common_scale(context: Context, values: Sequence[FormValue]) -> list[Option]:
    """Return the options of a scale question that has exactly these labels, if there is one."""
    labels = {normalise_label(text) for value in values for text in value.texts.values() if text}
    for question in context.registry.questions:
        if question.answer_type != "scale":
            continue
        options = list(context.registry.options_for(question.question_id))
        options = [option for option in options if context.offered(option)]
        for language in LANGUAGES:
            own = {
                normalise_label(getattr(option, f"label_{language}"))
                for option in options
                if not option.is_missing
            }
            if own and own <= labels:
                return options
    return []


def code_row(
    context: Context, question_id: str, raw: str, option: str, reason: str = ""
) -> DraftRow:
    """Draft what one value stands for."""
    values = {
        "question_id": question_id,
        "wave": context.wave,
        "raw_value": raw,
        "option_id": option,
        "missing_reason": reason,
    }
    return DraftRow("codes", row_name("codes", values), values, because=f"new in {context.wave}")


def missing_row(context: Context, question_id: str, value: FormValue) -> DraftRow:
    """Draft the code of a value that the file calls missing without saying why."""
    label = next(iter(value.texts.values()), "")
    shown = f"'{value.raw}'" + (f" ({label})" if label else "")
    return replace(
        code_row(context, question_id, value.raw, "", "no_answer"),
        decide=f"The file calls the value {shown} of '{question_id}' missing. Drafted as "
        "no_answer: is missing_reason right (dont_know, not_applicable, not_asked)?",
    )


def has_words(raw: str) -> bool:
    """Whether a value reads as words, not as a code."""
    text = raw.strip()
    return bool(_WORD.search(text)) and (text.isalpha() or len(text) > _LONGEST_CODE)


def is_own_words(value: FormValue) -> bool:
    """Whether a value may be what somebody wrote, which does not belong in a draft."""
    rare = value.count is not None and value.count < FEWEST_CELLS
    return rare and not value.texts and has_words(value.raw)


def meaning_of(value: FormValue) -> Mapping[str, str]:
    """Return what a value means; a value that is a word says so itself."""
    if value.texts:
        return value.texts
    return {UNKNOWN: value.raw.strip()} if _WORD.search(value.raw) else {}


def _missing_number(context: Context, question_id: str, value: FormValue) -> DraftRow:
    reason = missing_reason(value.texts)
    if reason:
        return code_row(context, question_id, value.raw, "", reason)
    return missing_row(context, question_id, value)


def new_question_values(
    context: Context, columns: Sequence[Mapped], values: Sequence[FormValue], unknown: str
) -> list[DraftRow]:
    """Draft the options and codes of a question that no wave before asked."""
    question_id = columns[0].question_id
    if any(each.option_id for each in columns):
        rows = []
        for value in values:
            ticked = value.is_ticked
            if ticked is None and not value.is_missing:
                ticked = tick_mark(value.raw, value.texts)
            if value.is_missing and ticked is None:
                reason = missing_reason(value.texts)
                rows.append(
                    code_row(context, question_id, value.raw, "", reason)
                    if reason
                    else missing_row(context, question_id, value)
                )
            elif ticked is not None:
                reason = "" if ticked else "not_selected"
                chosen = "selected" if ticked else ""
                rows.append(code_row(context, question_id, value.raw, chosen, reason))
        return rows
    column = columns[0].column
    labelled = [value for value in values if value.texts]
    if columns[0].answer_type == "number":
        missing = [value for value in values if value.is_missing]
        return [_missing_number(context, question_id, value) for value in missing]
    if columns[0].answer_type not in {"single", "scale"}:
        return []
    few = column.n_distinct is None or len(values) <= MOST_OPTIONS
    scale = {
        normalise_label(label): option
        for option in common_scale(context, values)
        for label in (option.label_nl, option.label_en)
    }
    rows = []
    taken: set[str] = set()
    listed = [value for value in values if few and not is_own_words(value)] or labelled
    for place, value in enumerate(listed, start=1):
        texts = meaning_of(value) or {unknown: value.raw}
        reason = missing_reason(texts)
        if value.is_missing and not reason:
            rows.append(missing_row(context, question_id, value))
            continue
        if reason == "no_answer":
            if (
                context.codes_of(question_id, context.source).get(normalise_label(value.raw))
                is None
            ):
                rows.append(code_row(context, question_id, value.raw, "", reason))
            continue
        option = new_option(context, question_id, texts, unknown, f"value {value.raw}", taken)
        labels = {name: option.values[f"label_{name}"] for name in LANGUAGES}
        cells = {**option.values, "position": str(place)}
        like = next(
            (scale[normalise_label(t)] for t in texts.values() if normalise_label(t) in scale), None
        )
        if like is not None:
            score = "" if like.score is None else f"{like.score:g}"
            cells.update(option_id=like.option_id, score=score)
        taken.add(cells["option_id"])
        decide = fill_in(labels, "label").strip()
        name = f"new {question_id}/{cells['option_id']}"
        rows.append(replace(option, draft=name, values=cells, decide=decide, action=ADD))
        rows.append(code_row(context, question_id, value.raw, cells["option_id"]))
    return rows
