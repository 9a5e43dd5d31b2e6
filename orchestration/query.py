"""Read the current release and the landing log, never changing either."""

from __future__ import annotations

from typing import Any

import duckdb

from barometer.errors import UsageError
from barometer.settings import Settings
from publication.editions import INTERNAL, edition_of


def query_release(
    settings: Settings, sql: str, edition: str = INTERNAL
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run one query on the current release of an edition; return column names and rows.

    Raises:
        UsageError: there is no release yet, or the query is wrong.
    """
    shelf = edition_of(settings, edition)
    database = shelf.current / shelf.file_name
    if not database.exists():
        raise UsageError(
            f"There is no {edition} release of survey '{settings.survey}' to query.",
            where=str(database),
            remedy="Run `barometer refresh` first.",
        )
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            result = connection.execute(sql)
            columns = [column[0] for column in result.description or []]
            return columns, result.fetchall()
        except duckdb.Error as error:
            raise UsageError(
                f"The query does not work: {error}",
                where=sql,
                remedy="`barometer query 'show all tables'` lists what there is.",
            ) from error


def landed_files(settings: Settings) -> list[tuple[Any, ...]] | None:
    """Return the files now in force, or None before the first landing.

    Raises:
        UsageError: a refresh is writing the warehouse at this moment.
    """
    if not settings.warehouse.exists():
        return None
    try:
        connection = duckdb.connect(str(settings.warehouse), read_only=True)
    except duckdb.IOException as error:
        raise UsageError(
            "The warehouse is being written at this moment.",
            where=str(settings.warehouse),
            remedy="Wait until the refresh has ended; the current release can be queried.",
        ) from error
    with connection:
        tables = connection.execute(
            "select 1 from information_schema.tables"
            " where table_schema = 'raw' and table_name = 'exports'"
        ).fetchall()
        if not tables:
            return None
        return connection.execute(
            "select wave, kind, part, file_name, row_count,"
            " strftime(landed_at, '%Y-%m-%d %H:%M')"
            " from raw.exports where superseded_by is null order by wave, kind, part"
        ).fetchall()
