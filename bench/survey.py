"""A wide survey to measure with: a file of any size, and the registry that describes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from barometer.settings import PROJECT_ROOT
from registry import Registry, load_registry

FILE_NAME = "wide_export.csv"
_LABELS = (
    "zeer mee eens",
    "mee eens",
    "neutraal",
    "mee oneens",
    "helemaal niet mee eens",
    "weet niet",
    "niet van toepassing",
    "wil ik niet zeggen",
)
# What the columns hold, in turn: labels, codes, ticks of a multi-select, and now and then a text.
_TEXT_EVERY = 10


def write_wide_file(path: Path, rows: int, columns: int) -> None:
    """Write a CSV file of answers as survey tools export them."""
    cells = [
        "printf('%06d', row) as id",
        "printf('%05d', row % 5000) as org",
        "printf('2025-03-%02d 12:%02d:00', 1 + row % 28, row % 60) as submitted",
        *(f"{_cell(number)} as q{number}" for number in range(4, columns + 1)),
    ]
    query = f"select {', '.join(cells)} from range({rows}) as source(row)"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (header)")


def wide_registry(columns: int) -> Registry:
    """Return a registry that knows every column of the file, and every answer in it."""
    base = load_registry(PROJECT_ROOT / "seeds")
    wave = replace(
        base.waves[-1],
        wave="2025",
        expected_responses_low=1,
        expected_responses_high=10**9,
        frame_source="file",
        fieldwork_start=None,
        fieldwork_end=None,
    )
    delivery = replace(
        base.deliveries[0],
        wave="2025",
        kind="export",
        part="main",
        file_pattern=FILE_NAME,
        format="auto",
        tool=None,
        sheet=None,
    )
    blank = replace(
        base.columns[0],
        wave="2025",
        kind="export",
        question_id=None,
        option_id=None,
        attribute_id=None,
        separator=None,
    )
    keys = {"id": "response_id", "org": "organisation_key", "submitted": "submitted_at"}
    mappings = [replace(blank, column_name=name, role=role) for name, role in keys.items()]
    questions, codes = [], []
    for number in range(4, columns + 1):
        name, kind = f"q{number}", _answer_type(number)
        mappings.append(replace(blank, column_name=name, role="answer", question_id=name))
        questions.append(
            replace(base.questions[0], question_id=name, answer_type=kind, is_personal=False)
        )
        codes += [
            replace(base.codes[0], question_id=name, wave=None, raw_value=value, option_id=value)
            for value in (*_LABELS, *"12345Y")
            if kind != "text"
        ]
    return replace(
        base,
        survey=replace(base.survey, survey_id="wide"),
        waves=(wave,),
        deliveries=(delivery,),
        columns=tuple(mappings),
        questions=tuple(questions),
        options=(),
        codes=tuple(codes),
        routing=(),
        comparability_breaks=(),
    )


def _answer_type(number: int) -> str:
    return "text" if number % _TEXT_EVERY == 0 else "single"


def _cell(number: int) -> str:
    chance = f"hash(row * 131 + {number})"
    if number % _TEXT_EVERY == 0:
        return f"'toelichting ' || ({chance} % 100000) || ', met een komma en \"aanhaling\"'"
    if number % 3 == 0:
        return f"({chance} % 5 + 1)::text"
    if number % 3 == 1:
        labels = ", ".join(f"'{label}'" for label in _LABELS)
        return f"([{labels}])[1 + ({chance} % {len(_LABELS)})::integer]"
    return f"case when {chance} % 3 = 0 then 'Y' else '' end"
