"""Numbers that no answer to their question can be: below its minimum or above its maximum."""

from __future__ import annotations

from barometer.labels import normalise_label
from landing.checks.codes import codes_for
from landing.checks.rows import numbers
from landing.checks.subject import SHOWN, ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from registry.tables.questionnaire import Question


def range_findings(subject: Subject) -> list[Finding]:
    """Report numbers outside the range that the registry gives their question."""
    bounded = {
        question.question_id: question
        for question in subject.registry.questions
        if question.answer_type == "number"
        and (question.minimum is not None or question.maximum is not None)
    }
    return [
        finding
        for use in subject.uses
        if use.mapping.role == "answer" and use.mapping.question_id in bounded
        for finding in _outside(subject, use, bounded[use.mapping.question_id])
    ]


def _outside(subject: Subject, use: ColumnUse, question: Question) -> list[Finding]:
    codes = codes_for(subject.registry, question.question_id, subject.wave.wave)
    doubtful = _doubtful(subject, use, question)
    read = numbers([t for t in doubtful if normalise_label(t) not in codes], subject.decimal_sign)
    outside = [
        text
        for text, number in read.items()
        if number is not None and not _is_within(question, number)
    ]
    if not outside:
        return []
    rows, rules = subject.table.cells, Rules(subject.registry)
    cell = rows.cell(use.column.position)
    n_outside = sum(doubtful[text] for text in outside)
    ((n_filled,),) = rows.fetch(f"count(nullif(trim({cell}), ''))")
    first = rows.workspace.connection.execute(
        f"select {rows.row_number}, {cell} {rows.source} and list_contains(?, {cell}) "
        f"order by rowid limit {SHOWN}",
        [outside],
    ).fetchall()
    is_personal = use.column.position in subject.personal_positions
    places = [f"data row {number}" for number, _ in first]
    listed = (
        places
        if is_personal
        else [f"{shown(text)} in {at}" for (_, text), at in zip(first, places, strict=True)]
    )
    severity = rules.graded("answer_out_of_range", n_outside / n_filled)
    if severity == "error" and n_outside < rules.value("answer_minimum"):
        severity = rules.severity("answer_out_of_range")
    return [
        Finding(
            severity,
            "answer_out_of_range",
            f"{n_outside:,} of {n_filled:,} answers to {question.question_id} "
            f"({n_outside / n_filled:.1%}) are numbers that the question does not allow; they will "
            "be rejected.",
            where=f"column '{use.column.name}': " + and_more(listed, total=n_outside),
            where_unquoted=f"column '{use.column.name}': " + and_more(places, total=n_outside),
            expected=f"{_described(question)}{rules.limit('answer_out_of_range')}",
            remedy="Correct the export, or minimum and maximum in questions.csv; a number that "
            "stands for no answer belongs in codes.csv.",
        )
    ]


def _doubtful(subject: Subject, use: ColumnUse, question: Question) -> dict[str, int]:
    """Return the texts of a column that are not plainly numbers within the range."""
    rows = subject.table.cells
    if subject.decimal_sign is not None:
        return rows.value_counts(use.column.position)
    cell = rows.cell(use.column.position)
    plain = f"try_cast(trim({cell}) as double)"
    tests = [f"{plain} is null"]
    tests += [
        f"{plain} {sign} {bound}"
        for sign, bound in (("<", question.minimum), (">", question.maximum))
        if bound is not None
    ]
    return dict(
        rows.fetch(
            f"{cell}, count(*)",
            f"and trim({cell}) <> '' and ({' or '.join(tests)}) group by 1 order by min(rowid)",
        )
    )


def _is_within(question: Question, number: float) -> bool:
    above = question.minimum is None or number >= question.minimum
    return above and (question.maximum is None or number <= question.maximum)


def _described(question: Question) -> str:
    lowest = "" if question.minimum is None else f"at least {question.minimum:,g}"
    highest = "" if question.maximum is None else f"at most {question.maximum:,g}"
    return " and ".join(bound for bound in (lowest, highest) if bound)
