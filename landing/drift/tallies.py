"""How often each option of each question was chosen in one export, by the registry's codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow.compute as pc

from barometer.labels import normalise_label
from barometer.registry import Registry
from barometer.registry_records import Code, Question
from landing.checks.answers import marks_in
from landing.checks.rows import numbers
from landing.checks.subject import ColumnUse
from landing.drift.encoded import EncodedColumn, Rows, count

CODED_TYPES = ("single", "multiple", "scale")
_SELECTED = "selected"


@dataclass
class Tally:
    """The answers to one question.

    Attributes:
        question: the question.
        rows_of: per option, which rows chose it; options of a missing kind included.
        unknown: values without a code, as spelled, and how often they occur.
        numbers: the numbers answered and how often, of a number question.
        answered: which rows gave an answer of any kind that is not missing.
    """

    question: Question
    rows_of: dict[str, Rows] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    numbers: dict[float, int] = field(default_factory=dict)
    answered: Rows = None

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of rows per option."""
        return {option: count(rows) for option, rows in self.rows_of.items()}

    def base(self, options: Iterable[str]) -> int:
        """Return the number of rows that chose any of the options."""
        chosen = None
        for option in options:
            if option in self.rows_of:
                chosen = _either(chosen, self.rows_of[option])
        return 0 if chosen is None else count(chosen)


class Tallies:
    """The tallies of one export, filled column by column."""

    def __init__(self, registry: Registry, wave: str) -> None:
        self.by_question: dict[str, Tally] = {}
        self._registry = registry
        self._wave = wave
        self._questions = {question.question_id: question for question in registry.questions}
        self._codes: dict[str, dict[str, Code]] = {}
        self._missing = {
            (option.question_id, option.option_id)
            for option in registry.options
            if option.is_missing
        }

    def add(self, use: ColumnUse, cells: EncodedColumn) -> None:
        """Count one answer column."""
        question = self._questions.get(use.mapping.question_id or "")
        if use.mapping.role != "answer" or question is None:
            return
        tally = self.by_question.setdefault(question.question_id, Tally(question))
        if question.question_id not in self._codes:
            self._codes[question.question_id] = codes_for(
                self._registry, question.question_id, self._wave
            )
        codes = self._codes[question.question_id]
        options = [self._options(use, value, codes, tally) for value in cells.values]
        for option in dict.fromkeys(option for found in options for option in found):
            rows = cells.rows_with([option in found for found in options])
            tally.rows_of[option] = _either(tally.rows_of.get(option), rows)
        if question.answer_type not in CODED_TYPES:
            answered = self._readable(question, cells, codes, tally)
        else:
            answered = [
                any((question.question_id, option) not in self._missing for option in found)
                for found in options
            ]
            _count_unknown(tally, use, cells, codes)
        tally.answered = _either(tally.answered, cells.rows_with(answered))

    def _options(
        self, use: ColumnUse, value: str, codes: dict[str, Code], tally: Tally
    ) -> frozenset[str]:
        found = (codes.get(normalise_label(mark)) for mark in marks_in(use, value, codes))
        options = (code.option_id for code in found if code is not None)
        named = (use.mapping.option_id if option == _SELECTED else option for option in options)
        return frozenset(option for option in named if option)

    def _readable(
        self, question: Question, cells: EncodedColumn, codes: dict[str, Code], tally: Tally
    ) -> list[bool]:
        normalised = [normalise_label(value) for value in cells.values]
        if question.answer_type != "number":
            return [bool(value) and value not in codes for value in normalised]
        as_number = numbers(list(cells.values))
        readable = []
        for value, label, n_cells in zip(cells.values, normalised, cells.counts, strict=True):
            number = None if label in codes else as_number[value]
            readable.append(number is not None)
            if number is not None:
                tally.numbers[number] = tally.numbers.get(number, 0) + n_cells
        return readable


def codes_for(registry: Registry, question_id: str, wave: str) -> dict[str, Code]:
    """Return the codes of a question: its own before general ones, this wave's before all."""
    fitting = [
        code
        for code in registry.codes
        if code.question_id in (None, question_id) and code.wave in (None, wave)
    ]
    fitting.sort(key=lambda code: (code.question_id is not None, code.wave is not None))
    return {normalise_label(code.raw_value): code for code in fitting}


def _count_unknown(
    tally: Tally, use: ColumnUse, cells: EncodedColumn, codes: dict[str, Code]
) -> None:
    for value, n_cells in zip(cells.values, cells.counts, strict=True):
        for mark in marks_in(use, value, codes):
            label = normalise_label(mark)
            if label and label not in codes:
                tally.unknown[mark.strip()] = tally.unknown.get(mark.strip(), 0) + n_cells


def _either(one: Rows, other: Rows) -> Rows:
    return other if one is None else pc.or_(one, other)
