"""Rules that are queries: each returns the rows that break it, and its head says what is wrong.

A rule stands in one of the SQL files beside this module:

    -- table.columns: What is wrong, with columns of the query in braces.
    -- expected: What would have been right.
    -- remedy: What to do.
    select ... ;

A comment above the head says why. The query selects the `line` to report; it runs in SQLite, which
is there with Python and holds the registries in a few milliseconds.
"""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from barometer.labels import normalise_label
from registry.model import TABLES, Registry
from registry.problems import Problem, did_you_mean
from registry.rules.columns import VERSIONED_TYPES
from registry.tables.organisations import crossed_id
from registry.validity import described, widened, within

_FOLDER = Path(__file__).parent
_LOOKUPS = "lookups.sql"
_HEAD = re.compile(
    r"-- (?P<table>[a-z_]+)\.(?P<columns>[a-z_{}, ]+): (?P<wrong>.+)\n"
    r"-- expected: (?P<expected>.+)\n"
    r"-- remedy: (?P<remedy>.+)\n"
)
_CONTINUED = re.compile(r"\n--   ")
_END = re.compile(r";\n\n")


@dataclass(frozen=True)
class Query:
    """One rule, as it stands in its file; the texts have columns of the query in braces."""

    table: str
    columns: str
    wrong: str
    expected: str
    remedy: str
    sql: str


@cache
def queries() -> tuple[Query, ...]:
    """Return every rule that is a query."""
    files = (path for path in sorted(_FOLDER.glob("*.sql")) if path.name != _LOOKUPS)
    return tuple(query for path in files for query in _read(path))


def _read(path: Path) -> Iterator[Query]:
    text = _CONTINUED.sub(" ", path.read_text(encoding="utf-8"))
    for rule in _END.split(text.rstrip()):
        head = _HEAD.search(rule)
        if head is None:
            raise ValueError(f"a rule in {path.name} does not say what is wrong: {rule}")
        yield Query(**head.groupdict(), sql=rule[head.end() :])


def check_queries(registry: Registry) -> Iterator[Problem]:
    """Yield every row that breaks a rule that is a query."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _fill(connection, registry)
        for query in queries():
            cursor = connection.execute(query.sql)
            names = [column for column, *_ in cursor.description]
            for values in cursor:
                yield _problem(query, dict(zip(names, values, strict=True)))
    finally:
        connection.close()


def _problem(query: Query, row: dict[str, Any]) -> Problem:
    if "misspelt" in row:
        row["did_you_mean"] = did_you_mean(row["misspelt"], row["known"].split())
    texts = (query.columns, query.wrong, query.expected, query.remedy)
    columns, wrong, expected, remedy = (text.format(**row) for text in texts)
    return Problem(query.table, row["line"], columns, wrong, expected, remedy)


def _fill(connection: sqlite3.Connection, registry: Registry) -> None:
    connection.create_function("within", 3, _is_within, deterministic=True)
    connection.create_function("described", 2, described, deterministic=True)
    connection.create_function("widened", 2, widened, deterministic=True)
    connection.create_function("label", 1, normalise_label, deterministic=True)
    connection.create_function("crossed_id", 2, crossed_id, deterministic=True)
    connection.create_function("is_date", 1, _is_date, deterministic=True)
    connection.create_function(
        "takes_one_answer", 1, VERSIONED_TYPES.__contains__, deterministic=True
    )
    connection.execute("begin")
    for name, table in TABLES.items():
        rows = registry.rows_of(name)
        columns = ", ".join(("line", *table.header))
        marks = ", ".join("?" * (len(table.header) + 1))
        connection.execute(f"create table {name} ({columns})")
        cells: Iterable[tuple[object, ...]] = map(attrgetter("row", *table.header), rows)
        if any(column.data_type == "date" for column in table.columns):
            cells = (tuple(map(_sortable, row)) for row in cells)
        connection.executemany(f"insert into {name} values ({marks})", cells)
    for lookup in (_FOLDER / _LOOKUPS).read_text(encoding="utf-8").split(";\n"):
        connection.execute(lookup)


def _sortable(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _is_within(wave: str | None, first: str | None, last: str | None) -> bool:
    # A first wave that was reported already is an empty text.
    return wave is not None and within(wave, first or None, last or None)


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
