"""Answers: which values the registry can interpret, and which options nobody chose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from barometer.labels import normalise_label
from barometer.multi_select import split_marks
from barometer.registry_records import Code, Question
from landing.checks.rows import numbers, timestamps
from landing.checks.subject import ColumnUse, Subject, and_more, shown
from landing.codes import codes_for
from landing.findings import Finding

_CODED_TYPES = ("single", "multiple", "scale")
_SELECTED = "selected"
_SHOWN_CODES = 10


@dataclass(frozen=True)
class ColumnAnswers:
    """What one answer column holds.

    Attributes:
        use: the column and its registry row.
        question: the question it answers.
        n_known: number of distinct values that the registry interprets.
        unknown: number of cells per value that it does not, as first spelled in the file.
        options: options that occur.
    """

    use: ColumnUse
    question: Question
    n_known: int
    unknown: dict[str, int]
    options: frozenset[str]


def read_answers(subject: Subject) -> list[ColumnAnswers]:
    """Interpret every answer column by its codes, numbers or dates."""
    questions = {question.question_id: question for question in subject.registry.questions}
    codes_of: dict[str, dict[str, Code]] = {}
    answers = []
    for use in subject.uses:
        question = questions.get(use.mapping.question_id or "")
        if use.mapping.role != "answer" or question is None:
            continue
        question_id = question.question_id
        if question_id not in codes_of:
            codes_of[question_id] = codes_for(subject.registry, question_id, subject.wave.wave)
        answers.append(_column_answers(subject, use, question, codes_of[question_id]))
    return answers


def answer_findings(subject: Subject, answers: list[ColumnAnswers]) -> list[Finding]:
    """Report values without meaning and options without answers."""
    findings = [_unknown(subject, column) for column in answers if column.unknown]
    return findings + _unused_options(subject, answers)


def _column_answers(
    subject: Subject, use: ColumnUse, question: Question, codes: dict[str, Code]
) -> ColumnAnswers:
    cells = subject.table.cells
    if question.answer_type == "text":
        # Every text is an answer, and there may be as many as there are rows.
        n_texts = cells.distinct_count(cells.cell(use.column.position))
        return ColumnAnswers(use, question, n_texts, {}, frozenset())
    raw = cells.value_counts(use.column.position)
    counts: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for cell, count in raw.items():
        marks = marks_in(use, cell, codes)
        for mark in marks:
            value = normalise_label(mark)
            if value:
                counts[value] = counts.get(value, 0) + count
                spelling.setdefault(value, mark.strip())
    uncoded = [value for value in counts if value not in codes]
    readable = _readable(question, uncoded, spelling, subject.date_order)
    known = {value for value in counts if value in codes or value in readable}
    unknown = {spelling[v]: count for v, count in counts.items() if v not in known}
    options = {codes[value].option_id for value in known if value in codes}
    if _SELECTED in options:
        options.add(use.mapping.option_id)
    chosen = frozenset(option for option in options if option)
    return ColumnAnswers(use, question, len(known), unknown, chosen)


def marks_in(use: ColumnUse, cell: str, codes: Collection[str]) -> list[str]:
    """Return the answers in a cell: one, or several where the registry names a separator."""
    separator = use.mapping.separator
    return split_marks(cell, separator, codes) if separator else [cell]


def _readable(
    question: Question, values: list[str], spelling: dict[str, str], date_order: str | None
) -> set[str]:
    """Return the values without a code that the answer type itself can read."""
    if question.answer_type == "number":
        as_number = numbers([spelling[value] for value in values])
        return {value for value in values if as_number[spelling[value]] is not None}
    if question.answer_type == "date":
        as_moment = timestamps([spelling[value] for value in values], date_order)
        return {value for value in values if as_moment[spelling[value]] is not None}
    return set()


def _unknown(subject: Subject, column: ColumnAnswers) -> Finding:
    cells = sum(column.unknown.values())
    question = column.question
    is_coded = question.answer_type in _CODED_TYPES
    what = "have no code in the registry" if is_coded else f"are not a {question.answer_type}"
    values = ""
    if column.use.column.position not in subject.personal_positions:
        ranked = sorted(column.unknown.items(), key=lambda item: (-item[1], item[0]))
        values = ": " + and_more(
            [f"{shown(value)} ({count}×)" for value, count in ranked], _SHOWN_CODES
        )
    return Finding(
        "warning",
        "code_unmapped" if is_coded else f"{question.answer_type}_unreadable",
        f"{cells} answer(s) to {question.question_id} in {len(column.unknown)} distinct value(s) "
        f"{what}; they will be rejected.",
        where=f"column '{column.use.column.name}'{values}",
        expected=f"values listed in codes.csv for {question.question_id}"
        if is_coded
        else f"a {question.answer_type}, or a missing code listed in codes.csv",
        remedy="Add the values to codes.csv, or correct the export settings.",
    )


def _unused_options(subject: Subject, answers: list[ColumnAnswers]) -> list[Finding]:
    seen: dict[str, set[str]] = {}
    for column in answers:
        if column.question.answer_type in _CODED_TYPES:
            seen.setdefault(column.question.question_id, set()).update(column.options)
    wave = subject.wave.wave
    unused: dict[str, list[str]] = {}
    for option in subject.registry.options:
        if option.is_missing or option.option_id in seen.get(
            option.question_id, {option.option_id}
        ):
            continue
        if (option.first_wave or wave) <= wave <= (option.last_wave or wave):
            unused.setdefault(option.question_id, []).append(option.option_id)
    return [
        Finding(
            "information",
            "option_unused",
            f"{len(options)} option(s) of {question_id} were chosen by nobody.",
            where=and_more(options, _SHOWN_CODES),
        )
        for question_id, options in unused.items()
    ]
