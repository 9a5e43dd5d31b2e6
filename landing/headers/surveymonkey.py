"""SurveyMonkey: a row of questions, each over its first column only, and a row of options."""

from __future__ import annotations

import re
from collections.abc import Sequence

from barometer.labels import collapse_white_space
from landing.findings.errors import LandingError
from landing.headers.model import Header, HeaderColumn, HeaderRow, folded, without_repeats

TOOL = "surveymonkey"

# What the second row says under a question with one column, in the language of the account.
_ANSWER_ITSELF = frozenset(
    {
        *("response", "open-ended response"),
        *("antwoord", "open antwoord", "open-einde antwoord", "reactie", "respons"),
        *("antwort", "beantwortung", "offene antwort", "offene beantwortung", "freie antwort"),
        *("réponse", "réponse ouverte", "réponse libre"),
    }
)
# `Other (please specify)`, and how other languages ask for it.
_OTHER = re.compile(
    r"(other|anders|overige?|andere[rs]?|sonstige[rs]?|autres?)\b.*"
    r"(specify|toelicht|specificeer|specificeren|namelijk|angeben|angabe|préciser|précisez).*"
)
_RESPONDENT = re.compile(
    r"(respondent|collector|verzamelaar|befragten|teilnehmer|kollektor)[ -]?id"
    r"|(id|identifiant)[ -](van )?(de |du |des )?(respondent|répondants?|collecteur|collector)"
)


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
        place for place, question in enumerate(questions) if _RESPONDENT.fullmatch(folded(question))
    ]
    if respondent:
        return not any(folded(options[place]) for place in respondent)
    gaps = [
        place
        for place, (question, option) in enumerate(zip(questions, options, strict=True))
        if not folded(question) and folded(option)
    ]
    words = any(folded(option) in _ANSWER_ITSELF or _is_other(option) for option in options)
    return bool(gaps) and (words or _answers_repeat_options(rows, gaps))


def _is_other(option: str | None) -> bool:
    return _OTHER.fullmatch(folded(option)) is not None


def _answers_repeat_options(rows: Sequence[HeaderRow], gaps: Sequence[int]) -> bool:
    """Tell, in any language, by answers that are the option above them or nothing.

    The first column is the respondent's, who is in every row but the one of options.
    """
    if folded(rows[1][0]) or not all(folded(row[0]) for row in (rows[0], *rows[2:])):
        return False
    cells = [
        (rows[1][place], row[place]) for row in rows[2:] for place in gaps if folded(row[place])
    ]
    return bool(cells) and all(option == cell for option, cell in cells)


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
