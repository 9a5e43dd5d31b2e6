"""SurveyMonkey: a row of questions, each over its first column only, and a row of options."""

from __future__ import annotations

from collections.abc import Sequence

from barometer.labels import collapse_white_space
from landing.findings.errors import LandingError
from landing.headers.model import Header, HeaderColumn, HeaderRow, folded, without_repeats

TOOL = "surveymonkey"

# What the second row says under a question with one column.
_ANSWER_ITSELF = frozenset({"response", "open-ended response"})
_OTHER = "other (please specify)"
_RESPONDENT = frozenset({"respondent id", "respondentid", "collector id", "collectorid"})


def recognise(rows: Sequence[HeaderRow]) -> bool:
    """Tell by the second row: empty under the respondent, or in words only this tool uses.

    A row that might be somebody's answers is not enough: taking it for a header loses them.
    """
    if len(rows) < 3:
        return False
    questions, options = rows[0], rows[1]
    if not any(folded(option) for option in options):
        return False
    respondent = [
        place for place, question in enumerate(questions) if folded(question) in _RESPONDENT
    ]
    if respondent:
        return not any(folded(options[place]) for place in respondent)
    gaps = any(
        not folded(question) and folded(option)
        for question, option in zip(questions, options, strict=True)
    )
    words = sum(folded(option) in _ANSWER_ITSELF | {_OTHER} for option in options)
    return gaps and words > 0


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Carry each question on to the columns right of it; the name is `question [option]`.

    Raises:
        LandingError: there is no second header row.
    """
    if len(rows) < 2:
        raise LandingError(
            "The file has one row; a SurveyMonkey export begins with two header rows.",
            where="header",
            expected="a row of questions, a row of options, then a row per response",
            remedy="Export again, or set `tool` in the deliveries registry to the right one.",
        )
    columns = []
    question = ""
    for cell, option in zip(rows[0], rows[1], strict=True):
        question = cell if cell and collapse_white_space(cell) else question
        columns.append(_column(question, option or ""))
    return Header(without_repeats(columns), 2, TOOL)


def _column(question: str, option: str) -> HeaderColumn:
    if not collapse_white_space(option) or folded(option) in _ANSWER_ITSELF:
        return HeaderColumn(collapse_white_space(question), question or None)
    if not collapse_white_space(question):
        return HeaderColumn(collapse_white_space(option), option)
    return HeaderColumn(
        f"{collapse_white_space(question)} [{collapse_white_space(option)}]",
        f"{question} [{option}]",
    )
