"""The queries of docs/bi.md, as they are printed there: both editions, DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import psycopg
import pytest

from barometer.settings import PROJECT_ROOT, Settings
from publication.editions import EDITIONS, edition_of
from publication.postgres.load import publish_to_postgres
from publication.store.releases import find_release

pytestmark = pytest.mark.xdist_group("example_refresh")

TEN = "## Ten questions"
NOT_PUBLIC = ("mart_scale_associations",)
"""Whether there are rows depends on the answers, so the public edition has none."""
FIGURES = frozenset({"estimate", "estimate_a", "n_population"})
"""Columns that come after those that a chart puts on its axes."""

Run = Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]


def queries() -> dict[str, str]:
    """Return the queries of the page by the remark above each."""
    section = (PROJECT_ROOT / "docs" / "bi.md").read_text(encoding="utf-8").split(TEN)[1]
    lines = [line[4:] for line in section.split("\n## ")[0].splitlines() if line.startswith("    ")]
    found = {}
    for each in "\n".join(lines).split(";"):
        remark, _, query = each.strip().partition("\n")
        if query:
            found[remark.removeprefix("-- ")] = query
    return found


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def in_duckdb(example_refresh: Settings, edition: str) -> Run:
    one = edition_of(example_refresh, edition)

    def run(query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        # Open no longer than it takes: publishing to PostgreSQL opens the file in its own way.
        with duckdb.connect(str(one.current / one.file_name), read_only=True) as connection:
            result = connection.execute(query)
            return [column[0] for column in result.description or []], result.fetchall()

    return run


@pytest.fixture(scope="module")
def in_postgres(example_refresh: Settings, edition: str, server: str) -> Iterator[Run]:
    name = f"bi_{edition}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name}")
    url = server.replace("/postgres?", f"/{name}?")
    publish_to_postgres(find_release(edition_of(example_refresh, edition), "current"), url)
    with psycopg.connect(url, autocommit=True) as connection:

        def run(query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
            result = connection.execute(query.encode())
            return [column.name for column in result.description or []], result.fetchall()

        yield run


def test_the_page_answers_ten_questions_each_from_one_table() -> None:
    numbered = [query for remark, query in queries().items() if remark[0].isdigit()]

    assert len(numbered) == 10
    assert not [query for query in numbered if query.count("from ") != 1 or "join" in query]


@pytest.mark.parametrize("remark", queries())
def test_a_query_of_the_page_gives_one_row_per_mark_of_a_chart(
    in_duckdb: Run, edition: str, remark: str
) -> None:
    columns, rows = in_duckdb(queries()[remark])

    assert bool(rows) == (edition == "internal" or not _needs_answers(queries()[remark]))
    ends = [at for at, name in enumerate(columns) if name in FIGURES]
    axes = [row[: ends[0]] for row in rows] if ends and "the star" not in remark else rows
    assert len(set(axes)) == len(axes)


@pytest.mark.parametrize("remark", queries())
def test_a_query_of_the_page_says_the_same_in_postgresql(
    in_duckdb: Run, in_postgres: Run, remark: str
) -> None:
    query = queries()[remark]
    columns, rows = in_duckdb(query)
    their_columns, theirs = in_postgres(query)

    assert their_columns == columns
    if "order by" in query:
        assert theirs == rows
    else:
        assert sorted(theirs, key=repr) == sorted(rows, key=repr)


def _needs_answers(query: str) -> bool:
    return any(name in query for name in NOT_PUBLIC)
