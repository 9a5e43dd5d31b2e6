"""The codebook page of a release."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from barometer.settings import PROJECT_ROOT
from publication.catalogue.codebook import questions, write_codebook
from publication.editions import CODEBOOK_PAGE, PUBLIC, Edition
from registry import Registry, load_registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(PROJECT_ROOT / "seeds")


def page_of(registry: Registry, folder: Path) -> str:
    with duckdb.connect(str(folder / "release.duckdb")) as connection:
        connection.execute(
            "create schema core; create table core.figures (wave text, estimate double);"
            " comment on table core.figures is 'One row per <figure>.';"
            " comment on column core.figures.estimate is 'What is estimated.'"
        )
    write_codebook(folder, Edition(PUBLIC, "ibo", folder, "release.duckdb"), registry)
    return (folder / CODEBOOK_PAGE).read_text(encoding="utf-8")


class Tags(HTMLParser):
    """What a page would load, and which tags are open at its end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input"):
            self.open.append(tag)
        self.loaded += [
            value or ""
            for name, value in attrs
            if name in ("src", "href") and not (value or "").startswith("#")
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_question_is_there_with_answers_waves_and_what_is_made_of_it(registry, tmp_path):
    text = page_of(registry, tmp_path)
    spoken = [each for each in registry.questions if not each.is_personal]

    assert re.findall(r'id="q-(\w+)"', text) == [
        each.question_id for each in sorted(spoken, key=lambda each: each.position)
    ]
    one = text.split('id="q-triggers"')[1].split("</section>")[0]
    for option in registry.options:
        if option.question_id == "triggers":
            assert f"<code>{option.option_id}</code> {option.label_en}" in one
    assert "<dd>2021, 2023, 2025</dd>" in one
    assert "innovation.triggers" in one
    assert "from 2025" in one


def test_questions_about_persons_are_not_there(registry, tmp_path):
    name = "employees"
    hidden = replace(
        registry,
        questions=tuple(
            replace(each, is_personal=True) if each.question_id == name else each
            for each in registry.questions
        ),
    )

    text = page_of(hidden, tmp_path)

    assert f'id="q-{name}"' not in text
    assert registry.question(name).wording_en not in text


def test_a_break_and_a_condition_are_told_where_the_question_is(registry):
    asked = {each.question.question_id: each for each in questions(registry)}
    broken = registry.comparability_breaks[0]
    routed = next(each for each in registry.routing if each.question_id in asked)

    assert broken in asked[broken.question_id].breaks
    told = [
        (each.question.question_id, each.option.option_id, each.is_needed)
        for each in asked[routed.question_id].conditions
    ]
    assert (
        routed.condition_question_id,
        routed.condition_option_id,
        routed.rule == "any_of",
    ) in told


def test_the_page_needs_nothing_beside_itself_and_escapes_what_it_shows(registry, tmp_path):
    text = page_of(registry, tmp_path)
    tags = Tags(text)

    assert tags.loaded == []
    assert tags.open == []
    assert "One row per &lt;figure&gt;." in text
    assert "What is estimated." in text
    assert "default-src 'none'" in text
