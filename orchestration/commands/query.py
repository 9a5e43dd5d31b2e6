"""Read the current release and the landing log, never changing either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from barometer.databases import RELEASE, opened, telling_of_damage
from barometer.errors import UsageError
from barometer.settings import Settings
from landing.storage.warehouse import has_raw_table, open_warehouse
from publication.editions import INTERNAL, edition_of

BATCH = 1_000

LandedRow: TypeAlias = tuple[str, str, str, str, int, str]
"""Wave, kind, part, file name, rows, and when it was landed (UTC)."""


@dataclass(frozen=True)
class Selected:
    """What a query selects.

    Attributes:
        columns: their names.
        rows: the rows, read while they are asked for; never all of them in memory.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def query_release(settings: Settings, sql: str, edition: str = INTERNAL) -> Iterator[Selected]:
    """Run one query on the current release of an edition, which is open as long as the block lasts.

    Raises:
        UsageError: there is no release yet, it is damaged, or the query is wrong.
    """
    store = edition_of(settings, edition)
    database = store.current / store.file_name
    if not database.exists():
        raise UsageError(
            f"There is no {edition} release of survey '{settings.survey}' to query.",
            where=str(database),
            remedy="Run `barometer refresh` first.",
        )
    with opened(UsageError, RELEASE, database) as connection:
        try:
            with telling_of_damage(UsageError, RELEASE, database):
                result = connection.execute(sql)
        except duckdb.Error as error:
            raise _wrong_query(sql, str(error)) from error
        # Of a text without a statement DuckDB returns None, which its types do not say.
        if not result:
            raise _wrong_query(sql, "it holds no statement")
        columns = tuple(column[0] for column in result.description or [])
        yield Selected(columns, _rows(result, sql, database))


def _rows(result: duckdb.DuckDBPyConnection, sql: str, database: Path) -> Iterator[tuple[Any, ...]]:
    try:
        with telling_of_damage(UsageError, RELEASE, database):
            while batch := result.fetchmany(BATCH):
                yield from batch
    except duckdb.Error as error:
        raise _wrong_query(sql, str(error)) from error


def _wrong_query(sql: str, reason: str) -> UsageError:
    return UsageError(
        f"The query does not work: {reason}",
        where=sql,
        remedy="`barometer query 'show all tables'` lists what there is, and "
        "'describe SCHEMA.TABLE' the columns of a table.",
    )


def landed_files(settings: Settings) -> list[LandedRow] | None:
    """Return the files now in force, or None before the first landing.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    if not settings.warehouse.exists():
        return None
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if not has_raw_table(connection, "exports"):
            return None
        return connection.execute(
            "select wave, kind, part, file_name, row_count,"
            " strftime(landed_at, '%Y-%m-%d %H:%M')"
            " from raw.exports where superseded_by is null order by wave, kind, part"
        ).fetchall()
