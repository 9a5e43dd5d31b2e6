"""LimeSurvey: headings are codes, texts, or both, by choice of whoever exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from landing.headers.model import (
    ANSWER,
    TIMING,
    Header,
    HeaderColumn,
    HeaderRow,
    folded,
    without_repeats,
)

TOOL = "limesurvey"

_CODE = r"[A-Za-z][A-Za-z0-9_-]*(?:\[[^\[\]]*\])*"
# Between code and text, the one that leaves no doubt first; the tool lets one choose it.
_SEPARATORS = ("._.", ". ")
_BOTH = {
    separator: re.compile(rf"({_CODE}){re.escape(separator.rstrip())}(?:{tail}|$)(.*)", re.DOTALL)
    for separator, tail in (("._.", ""), (". ", r"\s"))
}
_CODE_ONLY = re.compile(_CODE)
_PARTS = re.compile(r"\[([^\[\]]*)\]")

# Without `id` and `token`, too plain to tell a tool by.
_SYSTEM_CODES = frozenset(
    {
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "startdate",
        "datestamp",
        "ipaddr",
        "refurl",
    }
)
_SYSTEM_TEXTS = frozenset(
    {
        "response id",
        "date submitted",
        "last page",
        "start language",
        "date started",
        "date last action",
        "antwoord id",
        "antwoord-id",
        "datum ingediend",
        "datum ingezonden",
        "laatste pagina",
        "starttaal",
        "begintaal",
        "antwort id",
        "antwort-id",
        "datum abgeschickt",
        "letzte seite",
        "start-sprache",
    }
)
_TIMING_CODES = re.compile(r"(interviewtime|groupTime\d+|\d+X\d+X?\w*[Tt]ime)")
_TIMING_SUFFIX = re.compile(r"[Tt]ime")
_TIMING_TEXTS = re.compile(r"(total time|group time: .*|question time: .*)")
_FEWEST = 2


@dataclass(frozen=True)
class LimeSurveyCode:
    """A column code taken apart.

    Attributes:
        question: code of the question.
        parts: subquestion codes in brackets; two for arrays of numbers or texts and dual scales.
        is_other: the free text beside the option "other".
        is_comment: the free text beside an option or question.
    """

    question: str
    parts: tuple[str, ...] = ()
    is_other: bool = False
    is_comment: bool = False


def parse_code(code: str) -> LimeSurveyCode:
    """Take a column code apart: `q[SQ001]`, `q[other]`, `q[SQ001comment]`, `q[SQ001][1]`.

    The columns of a ranking are `q[1]`, `q[2]` and so on, by rank. Nothing in the header tells
    them from an option with a number for code: the registry says what they are.
    """
    question, bracket, _ = code.partition("[")
    parts = tuple(_PARTS.findall(code)) if bracket else ()
    last = parts[-1] if parts else ""
    is_comment = last.endswith("comment")
    return LimeSurveyCode(
        question, parts, is_other=last in ("other", "othercomment"), is_comment=is_comment
    )


def recognise(rows: Sequence[HeaderRow]) -> bool:
    """Tell by a code before every text, or by the columns that only this tool adds."""
    names = [cell for cell in rows[0] if folded(cell)]
    if _separator(names, least_share=1.0):
        return True
    codes = sum(folded(name) in _SYSTEM_CODES for name in names)
    texts = sum(folded(name) in _SYSTEM_TEXTS for name in names)
    return max(codes, texts) >= _FEWEST


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Take the code as the name and the text as the label; a text alone is the name.

    Two questions of one text get numbers; two of one code do not, as no export has them.
    """
    cells = [(cell or "").lstrip("\ufeff") for cell in rows[0]]
    separator = _separator([cell for cell in cells if folded(cell)], least_share=0.5)
    if separator:
        columns = [_split(cell, separator) for cell in cells]
    else:
        columns = [HeaderColumn(cell) for cell in cells]
    codes = {column.name for column in columns}
    columns = [replace(column, kind=_kind(column.name, codes)) for column in columns]
    only_codes = separator or all(
        _CODE_ONLY.fullmatch(cell.strip()) for cell in cells if folded(cell)
    )
    return Header(tuple(columns) if only_codes else without_repeats(columns), 1, TOOL)


def _separator(names: Sequence[str | None], *, least_share: float) -> str:
    """Return what stands between codes and texts in enough of the headings; else nothing."""
    if len(names) < _FEWEST:
        return ""
    for separator in _SEPARATORS:
        matches = sum(bool(_BOTH[separator].match(name or "")) for name in names)
        if matches >= least_share * len(names):
            return separator
    return ""


def _split(cell: str, separator: str) -> HeaderColumn:
    found = _BOTH[separator].match(cell)
    if found is None:
        return HeaderColumn(cell)
    return HeaderColumn(found.group(1), found.group(2) or None)


def _kind(name: str, codes: set[str]) -> str:
    """Return `timing` for the clock of the interview, a group, or a question of this file."""
    if _TIMING_CODES.fullmatch(name) or _TIMING_TEXTS.fullmatch(folded(name)):
        return TIMING
    base = name[: -len("Time")]
    questions = {parse_code(code).question for code in codes}
    is_clock = _TIMING_SUFFIX.fullmatch(name[-len("Time") :]) and base in questions
    return TIMING if is_clock else ANSWER
