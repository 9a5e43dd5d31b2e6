"""Publish a release to PostgreSQL: a schema per organisation group, swapped in one transaction.

Rows are replaced (`delete`, then `copy`) and tables are not: under PostgreSQL's snapshots a reader
in a long transaction goes on seeing the rows it began with, and nobody waits for anybody. Renaming
schemas would show such a reader empty tables. Only a table whose columns changed is altered or
made anew, which must wait for its readers, and gives up after a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import duckdb
from psycopg import sql

from barometer.databases import RELEASE, opened
from publication.editions import INTERNAL, MARKINGS
from publication.errors import PostgresError
from publication.keys import NO_KEYS, Keys, in_star
from publication.outlets.described import Table, described_tables
from publication.postgres.access import grant_access, reader_roles
from publication.postgres.connection import transaction
from publication.postgres.keys import add_keys, drop_other_keys
from publication.postgres.ledger import (
    LEDGER,
    Place,
    Target,
    columns_of,
    published_before,
    refuse_what_is_not_ours,
    write_ledger,
)
from publication.postgres.names import check_names
from publication.store.releases import KeptRelease
from publication.tables import ABOUT
from registry.schemas import CORE

BATCH = 5_000

# PostgreSQL type, by DuckDB type.
COLUMN_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
}


@dataclass(frozen=True)
class PostgresReport:
    """What a database holds after a publication.

    Attributes:
        release_id: the release that readers see.
        schemas: its schemas, as they are called there.
        tables: number of tables.
        rows: number of rows of all tables.
        roles: the read-only roles, none where they were not asked for.
        unchanged: the release was there already; access was granted again.
    """

    release_id: str
    schemas: tuple[str, ...]
    tables: int
    rows: int
    roles: tuple[str, ...]
    unchanged: bool


def publish_to_postgres(
    release: KeptRelease, url: str, *, prefix: str = "", with_roles: bool = True
) -> PostgresReport:
    """Replace what a PostgreSQL database holds of this survey by a release, in one transaction.

    Args:
        release: the release; its file is only read.
        url: connection string (`postgresql://user@host/database`); the user owns what is made.
        prefix: put before every schema name, where one database holds several surveys or editions.
        with_roles: make the read-only roles, one per schema and one for all, and grant them access.

    Raises:
        PostgresError: an internal release that is not current, a damaged release, no connection,
            no rights, tables of others or another survey or edition in these schemas, names that
            are too long, a database that stores no UTF-8, another publisher at work, or a reader
            in the way of a table whose columns changed.
    """
    survey, edition = str(release.manifest["survey"]), str(release.manifest["edition"])
    _refuse_an_earlier_one(release, edition)
    grain = {table["name"]: tuple(table.get("key", ())) for table in release.manifest["tables"]}
    keys = {table["name"]: Keys.from_json(table) for table in release.manifest["tables"]}
    with opened(PostgresError, RELEASE, release.database) as source:
        tables = tuple(
            replace(table, keys=keys.get(table.full_name, NO_KEYS))
            for table in described_tables(source)
        )
        schemas = sorted({table.schema for table in tables})
        places = sorted({(CORE, LEDGER), *((table.schema, table.name) for table in tables)})
        names = [f"{prefix}{schema}" for schema in schemas]
        readers = reader_roles(survey, edition, names) if with_roles else {}
        check_names(tables, prefix, readers)
        with transaction(url) as connection:
            target = Target(connection, prefix)
            _take_turn(target, survey)
            ours = published_before(target)
            there = _release_there(target, ours, survey, edition)
            refuse_what_is_not_ours(target, places, ours, release.release_id)
            unchanged = there == release.release_id and _are_all_there(target, tables)
            if not unchanged:
                for schema in schemas:
                    _make_schema(target, schema, survey, edition)
                remade = {
                    (table.schema, table.name) for table in tables if _is_remade(target, table)
                }
                drop_other_keys(target, tables, ours, remade)
                _drop_retired(target, ours, places)
                for table in tables:
                    _shape(target, table, grain.get(table.full_name, ()))
                    _fill(target, source, table)
                add_keys(target, tables)
            roles = (
                grant_access(
                    connection,
                    readers,
                    _by_schema(target, places),
                    (target.schema(CORE), ABOUT),
                )
                if readers
                else ()
            )
        count = sum(_count(source, table) for table in tables)
    return PostgresReport(
        release.release_id,
        tuple(names),
        len(tables),
        count,
        roles,
        unchanged,
    )


def _refuse_an_earlier_one(release: KeptRelease, edition: str) -> None:
    """Refuse an internal release that is not current: it tells what a correction changed."""
    if edition == INTERNAL and not release.is_current:
        raise PostgresError(
            f"Release {release.release_id} is not the current one of the internal edition.",
            expected="the current release, so that no reader has one from before a correction too",
            remedy="`barometer releases rollback` makes an earlier one current; then publish it.",
        )


def _take_turn(target: Target, survey: str) -> None:
    row = target.connection.execute(
        "select pg_try_advisory_xact_lock(hashtext(%s))", [f"barometer {target.prefix}{survey}"]
    ).fetchone()
    if row != (True,):
        raise PostgresError(
            "Another publication to this database is under way.",
            expected="one at a time",
            remedy="Wait until it has ended, then publish again.",
        )


def _release_there(target: Target, ours: frozenset[Place], survey: str, edition: str) -> str | None:
    """Return the release that the schemas hold, refusing one that is not ours to replace."""
    if not ours:
        return None
    row = None
    if columns_of(target, CORE, ABOUT):
        query = sql.SQL("select release_id, survey, edition from {}")
        row = target.connection.execute(query.format(target.place(CORE, ABOUT))).fetchone()
    if row is None:
        raise PostgresError(
            f"The schema '{target.schema(CORE)}' does not say which release it holds.",
            where=f"{target.schema(CORE)}.{ABOUT}",
            expected="the table of one row that every publication leaves",
            remedy=f"Restore the table; or drop the tables that {LEDGER} beside it names and the "
            "list itself, and publish again.",
        )
    if (row[1], row[2]) != (survey, edition):
        raise PostgresError(
            f"The schema '{target.schema(CORE)}' holds the {row[2]} edition of survey '{row[1]}'.",
            expected=f"the {edition} edition of survey '{survey}', or nothing",
            remedy="Use another database, or --schema-prefix to keep the two apart.",
        )
    return str(row[0])


def _are_all_there(target: Target, tables: tuple[Table, ...]) -> bool:
    return all(columns_of(target, table.schema, table.name) == _wanted(table) for table in tables)


def _make_schema(target: Target, schema: str, survey: str, edition: str) -> None:
    name = sql.Identifier(target.schema(schema))
    # `if not exists` would still ask for the right to create, which a later user may not have.
    known = target.connection.execute(
        "select 1 from pg_namespace where nspname = %s", [target.schema(schema)]
    ).fetchone()
    if known is not None:
        return
    target.connection.execute(sql.SQL("create schema {}").format(name))
    target.connection.execute(sql.SQL("revoke all on schema {} from public").format(name))
    comment = f"{MARKINGS[edition]} Survey {survey}: {schema}"
    target.connection.execute(sql.SQL("comment on schema {} is {}").format(name, comment))


def _drop_retired(target: Target, ours: frozenset[Place], places: Sequence[Place]) -> None:
    """Drop the tables of earlier publications that this release no longer has."""
    for schema, name in sorted(ours.difference(places)):
        target.connection.execute(
            sql.SQL("drop table if exists {}").format(target.place(schema, name))
        )
    write_ledger(target, ours, [place for place in places if place != (CORE, LEDGER)])


def _shape(target: Target, table: Table, key: tuple[str, ...]) -> None:
    """Give a table the columns of the release, changing it only where they differ."""
    place = target.place(table.schema, table.name)
    wanted, there = _wanted(table), columns_of(target, table.schema, table.name)
    if there and there != wanted:
        if _is_remade(target, table):
            target.connection.execute(sql.SQL("drop table {}").format(place))
            there = []
        else:
            for name, data_type in wanted[len(there) :]:
                target.connection.execute(
                    sql.SQL("alter table only {} add column {} {}").format(
                        place, sql.Identifier(name), sql.SQL(data_type)
                    )
                )
    if not there:
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(data_type))
            for name, data_type in wanted
        ]
        target.connection.execute(
            sql.SQL("create table {} ({})").format(place, sql.SQL(", ").join(columns))
        )
        if key and not (in_star(table.full_name) and table.keys.primary):
            target.connection.execute(
                sql.SQL("create index on {} ({})").format(
                    place, sql.SQL(", ").join(sql.Identifier(column) for column in key)
                )
            )
    target.connection.execute(sql.SQL("comment on table {} is {}").format(place, table.description))
    for column in table.columns:
        target.connection.execute(
            sql.SQL("comment on column {} is {}").format(
                sql.Identifier(target.schema(table.schema), table.name, column.name),
                column.description,
            )
        )


def _is_remade(target: Target, table: Table) -> bool:
    """Return whether a table is there whose columns are not the first ones of the release."""
    there = columns_of(target, table.schema, table.name)
    return there != _wanted(table)[: len(there)]


def _fill(target: Target, source: duckdb.DuckDBPyConnection, table: Table) -> None:
    place = target.place(table.schema, table.name)
    target.connection.execute(sql.SQL("delete from only {}").format(place))
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    rows = source.execute(f"from {table.quoted}")
    with (
        target.connection.cursor() as cursor,
        cursor.copy(sql.SQL("copy {} ({}) from stdin").format(place, names)) as copy,
    ):
        while batch := rows.fetchmany(BATCH):
            for row in batch:
                copy.write_row(row)


def _wanted(table: Table) -> list[tuple[str, str]]:
    for column in table.columns:
        if column.data_type not in COLUMN_TYPES:
            raise PostgresError(
                f"There is no PostgreSQL type for {column.data_type} here.",
                where=f"{table.full_name}.{column.name}",
                expected="one of: " + ", ".join(COLUMN_TYPES),
                remedy="Cast the column in its model, and correct its contract.",
            )
    return [(column.name, COLUMN_TYPES[column.data_type]) for column in table.columns]


def _by_schema(target: Target, places: Sequence[Place]) -> dict[str, list[str]]:
    return {
        target.schema(schema): [name for _, name in some]
        for schema, some in groupby(places, key=lambda place: place[0])
    }


def _count(source: duckdb.DuckDBPyConnection, table: Table) -> int:
    row = source.execute(f"select count(*) from {table.quoted}").fetchone()
    return int(row[0]) if row else 0
