"""LimeSurvey: headings are codes, texts, or both, by choice of whoever exports.

Its VV export has both, a row of each.
"""

from __future__ import annotations

import re
from collections import Counter
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
        "id de la réponse",
        "date de soumission",
        "dernière page",
        "langue de départ",
    }
)
_TIMING_CODES = re.compile(r"(interviewtime|groupTime\d+|\d+X\d+X?\w*[Tt]ime)")
_TIMING_SUFFIX = re.compile(r"[Tt]ime")
_TIMING_TEXTS = re.compile(r"(total time|group time: .*|question time: .*)")
_FEWEST = 2
_OPTION = re.compile(r"\[([^\[\]]+)\]\s*$")
_VV_CODE = re.compile(r"[A-Za-z0-9]\w*")
_NOT_SHOWN = "{question_not_shown}"
# The brace last: it may be part of an answer that looks like one of the others.
_STAND_INS = (
    ("{quote}", '"'),
    ("{tab}", "\t"),
    ("{cr}", "\r"),
    ("{newline}", "\n"),
    ("{lbrace}", "{"),
)


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
    if _is_vv(rows):
        return True
    names = [cell for cell in rows[0] if folded(cell)]
    if _separator(names, least_share=1.0):
        return True
    codes = sum(folded(name) in _SYSTEM_CODES for name in names)
    texts = sum(folded(name) in _SYSTEM_TEXTS for name in names)
    return max(codes, texts) >= _FEWEST


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Take the code as the name and the text as the label; a text alone is the name.

    Two questions of one text get numbers. Where one code stands for several options, their texts
    in brackets tell them apart.
    """
    if _is_vv(rows):
        return _interpret_vv(rows)
    cells = [(cell or "").lstrip("\ufeff") for cell in rows[0]]
    separator = _separator([cell for cell in cells if folded(cell)], least_share=0.5)
    if separator:
        columns = _with_options([_split(cell, separator) for cell in cells])
    else:
        columns = [HeaderColumn(cell) for cell in cells]
    codes = {column.name for column in columns}
    columns = [replace(column, kind=_kind(column.name, codes)) for column in columns]
    only_codes = not separator and all(
        _CODE_ONLY.fullmatch(cell.strip()) for cell in cells if folded(cell)
    )
    return Header(tuple(columns) if only_codes else without_repeats(columns), 1, TOOL)


def _with_options(columns: Sequence[HeaderColumn]) -> list[HeaderColumn]:
    """Add the option to names that occur more than once, from the end of the text."""
    times = Counter(column.name for column in columns)
    return [
        replace(column, name=f"{column.name}[{option[1]}]")
        if times[column.name] > 1 and (option := _OPTION.search(column.label or ""))
        else column
        for column in columns
    ]


def _is_vv(rows: Sequence[HeaderRow]) -> bool:
    """Tell a VV export by its second row: codes alone, those of the tool among them."""
    if len(rows) < 2 or not folded(rows[0][0]):
        return False
    codes = [(cell or "").strip() for cell in rows[1]]
    system = sum(code in _SYSTEM_CODES | {"id", "token"} for code in codes)
    return (
        system >= _FEWEST
        and len(set(codes)) == len(codes)
        and all(_VV_CODE.fullmatch(code) for code in codes)
        # In a row of answers `id` cannot stand below a heading of its own.
        and [folded(cell) for cell in rows[0]] != codes
    )


def _interpret_vv(rows: Sequence[HeaderRow]) -> Header:
    codes = [(cell or "").strip() for cell in rows[1]]
    columns = tuple(
        HeaderColumn(code, (text or "").lstrip("\ufeff") or None, _kind(code, set(codes)))
        for code, text in zip(codes, rows[0], strict=True)
    )
    return Header(columns, 2, TOOL, not_shown=_NOT_SHOWN, stand_ins=_STAND_INS)


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
