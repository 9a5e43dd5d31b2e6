"""Texts that some outlet cannot hold, and ids that cannot be the name they become."""

from __future__ import annotations

import duckdb
import pytest
from registry_mistake import Mistake, assert_told_once

from registry import RegistryErrors, load_registry
from registry.rules.names import KEYWORDS

UNSHOWN = {
    "nul": "\x00",
    "vertical tab": "\x0b",
    "tab": "\t",
    "escape": "\x1b",
    "next line": "\x85",
    "line separator": "\u2028",
    "override": "\u202e",
    "isolate": "\u2067",
    "no character": "\uffff",
}
BREAKS = {"new line": "\n", "carriage return": "\r", "both": "\r\n"}


@pytest.mark.parametrize("sign", UNSHOWN.values(), ids=UNSHOWN)
def test_a_character_that_cannot_be_shown(survey, sign: str) -> None:
    mistake = Mistake(
        "unshown",
        "organisation_groups",
        "Rechtspraak",
        f'"Rechts{sign}praak"',
        ("organisation_groups", 3, "label_nl"),
        f"U+{ord(sign):04X}",
    )
    assert_told_once(survey, mistake)


@pytest.mark.parametrize("sign", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_a_label(survey, sign: str) -> None:
    mistake = Mistake(
        "broken",
        "questions",
        "Ingevoerd?",
        f'"Inge{sign}voerd?"',
        ("questions", 2, "wording_nl"),
        "The text has a line break",
        "on one line",
    )
    assert_told_once(survey, mistake)


@pytest.mark.parametrize(
    ("table", "old", "place"),
    [
        ("surveys", "Mini survey", ("surveys", 2, "label_en")),
        ("waves", "Wave 2023", ("waves", 3, "label_en")),
        ("deliveries", "*2023*,xlsx", ("deliveries", 4, "file_pattern")),
        ("publication_rules", "Smallest base.", ("publication_rules", 2, "description")),
        ("comparability_breaks", "andere vraag", ("comparability_breaks", 2, "note_nl")),
        ("claims", "Diensten vaker.", ("claims", 2, "sentence_nl")),
    ],
)
def test_every_registry_is_looked_at(survey, table: str, old: str, place) -> None:
    head, _, rest = old.partition(",")
    new = f'"{head[:3]}\x1b{head[3:]}"' + (f",{rest}" if rest else "")
    assert_told_once(survey, Mistake("any", table, old, new, place, "U+001B"))


def test_half_a_character_is_no_utf_8(survey) -> None:
    content = survey.file("questions").read_bytes()
    survey.file("questions").write_bytes(content.replace(b"Fase?", b"Fase\xed\xa0\x80?"))

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    assert "is not UTF-8" in caught.value.errors[0].what


@pytest.mark.parametrize(("length", "is_right"), [(32_767, True), (32_768, False)])
def test_a_text_that_a_cell_of_a_workbook_cannot_hold(survey, length: int, is_right: bool) -> None:
    survey.replace("publication_rules", "Smallest base.", "x" * length)
    if is_right:
        load_registry(survey.path)
        return
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    (error,) = caught.value.errors
    assert error.what == "The text is 32,768 characters long and begins 'xxxxxxxxxxxxxxxxxxxx'."
    assert (error.line, error.column) == (2, "description")


def test_a_name_in_a_delivered_file_is_repeated_as_it_is(survey) -> None:
    survey.replace("columns", "2025,export,budget,", '2025,export,"bud\n\u202eget",')
    assert load_registry(survey.path)

    survey.replace("columns", "\u202eget", "\x00get")
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    (error,) = caught.value.errors
    assert (error.column, "U+0000" in error.what) == ("column_name", True)


def group(name: str, own_schema: str = "true") -> str:
    return f"kind,{name},,Nieuw,New,4,{own_schema}"


@pytest.mark.parametrize("name", ["select", "user", "order", "all", "table", "current_date"])
def test_a_group_whose_schema_would_be_a_word_of_sql(survey, name: str) -> None:
    mistake = Mistake(
        "word",
        "organisation_groups",
        None,
        group(name),
        ("organisation_groups", 7, "group_id"),
        f"The group '{name}' has the name of a word of SQL.",
        f"{name}_group",
    )
    assert_told_once(survey, mistake)


def test_a_group_without_a_schema_may_be_called_so(survey) -> None:
    survey.append("organisation_groups", group("order", "false"))
    survey.append("organisation_groups", group("g" * 64, "false"))
    assert load_registry(survey.path)


@pytest.mark.parametrize("name", ["public", "information_schema", "core", "pg_catalog"])
def test_a_group_whose_schema_is_there_already(survey, name: str) -> None:
    survey.append("organisation_groups", group(name))
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    assert f"The group '{name}'" in caught.value.errors[0].what


NAMES = [
    Mistake(
        "schema of PostgreSQL",
        "organisation_groups",
        None,
        group("pg_agencies"),
        ("organisation_groups", 7, "group_id"),
        "begins as the schemas of PostgreSQL itself do",
    ),
    Mistake(
        "long schema",
        "organisation_groups",
        None,
        group("g" * 64),
        ("organisation_groups", 7, "group_id"),
        "has a name of 64 bytes",
        "Shorten",
    ),
    Mistake(
        "schema of a topic",
        "topic_marts",
        "frequency,innovation,",
        "frequency,with,",
        ("topic_marts", 2, "schema_name"),
        "The schema 'with' has the name of a word of SQL.",
        "with_topic",
    ),
    Mistake(
        "long survey",
        "surveys",
        "mini,Kleine",
        f"{'m' * 64},Kleine",
        ("surveys", 2, "survey_id"),
        "has a name of 64 bytes",
    ),
]


@pytest.mark.parametrize("mistake", NAMES, ids=lambda mistake: mistake.name)
def test_names_that_cannot_be(survey, mistake: Mistake) -> None:
    assert_told_once(survey, mistake)


def test_the_table_of_a_topic_is_no_word_of_sql(survey) -> None:
    survey.replace("topic_marts", "frequency,", "union,")
    survey.replace("topic_mart_indicators", "frequency,", "union,")
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    (error,) = caught.value.errors
    assert (error.column, error.what) == (
        "mart_id",
        "The table 'union' has the name of a word of SQL.",
    )


def test_the_words_are_those_of_the_database() -> None:
    words = duckdb.sql(
        "select keyword_name from duckdb_keywords() "
        "where keyword_category in ('reserved', 'type_function')"
    ).fetchall()
    assert {word for (word,) in words} <= KEYWORDS
