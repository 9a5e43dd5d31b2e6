"""What in a PostgreSQL database is ours: the tables that our own table of published tables names.

Nothing else is altered, emptied, dropped or granted, whatever its name. A schema that somebody else
made is taken only while it is empty.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from publication.errors import PostgresError
from publication.tables import ABOUT
from registry.schemas import CORE

LEDGER = "published_tables"
LEDGER_COLUMNS = [("schema_name", "text"), ("table_name", "text")]
SHOWN = 10

Place: TypeAlias = tuple[str, str]
"""Schema, as the release calls it, and table."""


@dataclass(frozen=True)
class Target:
    """An open transaction, and what schemas are called in it."""

    connection: psycopg.Connection[Any]
    prefix: str

    def schema(self, name: str) -> str:
        """Return what a schema of the release is called in the database."""
        return f"{self.prefix}{name}"

    def place(self, schema: str, table: str) -> sql.Identifier:
        """Return a table of the release as SQL."""
        return sql.Identifier(self.schema(schema), table)


def published_before(target: Target) -> frozenset[Place]:
    """Return the tables that earlier publications made here, the ledger itself included."""
    if columns_of(target, CORE, LEDGER) != LEDGER_COLUMNS:
        return frozenset()
    query = sql.SQL("select schema_name, table_name from {}").format(target.place(CORE, LEDGER))
    known = frozenset(target.connection.execute(query).fetchall())
    # Every release has this table; a list without it is somebody else's.
    return known | {(CORE, LEDGER)} if (CORE, ABOUT) in known else frozenset()


def refuse_what_is_not_ours(
    target: Target, wanted: Collection[Place], ours: Set[Place], release_id: str
) -> None:
    """Refuse to publish where a table of others stands in the way.

    Raises:
        PostgresError: a schema that no earlier publication used is not empty, or a name in one of
            ours is taken by something that no earlier publication made.
    """
    used = {schema for schema, _ in ours}
    foreign: list[str] = []
    for schema in sorted({schema for schema, _ in wanted} - used):
        foreign += _objects_in(target, schema)
    for schema in sorted(used):
        names = {name for place, name in {*wanted, *ours} if place == schema}
        foreign += [
            found
            for name, is_table, found in _relations_in(target, schema)
            if name in names and not (is_table and (schema, name) in ours)
        ]
    if foreign:
        more = f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else ""
        raise PostgresError(
            "The schemas that this release needs hold tables that are not ours.",
            where=", ".join(foreign[:SHOWN]) + more,
            expected=f"schemas that are empty or do not exist, or tables that {LEDGER} in schema "
            f"'{target.schema(CORE)}' names",
            remedy=f"Keep release {release_id} apart with --schema-prefix, or use another "
            "database; nothing has changed.",
        )


def write_ledger(target: Target, ours: Set[Place], present: Collection[Place]) -> None:
    """Replace the list of published tables; it is made with the first publication."""
    ledger = target.place(CORE, LEDGER)
    if not ours:
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(data_type))
            for name, data_type in LEDGER_COLUMNS
        )
        target.connection.execute(sql.SQL("create table {} ({})").format(ledger, columns))
        target.connection.execute(
            sql.SQL("comment on table {} is {}").format(
                ledger, "Bookkeeping: the tables that were published here."
            )
        )
    target.connection.execute(sql.SQL("delete from only {}").format(ledger))
    with target.connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL("insert into {} values (%s, %s)").format(ledger), sorted(present)
        )


def columns_of(target: Target, schema: str, table: str) -> list[tuple[str, str]]:
    """Return names and types of the columns of a table; nothing where there is no such table."""
    return target.connection.execute(
        "select a.attname, format_type(a.atttypid, a.atttypmod)"
        " from pg_attribute as a"
        " join pg_class as c on c.oid = a.attrelid"
        " join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = %s and c.relname = %s and c.relkind = 'r'"
        " and a.attnum > 0 and not a.attisdropped"
        " order by a.attnum",
        [target.schema(schema), table],
    ).fetchall()


def _objects_in(target: Target, schema: str) -> list[str]:
    """Return whatever a schema holds: tables, views, functions, types."""
    rows = target.connection.execute(
        "select found.type || ' ' || found.identity"
        " from pg_depend as d join pg_namespace as n on n.oid = d.refobjid"
        " cross join lateral pg_identify_object(d.classid, d.objid, 0) as found"
        " where d.refclassid = 'pg_namespace'::regclass and n.nspname = %s"
        # Default privileges and the like point to a schema and are not in it.
        " and found.schema is not null order by 1",
        [target.schema(schema)],
    ).fetchall()
    return [found for (found,) in rows]


def _relations_in(target: Target, schema: str) -> list[tuple[str, bool, str]]:
    """Return the relations of a schema: name, whether it is an ordinary table, what it is."""
    return target.connection.execute(
        "select c.relname, c.relkind = 'r', found.type || ' ' || found.identity"
        " from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " cross join lateral pg_identify_object('pg_class'::regclass, c.oid, 0) as found"
        " where n.nspname = %s order by c.relname",
        [target.schema(schema)],
    ).fetchall()
