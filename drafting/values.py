"""Drafts codes and options: what the values of the new wave stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from barometer.labels import normalise_label
from drafting.columns import Mapped, end_option, reopened_option
from drafting.context import Context
from drafting.copying import copy_rows
from drafting.draft import SKIP, DraftRow, score_text
from drafting.form import FormValue
from drafting.labels import (
    best_option,
    missing_reason,
    tick_mark,
)
from drafting.matching import LEAST_TEXT, SAME_TEXT
from drafting.options import (
    MOST_OPTIONS,
    code_row,
    is_own_words,
    meaning_of,
    missing_row,
    new_option,
    new_question_values,
)
from drafting.similarity import label_score
from registry.tables.questionnaire import Code, Option

_SAME_OPTION = 80.0
_CODED = ("single", "multiple", "scale")
_WORD = re.compile(r"[^\W\d_]{2,}")


def draft_values(
    context: Context, mapped: Sequence[Mapped], unknown: str
) -> tuple[list[DraftRow], list[str]]:
    """Draft the codes of the wave, and the options that come or go with them."""
    copied = {
        (row.values["question_id"], normalise_label(row.values["raw_value"])): row
        for row in copy_rows(context, "codes")
    }
    added: list[DraftRow] = []
    hidden: dict[str, int] = {}
    by_question: dict[str, list[Mapped]] = {}
    for each in mapped:
        by_question.setdefault(each.question_id, []).append(each)
    for question_id, columns in by_question.items():
        values = _values(columns)
        if columns[0].is_new:
            added.extend(new_question_values(context, columns, values, unknown))
            continue
        answer_type = context.questions[question_id].answer_type
        if answer_type not in (*_CODED, "number"):
            continue
        unlisted = _Question(context, columns, copied, unknown).draft(values, added)
        if unlisted:
            hidden[question_id] = unlisted
    notes = []
    if hidden:
        listed = ", ".join(f"{question} ({count})" for question, count in hidden.items())
        notes.append(
            f"Values without a code or label are not listed where they are many, or may be "
            f"somebody's own words: {listed}. `barometer check` counts them."
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
            merged[key] = FormValue(
                value.raw,
                texts,
                count if value.count is not None else None,
                is_missing=value.is_missing or (before is not None and before.is_missing),
                is_ticked=value.is_ticked,
            )
    return list(merged.values())


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
        self._origin = next((each.origin for each in columns if each.origin), "")
        self._earlier = context.codes_of(self._id, self._origin) if self._origin else {}
        self._taken: set[str] = set()
        self._found: set[str] = set()

    def draft(self, values: Sequence[FormValue], added: list[DraftRow]) -> int:
        """Add rows for the values; return how many are not listed."""
        strange = hidden = 0
        for value in values:
            code = self._codes.get(normalise_label(value.raw))
            if code is not None:
                self._check(value, code.option_id)
                continue
            if self._is_telling(value):
                hidden += 1
                continue
            rows = self._uncoded(value)
            if rows and rows[0].values.get("option_id", "") == "" and rows[0].is_open:
                strange += 1
                if strange > MOST_OPTIONS:
                    continue
            added.extend(rows)
        added.extend(self._never_chosen(values))
        is_complete = sum(bool(value.texts) for value in values) > 1
        if self._type in {"single", "scale"} and is_complete:
            added.extend(self._no_longer_offered(values))
        self._drop_later_options(values)
        if is_complete or self._origin or (self._boxes and self._columns[0].column.is_tick_box):
            self._drop_unknown_codes(values)
        return hidden + max(0, strange - MOST_OPTIONS)

    def _is_telling(self, value: FormValue) -> bool:
        """Whether a value may be somebody's own words, which do not belong in a draft."""
        known = normalise_label(value.raw) in self._earlier or missing_reason(meaning_of(value))
        if known or not is_own_words(value):
            return False
        return best_option(meaning_of(value), self._options)[0] < LEAST_TEXT

    def _drop_unknown_codes(self, values: Sequence[FormValue]) -> None:
        """Leave out codes of values that a complete list of values does not have."""
        present = {normalise_label(value.raw) for value in values}
        for (question_id, raw), row in self._copied.items():
            if question_id == self._id and raw not in present:
                because = f"{row.because}; not a value of {self._context.wave}"
                self._copied[question_id, raw] = replace(row, action=SKIP, because=because)

    def _drop_later_options(self, values: Sequence[FormValue]) -> None:
        """Leave out codes of options that begin after the new wave and that nobody chose in it."""
        present = {normalise_label(value.raw) for value in values}
        for (question_id, raw), row in self._copied.items():
            option = self._context.options.get((question_id, row.values["option_id"]))
            if question_id != self._id or option is None or raw in present:
                continue
            if self._context.begins_later(option):
                because = f"{row.because}; not offered yet in {self._context.wave}"
                self._copied[question_id, raw] = replace(row, action=SKIP, because=because)

    def _check(self, value: FormValue, chosen: str | None) -> None:
        """Compare the label of a known value with the option it stood for."""
        option = self._context.options.get((self._id, chosen or ""))
        if option is None or not value.texts:
            return
        self._found.add(option.option_id)
        own, _ = best_option(value.texts, [option])
        decide = self._other_label(value, option, own)
        key = self._id, normalise_label(value.raw)
        row = self._copied.get(key)
        if row is None and decide:
            row = code_row(self._context, self._id, value.raw, option.option_id)
        if row is not None:
            self._copied[key] = replace(row, decide=decide, score=score_text(own))

    def _other_label(self, value: FormValue, option: Option, own: float) -> str:
        """Ask about a known value whose label is not that of the option it stood for."""
        best, other = best_option(value.texts, self._options)
        if own >= _SAME_OPTION and (best < SAME_TEXT or own >= SAME_TEXT):
            return ""
        looks = ""
        if other is not None and other is not option and best >= SAME_TEXT:
            looks = f" It reads like option '{other.option_id}'."
        return (
            f"The value {value.raw} of '{self._id}' is labelled "
            f"'{next(iter(value.texts.values()))}' now; it stood for '{option.label_nl}' "
            f"({option.option_id}).{looks} Which option is it?"
        )

    def _uncoded(self, value: FormValue) -> list[DraftRow]:
        context, question_id = self._context, self._id
        texts = meaning_of(value)
        earlier = self._earlier.get(normalise_label(value.raw))
        if earlier is not None:
            return self._as_before(earlier, value)
        if self._boxes and not (value.is_missing and value.is_ticked is None):
            return [self._mark(value, texts)]
        if self._type == "number":
            return self._number(value, texts)
        score, option = best_option(texts, self._options)
        if option is not None and score >= LEAST_TEXT:
            return self._existing(value, option, score)
        if reason := missing_reason(texts):
            return [code_row(context, question_id, value.raw, "", reason)]
        if value.is_missing:
            return [missing_row(context, question_id, value)]
        if not texts:
            times = (
                ""
                if value.count is None
                else f" (in {value.count} cell{'' if value.count == 1 else 's'})"
            )
            decide = (
                f"The value '{value.raw}' of '{question_id}'{times} has no code and no label. "
                "Skipped, it is rejected; or fill option_id or missing_reason, and set action to "
                "add."
            )
            return [
                replace(code_row(context, question_id, value.raw, ""), decide=decide, action=SKIP)
            ]
        where = f"value {value.raw}" if value.texts else "a new answer"
        row = new_option(context, question_id, texts, self._unknown, where, self._taken)
        self._taken.add(row.values["option_id"])
        return [row, code_row(context, question_id, value.raw, row.values["option_id"])]

    def _as_before(self, code: Code, value: FormValue | None = None) -> list[DraftRow]:
        """Take over what the value stood for in the wave that had the same column."""
        option_id, reason = code.option_id or "", code.missing_reason or ""
        row = code_row(self._context, self._id, code.raw_value, option_id, reason)
        rows = [replace(row, because=f"code of {self._origin}")]
        option = self._context.options.get((self._id, code.option_id or ""))
        if option is not None:
            self._found.add(option.option_id)
            if value is not None and value.texts:
                own, _ = best_option(value.texts, [option])
                decide = self._other_label(value, option, own)
                rows[0] = replace(rows[0], decide=decide, score=score_text(own))
            if self._context.has_ended(option):
                rows.append(self._reopened(option, option.label_nl))
        return rows

    def _never_chosen(self, values: Sequence[FormValue]) -> list[DraftRow]:
        """Take over codes of values that nobody gave, so that the next version may hold them."""
        present = {normalise_label(value.raw) for value in values}
        rows = []
        for raw, code in self._earlier.items():
            own = code.wave == self._origin and code.question_id == self._id
            option = self._context.options.get((self._id, code.option_id or ""))
            ended = option is not None and not self._context.offered(option)
            if own and not ended and raw not in present and raw not in self._codes:
                rows.extend(self._as_before(code))
        return rows

    def _existing(self, value: FormValue, option: Option, score: float) -> list[DraftRow]:
        self._found.add(option.option_id)
        row = code_row(self._context, self._id, value.raw, option.option_id)
        label = next(iter(meaning_of(value).values()))
        decide = ""
        if score < SAME_TEXT:
            decide = (
                f"The value '{value.raw}' ({label}) of '{self._id}' seems to be "
                f"'{option.label_nl}'. Is it option '{option.option_id}'?"
            )
        rows = [replace(row, decide=decide, score=score_text(score))]
        if self._context.has_ended(option):
            rows.append(self._reopened(option, label))
        return rows

    def _reopened(self, option: Option, label: str) -> DraftRow:
        return reopened_option(self._context, self._id, option.option_id, f"The answer '{label}'")

    def _mark(self, value: FormValue, texts: Mapping[str, str]) -> DraftRow:
        ticked = value.is_ticked
        if ticked is None:
            ticked = tick_mark(value.raw, texts)
        labels = [
            label
            for each in self._columns
            if (option := self._context.options.get((self._id, each.option_id)))
            for label in (option.label_nl, option.label_en)
        ]
        if value.is_ticked is None and any(
            label_score(t, label) >= SAME_TEXT for t in texts.values() for label in labels
        ):
            ticked = True
        row = code_row(
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
        reason = missing_reason(texts)
        row = code_row(self._context, self._id, value.raw, "", reason)
        if reason:
            return [row]
        if value.is_missing:
            return [missing_row(self._context, self._id, value)]
        if not value.texts:
            return []
        label = next(iter(texts.values()))
        return [
            replace(
                row,
                decide=f"'{self._id}' is a number, and {value.raw} is labelled '{label}'. A "
                "missing answer (fill missing_reason), or a number (set action to skip)?",
            )
        ]

    def _is_first(self) -> bool:
        return self._context.asked_waves(self._id)[:1] > (self._context.wave,)

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
                decide = (
                    f"'{option.label_nl}' ({option.option_id}) of '{self._id}' is not among the "
                    f"labels of {self._context.wave}. Was it {{}}? If it was offered, set action "
                    "to skip."
                ).format("not there yet" if self._is_first() else "dropped")
                rows.extend(end_option(self._context, self._id, option.option_id, decide))
        return rows
