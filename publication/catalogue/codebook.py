"""The codebook of a release as one searchable page: questions, indicators, tables and columns.

It follows from the registries and from what the release says of its tables, never from an answer.
Questions about persons are not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Template

from barometer.pages import page_template
from publication.editions import CODEBOOK_PAGE, Edition
from publication.outlets.described import Table, described_tables
from publication.tables import STORAGE
from registry import Registry
from registry.tables.figures import Indicator
from registry.tables.questionnaire import ComparabilityBreak, Option, Question

STYLE = Path(__file__).with_name("page.css")
_TEMPLATE = Path(__file__).with_name("codebook.html.j2")


@dataclass(frozen=True)
class Asked:
    """One question.

    Attributes:
        question: its row in the registry.
        waves: ids of the waves that asked it.
        options: what could be answered, in order.
        conditions: who was asked, where not everybody: wording and answer of other questions.
        breaks: waves from which the answers compare with no earlier ones.
        indicators: what is made of the answers, with the topic tables that show each.
    """

    question: Question
    waves: tuple[str, ...]
    options: tuple[Option, ...]
    conditions: tuple[Condition, ...]
    breaks: tuple[ComparabilityBreak, ...]
    indicators: tuple[tuple[Indicator, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Condition:
    """An answer to another question on which it depends whether a question was asked.

    Attributes:
        is_needed: whether it makes the question be asked; else it keeps it from being asked.
    """

    question: Question
    option: Option
    is_needed: bool


@dataclass(frozen=True)
class Meaning:
    """What a column means, and in which tables it means that."""

    name: str
    meaning: str
    tables: tuple[str, ...]


def write_codebook(folder: Path, edition: Edition, registry: Registry) -> None:
    """Write the codebook into the folder of a release, from its database and the registries."""
    database = str(folder / edition.file_name)
    with duckdb.connect(database, read_only=True, config=STORAGE) as connection:
        tables = described_tables(connection)
    text = _template().render(
        survey=registry.survey,
        edition=edition,
        questions=list(questions(registry)),
        tables=tables,
        columns=list(_meanings(tables)),
    )
    (folder / CODEBOOK_PAGE).write_text(text, encoding="utf-8")


def questions(registry: Registry) -> Iterator[Asked]:
    """Yield what is told of every question that is not about a person, in order."""
    by_id = {each.question_id: each for each in registry.questions}
    options: dict[str, list[Option]] = defaultdict(list)
    for option in sorted(registry.options, key=lambda each: each.position):
        options[option.question_id].append(option)
    made: dict[str, dict[str, None]] = defaultdict(dict)
    for item in registry.indicator_items:
        made[item.question_id][item.indicator_id] = None
    indicators = {each.indicator_id: each for each in registry.indicators}
    shown: dict[str, list[str]] = defaultdict(list)
    schemas = {mart.mart_id: mart.schema_name for mart in registry.topic_marts}
    for row in registry.topic_mart_indicators:
        shown[row.indicator_id].append(f"{schemas[row.mart_id]}.{row.mart_id}")
    for question in sorted(registry.questions, key=lambda each: each.position):
        if question.is_personal:
            continue
        name = question.question_id
        yield Asked(
            question,
            tuple(_waves(question, registry.wave_ids)),
            tuple(options[name]),
            tuple(
                Condition(by_id[each.condition_question_id], chosen, each.rule == "any_of")
                for each in registry.routing
                if each.question_id == name and not by_id[each.condition_question_id].is_personal
                for chosen in options[each.condition_question_id]
                if chosen.option_id == each.condition_option_id
            ),
            tuple(each for each in registry.comparability_breaks if each.question_id == name),
            tuple((indicators[each], tuple(shown[each])) for each in made[name]),
        )


def _waves(question: Question, waves: Sequence[str]) -> Iterator[str]:
    first = waves.index(question.first_wave)
    last = waves.index(question.last_wave) if question.last_wave else len(waves) - 1
    yield from waves[first : last + 1]


def _meanings(tables: Sequence[Table]) -> Iterator[Meaning]:
    """Yield the columns by name, each meaning of a column once."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table in tables:
        for column in table.columns:
            places[column.name, column.description].append(table.full_name)
    for (name, meaning), found in sorted(places.items()):
        yield Meaning(name, meaning, tuple(found))


@cache
def _template() -> Template:
    return page_template(_TEMPLATE)
