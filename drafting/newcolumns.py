"""Drafts what the new wave asks for the first time: options, questions, and other columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from drafting.columns import Mapped, reopened_option, what_it_is
from drafting.context import LANGUAGES, Context, in_language
from drafting.copying import row_name
from drafting.draft import ADD, SKIP, DraftRow
from drafting.form import FormColumn
from drafting.labels import best_option, fill_in, missing_reason
from drafting.matching import SAME_TEXT, Target, nearest
from drafting.options import common_scale, new_option
from drafting.similarity import label_score, plain, slug

# A column whose few, often given values may be listed without telling who gave them.
_FEW_VALUES = 12
_OFTEN = 3

_COUNTER = re.compile(r"(\[.*\]|[_.\-]?[A-Za-z]{0,2}[0-9]+)$")


@dataclass(frozen=True)
class Novelty:
    """The drafted rows, the answer columns among them, and how many columns are set aside."""

    rows: list[DraftRow]
    mapped: list[Mapped]
    unlisted: int = 0


def draft_new(
    context: Context,
    columns: Sequence[FormColumn],
    mapped: Sequence[Mapped],
    gone: Sequence[Target],
    held: Mapping[str, Target],
    roles: set[str],
    unknown: str,
) -> Novelty:
    """Draft a row for every column that is not recognised, as the best guess there is.

    Args:
        context: the registries and the two waves.
        columns: the columns.
        mapped: the answer columns that are recognised.
        gone: columns of the source wave that are not in the file.
        held: what columns were in other waves, by name, where another column is that now.
        roles: roles that columns of the file have.
        unknown: the language of texts that do not say.
    """
    rows: list[DraftRow] = []
    found: list[Mapped] = []
    boxes: dict[str, list[FormColumn]] = {}
    is_selective = context.registry.survey.unlisted_columns == "report"
    unlisted = 0
    for column in columns:
        sibling = _sibling(context, column, mapped)
        if column.name in held:
            rows.extend(_held(context, column, held[column.name]))
        elif column.role or column.has_addresses:
            rows.append(_no_answer(context, column, roles))
            roles.add(rows[-1].values["role"])
        elif sibling:
            drafted, each = _option_column(context, column, sibling, [*mapped, *found], unknown)
            rows.extend(drafted)
            found.append(each)
        elif is_selective:
            rows.append(replace(_column_row(context, column, "ignore"), action=SKIP))
            unlisted += 1
        elif _is_box(column):
            boxes.setdefault(column.family or _family(column.name), []).append(column)
        else:
            drafted, answers = _question(context, [column], mapped, gone, unknown)
            rows.extend(drafted)
            found.extend(answers)
    for group in boxes.values():
        drafted, answers = _question(context, group, mapped, gone, unknown)
        rows.extend(drafted)
        found.extend(answers)
    return Novelty(rows, found, unlisted)


def _column_row(
    context: Context, column: FormColumn, role: str, decide: str = "", **cells: str
) -> DraftRow:
    values = {
        "wave": context.wave,
        "kind": "export",
        "column_name": column.name,
        "role": role,
        **cells,
    }
    because = "not in " + context.source
    if column.n_filled is not None:
        because += f"; {column.n_filled} cells filled, {column.n_distinct} different values"
    return DraftRow("columns", row_name("columns", values), values, ADD, decide, because=because)


def _no_answer(context: Context, column: FormColumn, taken: set[str]) -> DraftRow:
    if column.has_addresses and not column.role:
        return _column_row(
            context,
            column,
            "personal",
            f"The column {column.shown_label} is new and holds e-mail addresses. Personal?",
        )
    if column.role in {"ignore", "personal"} or column.role not in taken:
        return _column_row(context, column, column.role)
    return _column_row(
        context,
        column,
        "ignore",
        f"The column {column.shown_label} is new and looks like the {column.role}, and so does "
        "another. Which one is it?",
    )


def _held(context: Context, column: FormColumn, target: Target) -> list[DraftRow]:
    """Draft, as rows to skip, what the column was in another wave: another column is that now."""
    decide = (
        f"The column {column.shown_label} was {what_it_is(target)} in {target.wave}, and here "
        "another column is that. Leave it out (ok), or correct one of the two?"
    )
    rows = []
    for source in target.rows:
        values = {**source, "wave": context.wave, "column_name": column.name}
        name = row_name("columns", values)
        because = f"the same name as in {target.wave}"
        rows.append(DraftRow("columns", name, values, SKIP, decide, because=because))
        decide = ""
    return rows


def _family(name: str) -> str:
    return _COUNTER.sub("", name)


def _is_box(column: FormColumn) -> bool:
    if column.is_tick_box:
        return True
    labelled = [value for value in column.values if value.texts]
    return len(labelled) == 2 and all(
        plain(text) in {"gekozen", "niet gekozen", "selected", "not selected"}
        for value in labelled
        for text in value.texts.values()
    )


def _sibling(context: Context, column: FormColumn, mapped: Sequence[Mapped]) -> str:
    """Return the multiple question that this column is one more option of."""
    families: dict[str, list[Mapped]] = {}
    for each in mapped:
        if each.option_id and not each.is_new:
            families.setdefault(each.question_id, []).append(each)
    for question_id, members in families.items():
        question = context.questions[question_id]
        wordings = question.wording_nl, question.wording_en
        if any(_rest(label, wording) for label in column.labels for wording in wordings):
            return question_id
        stems = (label_score(s, w) for s in column.stem.values() for w in wordings)
        if column.is_tick_box and max(stems, default=0.0) >= SAME_TEXT:
            return question_id
        alike = [m for m in members if _family(m.column.name) == _family(column.name)]
        if not column.labels and len(alike) > 1 and _family(column.name) != column.name:
            return question_id
    return ""


def _rest(label: str, stem: str) -> str:
    """Return what follows the stem in a label, as it is written."""
    wanted = plain(stem)
    if not wanted or not plain(label).startswith(wanted + " "):
        return ""
    ends = [end for end in range(len(label) + 1) if plain(label[:end]) == wanted]
    return label[max(ends) :].strip(" -–:?.[]()") if ends else ""


def _option_column(
    context: Context,
    column: FormColumn,
    question_id: str,
    mapped: Sequence[Mapped],
    unknown: str,
) -> tuple[list[DraftRow], Mapped]:
    question = context.questions[question_id]
    texts = dict(column.own)
    if not texts:
        for name, label in column.texts.items():
            rests = [_rest(label, w) for w in (question.wording_nl, question.wording_en)]
            texts[name] = next((rest for rest in rests if rest), label)
    used = {each.option_id for each in mapped if each.question_id == question_id}
    options = [o for o in context.registry.options_for(question_id) if o.option_id not in used]
    score, option = best_option(texts, options)
    rows: list[DraftRow] = []
    if option is not None and score >= SAME_TEXT:
        chosen = option.option_id
        if context.has_ended(option):
            rows.append(reopened_option(context, question_id, chosen, f"'{column.name}'"))
    else:
        row = new_option(context, question_id, texts, unknown, f"column '{column.name}'", used)
        rows.append(row)
        chosen = row.values["option_id"]
    rows.append(_column_row(context, column, "answer", question_id=question_id, option_id=chosen))
    return rows, Mapped(column, question_id, chosen)


def _question(
    context: Context,
    columns: Sequence[FormColumn],
    mapped: Sequence[Mapped],
    gone: Sequence[Target],
    unknown: str,
) -> tuple[list[DraftRow], list[Mapped]]:
    first = columns[0]
    is_multiple = _is_box(first)
    name = first.family or _family(first.name) if is_multiple else first.name
    identity = slug(name)
    while identity in context.questions:
        identity += "_new"
    answer_type = "multiple" if is_multiple else _answer_type(context, first)
    texts = first.stem if is_multiple and first.stem else first.texts or {unknown: first.name}
    wording = {language: in_language(texts, language, unknown) for language in LANGUAGES}
    neighbour = mapped[-1].question_id if mapped else context.registry.questions[-1].question_id
    positions = [question.position for question in context.registry.questions]
    last = max(positions, default=0)
    guess = nearest(first, gone)
    hint = ""
    if guess is not None:
        hint = f" The most alike column that is gone is '{guess[1].name}', {guess[0]:.0f}."
    personal = " Text is landed and goes no further." if answer_type == "text" else ""
    values = {
        "question_id": identity,
        "block": context.questions[neighbour].block,
        "position": str(last + 1),
        "answer_type": answer_type,
        "wording_nl": wording["nl"],
        "wording_en": wording["en"],
        "first_wave": context.wave,
        "last_wave": context.until,
        "is_personal": "true" if answer_type == "text" else "false",
        "is_sensitive": "false",
        "note": f"Asked in {context.wave} only." if context.until else f"Added in {context.wave}.",
    }
    which = (
        first.shown_label if len(columns) == 1 else f"'{first.name}' and {len(columns) - 1} more"
    )
    row = DraftRow(
        "questions",
        f"new {identity}",
        values,
        ADD,
        f"Column {which} is new: which question? Drafted as a new one: check id, block, type and "
        f"base.{fill_in(wording, 'wording')}{personal} An existing one: set action to skip here "
        f"and put its id in columns.csv.{hint}",
    )
    rows = [row]
    answers = []
    taken: set[str] = set()
    for column in columns:
        chosen = ""
        if is_multiple:
            own = dict(column.own) or dict(column.texts) or {unknown: column.name}
            option = new_option(context, identity, own, unknown, f"'{column.name}'", taken)
            option = replace(option, decide=fill_in(_labels(option), "label").strip())
            chosen = option.values["option_id"]
            taken.add(chosen)
            rows.append(option)
        cells = {"question_id": identity, "option_id": chosen}
        rows.append(_column_row(context, column, "answer", **cells))
        answers.append(Mapped(column, identity, chosen, is_new=True, answer_type=answer_type))
    return rows, answers


def _labels(row: DraftRow) -> dict[str, str]:
    return {name: row.values[f"label_{name}"] for name in LANGUAGES}


def _answer_type(context: Context, column: FormColumn) -> str:
    if column.answer_type and column.answer_type != "single":
        return column.answer_type
    meant = [
        v for v in column.values if v.texts and not v.is_missing and not missing_reason(v.texts)
    ]
    if len(meant) > 1:
        return "scale" if common_scale(context, column.values) else "single"
    if column.answer_type:
        return column.answer_type
    if column.is_number:
        return "number"
    few = column.n_distinct is not None and 1 < column.n_distinct <= _FEW_VALUES
    often = all((value.count or 0) >= _OFTEN for value in column.values)
    return "single" if few and often and column.values else "text"
