"""A part of the next IBO questionnaire as LimeSurvey would export it, from the registries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lss_file import Lss, Texts, write_lss

from registry import Registry

INNOVATED = " or ".join(f'G02Q02_SQ00{n}.NAOK == "A1"' for n in range(1, 5))
_TYPES = ("inn_product", "inn_service", "inn_process", "inn_interaction")
GRID = {"nl": "Heeft uw organisatie in de afgelopen twee jaar ingevoerd?", "en": "Introduced?"}


def write_questionnaire(path: Path, registry: Registry, extra: Iterable[Lss] = ()) -> Path:
    wordings = {
        question.question_id: {"nl": question.wording_nl, "en": question.wording_en}
        for question in registry.questions
    }

    def answers(question_id: str, prefix: str) -> dict[str, Texts]:
        options = [o for o in registry.options_for(question_id) if o.last_wave is None]
        return {
            f"{prefix}{number}" if prefix == "A" else f"{prefix}{number:03}": {
                "nl": option.label_nl,
                "en": option.label_en,
            }
            for number, option in enumerate(options, start=1)
        }

    grid = {f"SQ00{n}": wordings[question] for n, question in enumerate(_TYPES, start=1)}
    questions = [
        Lss("orgcode", "S", {"nl": "Organisatiecode", "en": "Organisation code"}),
        Lss("G01Q01", "N", wordings["employees"]),
        Lss("G02Q02", "F", GRID, grid, answers("inn_product", "A")),
        Lss("G03Q03", "L", wordings["novelty"], {}, answers("novelty", "A"), INNOVATED),
        Lss("G03Q04", "M", wordings["triggers"], answers("triggers", "SQ"), {}, INNOVATED),
        *extra,
    ]
    return write_lss(path, questions)
