"""Answers: which values the registry can interpret, and which options nobody chose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from barometer.labels import normalise_label
from barometer.multi_select import split_values
from barometer.numerals import is_ambiguous
from landing.checks.codes import codes_for
from landing.checks.rows import numbers, timestamps
from landing.checks.subject import ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding, Severity
from landing.findings.limits import Rules
from registry.rules.columns import VERSIONED_TYPES
from registry.tables.questionnaire import Code, Question

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
        n_answers: number of answers, interpreted or not; of a text they are not counted.
        unknown: number of cells per value that it does not, as first spelled in the file.
        options: options that occur.
    """

    use: ColumnUse
    question: Question
    n_known: int
    n_answers: int
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
    rules = Rules(subject.registry)
    by_question: dict[str, list[ColumnAnswers]] = {}
    for column in answers:
        by_question.setdefault(column.question.question_id, []).append(column)
    findings = [
        finding
        for columns in by_question.values()
        for finding in (
            *_unknown_findings(subject, rules, columns),
            *_twice_findings(subject, rules, columns),
        )
    ]
    return findings + _blank(rules, by_question) + _unused_options(subject, answers)


def _blank(rules: Rules, by_question: dict[str, list[ColumnAnswers]]) -> list[Finding]:
    """Report questions that nobody answers; a file without any answer has other troubles."""
    blank = {
        question: columns
        for question, columns in by_question.items()
        if not any(column.n_answers or column.n_known for column in columns)
    }
    if len(blank) == len(by_question):
        return []
    return [
        rules.finding(
            "question_blank",
            f"Nobody answers {question}.",
            where="column " + and_more([f"'{column.use.column.name}'" for column in columns]),
            expected="answers, as the other questions have",
            remedy="Export with this question; where it was not asked, drop its rows from "
            "columns.csv.",
        )
        for question, columns in blank.items()
    ]


def _column_answers(
    subject: Subject, use: ColumnUse, question: Question, codes: dict[str, Code]
) -> ColumnAnswers:
    cells = subject.table.cells
    if question.answer_type == "text":
        # Every text is an answer, and there may be as many as there are rows.
        n_texts = cells.distinct_count(cells.cell(use.column.position))
        return ColumnAnswers(use, question, n_texts, 0, {}, frozenset())
    raw = cells.value_counts(use.column.position)
    counts: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for cell, count in raw.items():
        marks = values_in(use, cell, codes)
        for mark in marks:
            value = normalise_label(mark)
            if value:
                counts[value] = counts.get(value, 0) + count
                spelling.setdefault(value, mark.strip())
    uncoded = [value for value in counts if value not in codes]
    readable = _readable(question, uncoded, spelling, subject)
    known = {value for value in counts if value in codes or value in readable}
    unknown = {spelling[v]: count for v, count in counts.items() if v not in known}
    options = {codes[value].option_id for value in known if value in codes}
    if _SELECTED in options:
        options.add(use.mapping.option_id)
    chosen = frozenset(option for option in options if option)
    return ColumnAnswers(use, question, len(known), sum(counts.values()), unknown, chosen)


def values_in(use: ColumnUse, cell: str, codes: Collection[str]) -> list[str]:
    """Return the answers in a cell: one, or several where the registry names a separator."""
    separator = use.mapping.separator
    return split_values(cell, separator, codes) if separator else [cell]


def _readable(
    question: Question, values: list[str], spelling: dict[str, str], subject: Subject
) -> set[str]:
    """Return the values without a code that the answer type itself can read."""
    if question.answer_type == "number":
        as_number = numbers([spelling[value] for value in values], subject.decimal_sign)
        return {value for value in values if as_number[spelling[value]] is not None}
    if question.answer_type == "date":
        as_moment = timestamps([spelling[value] for value in values], subject.date_order)
        return {value for value in values if as_moment[spelling[value]] is not None}
    return set()


def _unknown_findings(
    subject: Subject, rules: Rules, columns: list[ColumnAnswers]
) -> list[Finding]:
    """Report what nobody can interpret, column by column, judged for the question as a whole."""
    n_unknown = sum(sum(column.unknown.values()) for column in columns)
    if not n_unknown:
        return []
    share = n_unknown / sum(column.n_answers for column in columns)
    is_coded = columns[0].question.answer_type in _CODED_TYPES
    rule = "code_unmapped" if is_coded else "answer_unreadable"
    severity = rules.graded(rule, share)
    if n_unknown < rules.value("answer_minimum"):
        # Of few answers one is a large share, and still one slip of the pen.
        severity = rules.severity(rule)
    limit = rules.limit(rule)
    return [
        _unknown(subject, column, severity, f"{share:.1%} of all answers to it", limit)
        for column in columns
        if column.unknown
    ]


def _twice_findings(subject: Subject, rules: Rules, columns: list[ColumnAnswers]) -> list[Finding]:
    """Report who answered more than one version of a question, a column each."""
    question = columns[0].question
    if len(columns) < 2 or question.answer_type not in VERSIONED_TYPES:
        return []
    cells = subject.table.cells
    filled = " + ".join(
        f"(trim(coalesce({cells.cell(column.use.column.position)}, '')) <> '')::int"
        for column in columns
    )
    ((n_twice, n_once),) = cells.fetch(f"count_if({filled} > 1), count_if({filled} > 0)")
    if not n_twice:
        return []
    share = n_twice / n_once
    return [
        Finding(
            rules.graded("answered_twice", share),
            "answered_twice",
            f"{n_twice} of {n_once} response(s) to {question.question_id} ({share:.1%}) answer "
            "more than one of its versions; these answers will be rejected.",
            where="columns " + and_more([f"'{c.use.column.name}'" for c in columns]),
            expected="one version of the question per response" + rules.limit("answered_twice"),
            remedy="Correct columns.csv where the columns are different questions.",
        )
    ]


def _unknown(
    subject: Subject, column: ColumnAnswers, severity: Severity, share: str, limit: str
) -> Finding:
    cells = sum(column.unknown.values())
    question = column.question
    is_coded = question.answer_type in _CODED_TYPES
    consequence = (
        "these are too many to be rejected one by one"
        if severity == "error"
        else "they will be rejected"
    )
    what = "have no code in the registry" if is_coded else f"are not a {question.answer_type}"
    values = ""
    if column.use.column.position not in subject.personal_positions:
        ranked = sorted(column.unknown.items(), key=lambda item: (-item[1], item[0]))
        values = ": " + and_more(
            [f"{shown(value)} ({count}×)" for value, count in ranked], _SHOWN_CODES
        )
    remedy = "Add the values to codes.csv, or correct the export settings."
    if question.answer_type == "number" and any(map(is_ambiguous, column.unknown)):
        remedy += (
            " A number like 1.513 or 1,513 may be a thousand or one and a bit: export it as 1513, "
            "or as 1.5130, or state `decimal_sign` in deliveries.csv."
        )
    return Finding(
        severity,
        "code_unmapped" if is_coded else f"{question.answer_type}_unreadable",
        f"{cells} answer(s) to {question.question_id} in {len(column.unknown)} distinct value(s) "
        f"{what} ({share}); {consequence}.",
        where=f"column '{column.use.column.name}'{values}",
        where_unquoted=f"column '{column.use.column.name}'",
        expected=(
            f"values listed in codes.csv for {question.question_id}"
            if is_coded
            else f"a {question.answer_type}, or a missing code listed in codes.csv"
        )
        + limit,
        remedy=remedy,
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
