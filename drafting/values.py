"""Drafts codes and options: what the values of the new wave stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from barometer.labels import normalise_label
from barometer.registry_records import Option
from drafting.columns import Mapped, end_option
from drafting.context import LANGUAGES, Context
from drafting.copying import copy_rows, row_name
from drafting.draft import ADD, CHANGE, SKIP, DraftRow, score_text
from drafting.form import UNKNOWN, FormValue
from drafting.labels import (
    best_option,
    fill_in,
    missing_reason,
    option_id,
    option_labels,
    tick_mark,
)
from drafting.matching import LEAST_TEXT, SAME_TEXT
from drafting.similarity import label_score

_SAME_OPTION = 80.0
_MOST_UNKNOWN = 25
_CODED = ("single", "multiple", "scale")
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
    }
    shown = next(iter(texts.values()), identity)
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


def draft_values(
    context: Context, mapped: Sequence[Mapped], unknown: str
) -> tuple[list[DraftRow], list[str]]:
    """Draft the codes of the wave, and the options that come or go with them."""
    copied = {
        (row.values["question_id"], normalise_label(row.values["raw_value"])): row
        for row in copy_rows(context, "codes")
    }
    added: list[DraftRow] = []
    notes: list[str] = []
    by_question: dict[str, list[Mapped]] = {}
    for each in mapped:
        by_question.setdefault(each.question_id, []).append(each)
    for question_id, columns in by_question.items():
        values = _values(columns)
        if columns[0].is_new:
            added.extend(_new_question(context, columns, values, unknown))
            continue
        answer_type = context.questions[question_id].answer_type
        if answer_type not in (*_CODED, "number"):
            continue
        unlisted = _Question(context, columns, copied, unknown).draft(values, added)
        if unlisted:
            notes.append(
                f"codes.csv: '{question_id}' has {unlisted} more values without a code or label; "
                "they are not listed here. `barometer check` shows them."
            )
    return [*copied.values(), *added], notes


def _values(columns: Sequence[Mapped]) -> list[FormValue]:
    merged: dict[str, FormValue] = {}
    for each in columns:
        for value in each.column.values:
            key = normalise_label(value.raw)
            before = merged.get(key)
            count = (value.count or 0) + ((before.count or 0) if before else 0)
            texts = {**value.texts, **(before.texts if before else {})}
            merged[key] = FormValue(value.raw, texts, count if value.count is not None else None)
    return list(merged.values())


def _code(context: Context, question_id: str, raw: str, option: str, reason: str = "") -> DraftRow:
    values = {
        "question_id": question_id,
        "wave": context.wave,
        "raw_value": raw,
        "option_id": option,
        "missing_reason": reason,
    }
    return DraftRow("codes", row_name("codes", values), values, because=f"new in {context.wave}")


def _texts(value: FormValue) -> Mapping[str, str]:
    """Return what a value means; a value that is a word says so itself."""
    if value.texts:
        return value.texts
    return {UNKNOWN: value.raw.strip()} if _WORD.search(value.raw) else {}


class _Question:
    """The values of one question against its options and codes."""

    def __init__(
        self,
        context: Context,
        columns: Sequence[Mapped],
        copied: dict[tuple[str, str], DraftRow],
        unknown: str,
    ) -> None:
        self._context = context
        self._columns = columns
        self._copied = copied
        self._unknown = unknown
        self._id = columns[0].question_id
        question = context.questions[self._id]
        self._type = question.answer_type
        self._boxes = question.answer_type == "multiple" and not columns[0].separator
        options = list(context.registry.options_for(self._id))
        # An option that has ended can come back, but one that is offered comes first.
        self._options = sorted(options, key=lambda option: not context.offered(option))
        self._codes = context.codes_of(self._id, context.source)
        self._taken: set[str] = set()
        self._found: set[str] = set()

    def draft(self, values: Sequence[FormValue], added: list[DraftRow]) -> int:
        """Add rows for the values; return how many are not listed."""
        strange = 0
        for value in values:
            code = self._codes.get(normalise_label(value.raw))
            if code is not None:
                self._check(value, code.option_id)
                continue
            rows = self._uncoded(value)
            if rows and rows[0].values.get("option_id", "") == "" and rows[0].is_open:
                strange += 1
                if strange > _MOST_UNKNOWN:
                    continue
            added.extend(rows)
        if self._type in {"single", "scale"} and sum(bool(v.texts) for v in values) > 1:
            added.extend(self._no_longer_offered(values))
        return max(0, strange - _MOST_UNKNOWN)

    def _check(self, value: FormValue, chosen: str | None) -> None:
        """Compare the label of a known value with the option it stood for."""
        option = self._context.options.get((self._id, chosen or ""))
        if option is None or not value.texts:
            return
        self._found.add(option.option_id)
        own, _ = best_option(value.texts, [option])
        best, other = best_option(value.texts, self._options)
        label = next(iter(value.texts.values()))
        decide = ""
        if own < _SAME_OPTION or (best >= SAME_TEXT and own < SAME_TEXT):
            looks = ""
            if other is not None and other is not option and best >= SAME_TEXT:
                looks = f" It reads like option '{other.option_id}'."
            decide = (
                f"The value {value.raw} of '{self._id}' is labelled '{label}' now; it stood for "
                f"'{option.label_nl}' ({option.option_id}).{looks} Which option is it?"
            )
        key = self._id, normalise_label(value.raw)
        row = self._copied.get(key)
        if row is None and decide:
            row = _code(self._context, self._id, value.raw, option.option_id)
        if row is not None:
            self._copied[key] = replace(row, decide=decide, score=score_text(own))

    def _uncoded(self, value: FormValue) -> list[DraftRow]:
        context, question_id = self._context, self._id
        texts = _texts(value)
        if self._boxes:
            return [self._mark(value, texts)]
        if self._type == "number":
            return self._number(value, texts)
        score, option = best_option(texts, self._options)
        if option is not None and score >= LEAST_TEXT:
            return self._existing(value, option, score)
        if reason := missing_reason(texts):
            return [_code(context, question_id, value.raw, "", reason)]
        if not texts:
            times = "" if value.count is None else f" (in {value.count} cells)"
            decide = (
                f"The value '{value.raw}' of '{question_id}'{times} has no code and no label. "
                "Skipped, it is rejected; or fill option_id or missing_reason, and set action to "
                "add."
            )
            return [replace(_code(context, question_id, value.raw, ""), decide=decide, action=SKIP)]
        where = f"value {value.raw}" if value.texts else "a new answer"
        row = new_option(context, question_id, texts, self._unknown, where, self._taken)
        self._taken.add(row.values["option_id"])
        return [row, _code(context, question_id, value.raw, row.values["option_id"])]

    def _existing(self, value: FormValue, option: Option, score: float) -> list[DraftRow]:
        self._found.add(option.option_id)
        row = _code(self._context, self._id, value.raw, option.option_id)
        label = next(iter(_texts(value).values()))
        decide = ""
        if score < SAME_TEXT:
            decide = (
                f"The value '{value.raw}' ({label}) of '{self._id}' seems to be "
                f"'{option.label_nl}'. Is it option '{option.option_id}'?"
            )
        rows = [replace(row, decide=decide, score=score_text(score))]
        if not self._context.offered(option):
            rows.append(self._reopened(option, label))
        return rows

    def _reopened(self, option: Option, label: str) -> DraftRow:
        values = next(
            row
            for row in self._context.rows("options")
            if (row["question_id"], row["option_id"]) == (self._id, option.option_id)
        )
        return DraftRow(
            "options",
            f"reopen {self._id}/{option.option_id}",
            {**values, "last_wave": ""},
            CHANGE,
            f"'{label}' of '{self._id}' is answered again, and had ended in {option.last_wave}. "
            "Is it the same option?",
        )

    def _mark(self, value: FormValue, texts: Mapping[str, str]) -> DraftRow:
        ticked = tick_mark(value.raw, texts)
        labels = [
            label
            for each in self._columns
            if (option := self._context.options.get((self._id, each.option_id)))
            for label in (option.label_nl, option.label_en)
        ]
        if any(label_score(t, label) >= SAME_TEXT for t in texts.values() for label in labels):
            ticked = True
        row = _code(
            self._context,
            self._id,
            value.raw,
            "selected" if ticked else "",
            "not_selected" if ticked is False else "",
        )
        if ticked is None:
            return replace(
                row,
                decide=f"The boxes of '{self._id}' hold '{value.raw}'. Ticked (option_id selected) "
                "or not (missing_reason not_selected)?",
            )
        return row

    def _number(self, value: FormValue, texts: Mapping[str, str]) -> list[DraftRow]:
        if not value.texts:
            return []
        reason = missing_reason(texts)
        row = _code(self._context, self._id, value.raw, "", reason)
        if reason:
            return [row]
        label = next(iter(texts.values()))
        return [
            replace(
                row,
                decide=f"'{self._id}' is a number, and {value.raw} is labelled '{label}'. A "
                "missing answer (fill missing_reason), or a number (set action to skip)?",
            )
        ]

    def _no_longer_offered(self, values: Sequence[FormValue]) -> list[DraftRow]:
        present = {normalise_label(value.raw) for value in values}
        rows = []
        for option in self._options:
            coded = [
                raw
                for raw, code in self._codes.items()
                if code.option_id == option.option_id and code.question_id == self._id
            ]
            gone = coded and not present.intersection(coded)
            is_known = option.option_id in self._found or option.is_missing
            if gone and not is_known and self._context.offered(option):
                rows.append(
                    end_option(
                        self._context,
                        self._id,
                        option.option_id,
                        decide=f"'{option.label_nl}' ({option.option_id}) of '{self._id}' is not "
                        f"among the labels of {self._context.wave}. Was it dropped? If it is "
                        "still offered, set action to skip.",
                    )
                )
        return rows


def _new_question(
    context: Context, columns: Sequence[Mapped], values: Sequence[FormValue], unknown: str
) -> list[DraftRow]:
    question_id = columns[0].question_id
    if any(each.option_id for each in columns):
        rows = []
        for value in values:
            ticked = tick_mark(value.raw, value.texts)
            if ticked is not None:
                reason = "" if ticked else "not_selected"
                chosen = "selected" if ticked else ""
                rows.append(_code(context, question_id, value.raw, chosen, reason))
        return rows
    column = columns[0].column
    labelled = [value for value in values if value.texts]
    is_choice = column.answer_type == "single" or len(labelled) > 1
    if not is_choice and (column.is_number or not values or column.answer_type):
        return []
    few = column.n_distinct is None or len(values) <= _MOST_UNKNOWN
    scale = {
        normalise_label(label): option
        for option in common_scale(context, values)
        for label in (option.label_nl, option.label_en)
    }
    rows = []
    taken: set[str] = set()
    for place, value in enumerate(values if few else labelled, start=1):
        texts = _texts(value) or {unknown: value.raw}
        reason = missing_reason(texts)
        if reason == "no_answer":
            if (
                context.codes_of(question_id, context.source).get(normalise_label(value.raw))
                is None
            ):
                rows.append(_code(context, question_id, value.raw, "", reason))
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
        rows.append(_code(context, question_id, value.raw, cells["option_id"]))
    return rows


def draft_breaks(
    context: Context, rows: Sequence[DraftRow], reworded: Iterable[str]
) -> list[DraftRow]:
    """Ask, for every existing question that changes, whether answers still compare."""
    changes: dict[str, list[str]] = {
        question_id: ["with another wording"] for question_id in reworded
    }
    for row in rows:
        question = context.questions.get(row.values.get("question_id", ""))
        if row.table != "options" or question is None:
            continue
        sign = "without" if row.draft.startswith("end ") else "with"
        changes.setdefault(question.question_id, []).append(f"{sign} '{row.values['label_nl']}'")
    drafted = []
    for question_id, what in changes.items():
        values = {"question_id": question_id, "wave": context.wave}
        drafted.append(
            DraftRow(
                "comparability_breaks",
                f"break {question_id}",
                values,
                SKIP,
                f"'{question_id}' is asked {', '.join(what)}. Do its answers compare with those "
                f"before {context.wave}? If not, set action to add and fill both notes.",
            )
        )
    return drafted
