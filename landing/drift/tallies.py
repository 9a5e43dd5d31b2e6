"""How often each option of each question was chosen in one export, by the registry's codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from barometer.labels import normalise_label
from landing.checks.answers import values_in
from landing.checks.codes import codes_for
from landing.checks.rows import numbers
from landing.checks.subject import ColumnUse, Subject
from landing.drift.source import Source
from registry.tables.questionnaire import Code, Question

CODED_TYPES = ("single", "multiple", "scale")
_SELECTED = "selected"


@dataclass
class Tally:
    """The answers to one question.

    Attributes:
        question: the question.
        positions: the columns that answer it.
        counts: number of rows per option, options of a missing kind included.
        choices: per option, which values of which columns stand for it.
        unknown: values without a code, as spelled, and how often they occur.
        numbers: the numbers answered and how often, of a number question.
        codes: what the registry says of single values, by their normalised spelling.
    """

    question: Question
    positions: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    choices: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    numbers: dict[float, int] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)

    def meaning(self, options: Iterable[str]) -> dict[int, list[str]]:
        """Return the values, per column, that stand for any of the options."""
        merged: dict[int, dict[str, None]] = {}
        for option in options:
            for position, values in self.choices.get(option, {}).items():
                merged.setdefault(position, {}).update(dict.fromkeys(values))
        return {position: list(values) for position, values in merged.items()}


def tally_answers(
    subject: Subject, source: Source, *, with_numbers: bool = True
) -> dict[str, Tally]:
    """Return the tally of every question that the export answers, counted in its source.

    Numbers have as many values as rows: they are read only where they are compared.
    """
    questions = {question.question_id: question for question in subject.registry.questions}
    tallies: dict[str, Tally] = {}
    for use in subject.uses:
        question = questions.get(use.mapping.question_id or "")
        if use.mapping.role != "answer" or question is None:
            continue
        tally = tallies.get(question.question_id)
        if tally is None:
            codes = codes_for(subject.registry, question.question_id, subject.wave.wave)
            tally = tallies[question.question_id] = Tally(question, codes=codes)
        tally.positions.append(use.column.position)
        if question.answer_type in CODED_TYPES:
            _count_options(tally, use, source.value_counts(use.column.position))
        elif with_numbers and question.answer_type == "number":
            _count_numbers(tally, source.value_counts(use.column.position))
    return tallies


def _count_options(tally: Tally, use: ColumnUse, counts: dict[str, int]) -> None:
    for value, n_cells in counts.items():
        options = set()
        for mark in values_in(use, value, tally.codes):
            label = normalise_label(mark)
            code = tally.codes.get(label)
            if code is not None:
                option = code.option_id
                options.add(use.mapping.option_id if option == _SELECTED else option)
            elif label:
                tally.unknown[mark.strip()] = tally.unknown.get(mark.strip(), 0) + n_cells
        for option in sorted(option for option in options if option):
            tally.counts[option] = tally.counts.get(option, 0) + n_cells
            values = tally.choices.setdefault(option, {}).setdefault(use.column.position, [])
            values.append(value)


def _count_numbers(tally: Tally, counts: dict[str, int]) -> None:
    as_number = numbers([value for value in counts if normalise_label(value) not in tally.codes])
    for value, number in as_number.items():
        if number is not None:
            tally.numbers[number] = tally.numbers.get(number, 0) + counts[value]
