"""What an open release says of its tables and columns."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from publication.keys import NO_KEYS, Keys
from publication.tables import Named


@dataclass(frozen=True)
class Column:
    """One column of a released table."""

    name: str
    data_type: str
    description: str
    nullable: bool


@dataclass(frozen=True)
class Table(Named):
    """One released table with what is said about it."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    keys: Keys = NO_KEYS


def described_tables(connection: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """Return every table of an open release with its columns and their descriptions."""
    rows = connection.execute(
        "select t.schema_name, t.table_name, coalesce(t.comment, ''), c.column_name, c.data_type,"
        " coalesce(c.comment, ''), c.is_nullable"
        " from duckdb_tables() as t join duckdb_columns() as c"
        " using (database_name, schema_name, table_name)"
        " where t.database_name = current_database()"
        " order by t.schema_name, t.table_name, c.column_index"
    ).fetchall()
    found: dict[tuple[str, str, str], list[Column]] = {}
    for schema, name, comment, *column in rows:
        found.setdefault((schema, name, comment), []).append(Column(*column))
    return tuple(
        Table(schema, name, comment, tuple(columns))
        for (schema, name, comment), columns in found.items()
    )
