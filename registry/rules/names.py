"""Checks of ids that become names of schemas and tables in DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem, at
from registry.schemas import LONGEST_NAME
from registry.tables.declaring import Record

_SYSTEM_PREFIX = "pg_"

_WORDS = """
    all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by
    case cast check collate collation column columns concurrently constraint create cross
    current_catalog current_date current_role current_schema current_time current_timestamp
    current_user default deferrable desc describe distinct do else end except false fetch for
    foreign freeze from full generated glob grant group having ilike in initially inner intersect
    into is isnull join lambda lateral leading left like limit localtime localtimestamp map natural
    not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing
    positional primary qualify references returning right select semi session_user show similar
    some struct summarize symmetric system_user table tablesample then to trailing true try_cast
    union unique unpack unpivot user using variadic verbose when where window with
"""
KEYWORDS = frozenset(_WORDS.split())
"""Words that DuckDB or PostgreSQL take for a part of SQL where a name stands without quotes."""


def check_names(registry: Registry) -> Iterator[Problem]:
    """Yield every id that cannot be the name it becomes."""
    survey = registry.survey
    yield from _too_long(survey, "survey_id", survey.survey_id, "The survey")
    for group in registry.organisation_groups:
        if group.own_schema:
            yield from _wrong(group, "group_id", group.group_id, "The group")
    for mart in registry.topic_marts:
        yield from _wrong(mart, "schema_name", mart.schema_name, "The schema")
        yield from _wrong(mart, "mart_id", mart.mart_id, "The table")


def _wrong(row: Record, column: str, name: str, what: str) -> Iterator[Problem]:
    yield from _too_long(row, column, name, what)
    if name in KEYWORDS:
        yield at(row, column).wrong(
            f"{what} '{name}' has the name of a word of SQL.",
            "an id that can stand in a query without quotes",
            f"Rename it, for example {name}_group."
            if column == "group_id"
            else f"Rename it, for example {name}_topic.",
        )
    elif name.startswith(_SYSTEM_PREFIX):
        yield at(row, column).wrong(
            f"{what} '{name}' begins as the schemas of PostgreSQL itself do.",
            f"an id that does not begin with {_SYSTEM_PREFIX}",
            "Rename it.",
        )


def _too_long(row: Record, column: str, name: str, what: str) -> Iterator[Problem]:
    if len(name.encode()) > LONGEST_NAME:
        yield at(row, column).wrong(
            f"{what} '{name}' has a name of {len(name.encode())} bytes.",
            f"at most {LONGEST_NAME}: PostgreSQL cuts off the rest, and two names may become one",
            "Shorten the id.",
        )
