"""Reads a LimeSurvey questionnaire (.lss) as the columns that its export will have."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from barometer.errors import BarometerError
from drafting.form import Form, FormColumn, FormValue

LARGEST_FILE = 50_000_000

_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"\s+")

# One answer per question.
_ONE_CHOICE = frozenset("L!OYG5I")
# One answer per subquestion.
_GRID_CHOICE = frozenset("FHABCE")
_NO_ANSWER = frozenset("X*|")

_FIXED_ANSWERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "Y": (("Y", "Ja", "Yes"), ("N", "Nee", "No")),
    "G": (("F", "Vrouw", "Female"), ("M", "Man", "Male")),
    "C": (("Y", "Ja", "Yes"), ("N", "Nee", "No"), ("U", "Onzeker", "Uncertain")),
    "E": (("I", "Toename", "Increase"), ("S", "Hetzelfde", "Same"), ("D", "Afname", "Decrease")),
    "5": tuple((str(n), str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n), str(n)) for n in range(1, 11)),
}

_OTHER = {"nl": "Anders", "en": "Other"}


class QuestionnaireError(BarometerError):
    """A questionnaire that cannot be read."""


@dataclass
class _Question:
    code: str
    kind: str
    order: tuple[int, int]
    relevance: str
    has_other: bool
    texts: dict[str, str] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)
    answers: list[_Part] = field(default_factory=list)


@dataclass
class _Part:
    code: str
    order: int
    scale: str
    texts: dict[str, str] = field(default_factory=dict)


def read_questionnaire(path: Path) -> Form:
    """Return the columns of the export that this questionnaire gives.

    Raises:
        QuestionnaireError: the file is missing, too large, unsafe, or no LimeSurvey survey.
    """
    root = _root(path)
    languages = tuple(_text(node) for node in root.iterfind("languages/language"))
    tables = _tables(root)
    questions = _questions(tables, languages)
    columns = [
        FormColumn("id", role="response_id"),
        *(FormColumn(n, role=r) for n, r in _OWN_COLUMNS),
    ]
    for question in sorted(questions, key=lambda question: question.order):
        columns.extend(_columns(question, languages))
    return Form(tuple(columns), path.name, languages=languages)


_OWN_COLUMNS = (
    ("submitdate", "submitted_at"),
    ("lastpage", "last_page"),
    ("startlanguage", "ignore"),
    ("seed", "ignore"),
)


def _root(path: Path) -> Element:
    expected = "a LimeSurvey survey structure (.lss), exported with 'Survey structure (.lss)'"
    if not path.is_file():
        raise QuestionnaireError(
            "The questionnaire is not there.",
            where=str(path),
            expected=expected,
            remedy="Correct the path of --questionnaire.",
        )
    if path.stat().st_size > LARGEST_FILE:
        raise QuestionnaireError(
            f"The questionnaire is larger than {LARGEST_FILE // 1_000_000} MB.",
            where=str(path),
            expected=expected,
            remedy="Export the survey structure without responses and resources.",
        )
    try:
        root: Element = fromstring(path.read_bytes(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise QuestionnaireError(
            "The questionnaire declares a document type or entities, which LimeSurvey never does.",
            where=str(path),
            expected=expected,
            remedy="Do not use this file. Export the questionnaire from LimeSurvey yourself.",
        ) from error
    except (ParseError, ValueError) as error:
        raise QuestionnaireError(
            f"The questionnaire is not well-formed XML: {error}.",
            where=str(path),
            expected=expected,
            remedy="Export the questionnaire again.",
        ) from error
    kind = _text(root.find("LimeSurveyDocType"))
    if kind != "Survey" or root.find("questions") is None:
        raise QuestionnaireError(
            "The file is no LimeSurvey survey" + (f" but a {kind}." if kind else "."),
            where=str(path),
            expected=expected,
            remedy="Choose 'Survey structure (.lss)' in the export menu of LimeSurvey.",
        )
    return root


def _text(node: Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""


def clean_text(text: str) -> str:
    """Return the text of a fragment of HTML."""
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", text))).strip()


def _tables(root: Element) -> Mapping[str, list[dict[str, str]]]:
    return {
        table.tag: [{cell.tag: _text(cell) for cell in row} for row in table.iterfind("rows/row")]
        for table in root
    }


def _texts(rows: Sequence[Mapping[str, str]], key: str, cell: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        text = clean_text(row.get(cell, ""))
        if text and row.get("language"):
            found.setdefault(row.get(key, ""), {})[row["language"]] = text
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _questions(
    tables: Mapping[str, list[dict[str, str]]], languages: tuple[str, ...]
) -> list[_Question]:
    groups = {row.get("gid", ""): row for row in tables.get("groups", [])}
    # Up to version 3 texts stand in the rows themselves, one row per language.
    texts = _texts(tables.get("questions", []), "qid", "question")
    for key, found in _texts(tables.get("subquestions", []), "qid", "question").items():
        texts.setdefault(key, {}).update(found)
    for key, found in _texts(tables.get("question_l10ns", []), "qid", "question").items():
        texts.setdefault(key, {}).update(found)
    questions: dict[str, _Question] = {}
    for row in tables.get("questions", []):
        if row.get("parent_qid", "0") not in {"", "0"} or row["qid"] in questions:
            continue
        group = groups.get(row.get("gid", ""), {})
        questions[row["qid"]] = _Question(
            code=row.get("title", ""),
            kind=row.get("type", ""),
            order=(_number(group.get("group_order")), _number(row.get("question_order"))),
            relevance=_both(group.get("grelevance", ""), row.get("relevance", "")),
            has_other=row.get("other") == "Y",
            texts=texts.get(row["qid"], {}),
        )
    seen: set[str] = set()
    for row in [*tables.get("subquestions", []), *tables.get("questions", [])]:
        parent = questions.get(row.get("parent_qid", ""))
        if parent is not None and row["qid"] not in seen:
            seen.add(row["qid"])
            parent.parts.append(_part(row, "title", "question_order", texts.get(row["qid"], {})))
    _add_answers(questions, tables)
    return list(questions.values())


def _both(group: str, own: str) -> str:
    conditions = [part.strip() for part in (group, own) if part.strip() not in {"", "1"}]
    return (
        " and ".join(f"({part})" for part in conditions)
        if len(conditions) > 1
        else "".join(conditions)
    )


def _part(row: Mapping[str, str], code: str, order: str, texts: dict[str, str]) -> _Part:
    return _Part(row.get(code, ""), _number(row.get(order)), row.get("scale_id", "0"), texts)


def _add_answers(
    questions: Mapping[str, _Question], tables: Mapping[str, list[dict[str, str]]]
) -> None:
    by_id = _texts(tables.get("answer_l10ns", []), "aid", "answer")
    known: dict[tuple[str, str, str], _Part] = {}
    for row in [*tables.get("answers", []), *tables.get("answer_l10ns", [])]:
        question = questions.get(row.get("qid", ""))
        if question is None or "code" not in row:
            continue
        key = row["qid"], row["code"], row.get("scale_id", "0")
        if key not in known:
            known[key] = _part(row, "code", "sortorder", dict(by_id.get(row.get("aid", ""), {})))
            question.answers.append(known[key])
        text = clean_text(row.get("answer", ""))
        if text and row.get("language"):
            known[key].texts[row["language"]] = text


def _columns(question: _Question, languages: Sequence[str]) -> list[FormColumn]:
    kind, code = question.kind, question.code
    rows = sorted((p for p in question.parts if p.scale == "0"), key=lambda part: part.order)
    across = sorted((p for p in question.parts if p.scale == "1"), key=lambda part: part.order)
    values = _values(question, languages)
    if kind in _NO_ANSWER:
        # A text on the screen gives no column; a calculation and a file name do.
        return [] if kind == "X" else [_column(question, code, None, "", (), role="ignore")]
    columns: list[FormColumn] = []
    if kind in _ONE_CHOICE:
        columns.append(_column(question, code, None, "single", values))
    elif kind in {"M", "P"}:
        ticked = (FormValue("Y", {"nl": "Ja", "en": "Yes"}),)
        for part in rows:
            box = _column(question, f"{code}[{part.code}]", part, "multiple", ticked, tick=True)
            columns.append(box)
            if kind == "P":
                columns.append(_free_text(question, f"{code}[{part.code}comment]"))
    elif kind in _GRID_CHOICE:
        columns.extend(_column(question, f"{code}[{p.code}]", p, "single", values) for p in rows)
    elif kind == "1":
        for part in rows:
            for scale, place in (("0", 1), ("1", 2)):
                own = _answer_values(a for a in question.answers if a.scale == scale)
                name = f"{code}[{part.code}][{place}]"
                columns.append(_column(question, name, part, "single", own))
    elif kind in {":", ";"}:
        answer_type = "number" if kind == ":" else "text"
        for part in rows:
            columns.extend(
                _column(question, f"{code}[{part.code}_{other.code}]", part, answer_type, ())
                for other in across
            )
    elif kind == "R":
        for place in range(1, len(question.answers) + 1):
            columns.append(_column(question, f"{code}[{place}]", None, "single", values))
    elif kind in {"K", "Q"}:
        answer_type = "number" if kind == "K" else "text"
        columns.extend(_column(question, f"{code}[{p.code}]", p, answer_type, ()) for p in rows)
    else:
        answer_type = "number" if kind == "N" else "date" if kind == "D" else "text"
        columns.append(_column(question, code, None, answer_type, ()))
    if kind == "O":
        columns.append(_free_text(question, f"{code}[comment]"))
    if question.has_other and kind in {"L", "!", "M", "P"}:
        columns.append(_free_text(question, f"{code}[other]"))
    return columns


def _free_text(question: _Question, name: str) -> FormColumn:
    return _column(question, name, None, "text", (), role="personal")


def _values(question: _Question, languages: Sequence[str]) -> tuple[FormValue, ...]:
    fixed = _FIXED_ANSWERS.get(question.kind)
    if fixed is not None:
        return tuple(FormValue(raw, {"nl": nl, "en": en}) for raw, nl, en in fixed)
    answers = [answer for answer in question.answers if answer.scale == "0"]
    values = _answer_values(answers)
    if question.has_other and question.kind in {"L", "!"}:
        values = (*values, FormValue("-oth-", dict(_OTHER)))
    return values


def _answer_values(answers: Iterable[_Part]) -> tuple[FormValue, ...]:
    ordered = sorted(answers, key=lambda answer: answer.order)
    return tuple(FormValue(answer.code, answer.texts) for answer in ordered)


def _column(
    question: _Question,
    name: str,
    part: _Part | None,
    answer_type: str,
    values: tuple[FormValue, ...],
    *,
    tick: bool = False,
    role: str = "",
) -> FormColumn:
    own = part.texts if part else {}
    languages = dict.fromkeys([*question.texts, *own])
    whole = {
        language: f"{question.texts.get(language, '')} {own.get(language, '')}".strip()
        for language in languages
    }
    return FormColumn(
        name=name,
        texts=whole,
        own=own,
        stem=question.texts if part else {},
        values=values,
        answer_type=answer_type,
        is_tick_box=tick,
        role=role,
        relevance=question.relevance,
    )
