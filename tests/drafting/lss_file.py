"""Writes a LimeSurvey questionnaire: the tables of a survey structure export, as XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Lss:
    """One question: type letter, code, texts, subquestions and answers by code."""

    code: str
    kind: str
    texts: Texts
    parts: Mapping[str, Texts] = field(default_factory=dict)
    answers: Mapping[str, Texts] = field(default_factory=dict)
    relevance: str = "1"
    other: str = "N"


def write_lss(
    path: Path,
    questions: Sequence[Lss],
    *,
    group_relevance: str = "1",
    languages: Sequence[str] = ("nl", "en"),
) -> Path:
    """Write the format of version 4 and later: texts in tables of their own."""
    tables: dict[str, list[dict[str, object]]] = {
        name: []
        for name in (
            *("answers", "answer_l10ns", "groups", "group_l10ns", "questions"),
            *("subquestions", "question_l10ns"),
        )
    }
    tables["groups"].append({"gid": 7, "group_order": 1, "grelevance": group_relevance})
    next_id = 100
    for order, question in enumerate(questions, start=1):
        next_id += 1
        qid = next_id
        row = {"qid": qid, "parent_qid": 0, "gid": 7, "type": question.kind}
        more = {"title": question.code, "other": question.other, "question_order": order}
        tables["questions"].append({**row, **more, "relevance": question.relevance})
        for language, text in question.texts.items():
            tables["question_l10ns"].append(_text(qid, f"<p>{text}</p>", language))
        for place, (code, texts) in enumerate(question.parts.items(), start=1):
            next_id += 1
            part = {"qid": next_id, "parent_qid": qid, "gid": 7, "type": "T", "title": code}
            tables["subquestions"].append({**part, "question_order": place, "scale_id": 0})
            for language, text in texts.items():
                tables["question_l10ns"].append(_text(next_id, text, language))
        for place, (code, texts) in enumerate(question.answers.items(), start=1):
            next_id += 1
            answer = {"aid": next_id, "qid": qid, "code": code, "sortorder": place}
            tables["answers"].append({**answer, "scale_id": 0})
            tables["answer_l10ns"].extend(
                {"aid": next_id, "answer": text, "language": language}
                for language, text in texts.items()
            )
    path.write_text(_document(tables, languages), encoding="utf-8")
    return path


def _text(qid: int, text: str, language: str) -> dict[str, object]:
    return {"qid": qid, "question": text, "help": "", "language": language}


def _document(
    tables: Mapping[str, Sequence[Mapping[str, object]]], languages: Sequence[str]
) -> str:
    known = "".join(f"<language>{language}</language>" for language in languages)
    body = "".join(
        f"<{name}><rows>{''.join(_row(row) for row in rows)}</rows></{name}>"
        for name, rows in tables.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document>'
        "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>623</DBVersion>"
        f"<languages>{known}</languages>{body}</document>"
    )


def _row(row: Mapping[str, object]) -> str:
    cells = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in row.items())
    return f"<row>{cells}</row>"
