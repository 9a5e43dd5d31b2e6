"""Copy the tables of a release from the build database into its file."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from publication.errors import PublicationError
from publication.keys import NO_KEYS, declaration, in_duckdb, keys_of, parents_first
from publication.tables import READER, SOURCE, TOPIC, ReleasedTable, literal, quote


def copy_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[ReleasedTable, ...],
    selection: Callable[[ReleasedTable], str] = lambda table: table.selection,
) -> None:
    """Copy tables from the attached build database, with what is said about them.

    In one transaction: a commit per table or comment would take seconds. Tables of the star have
    their keys.

    Args:
        connection: the release.
        tables: those that it is to hold.
        selection: gives the rows and columns of each, as SQL over the build database.

    Raises:
        PublicationError: rows break a key that the release declares.
    """
    columns = columns_of_source(connection)
    names = {table.full_name: [name for name, _ in columns[table.place]] for table in tables}
    keys, by_name = keys_of(tables, names), {table.full_name: table for table in tables}
    connection.begin()
    for schema in sorted({table.schema for table in tables}):
        connection.execute(f"create schema if not exists {quote(schema)}")
    for name in parents_first(keys):
        table, declared = by_name[name], in_duckdb(name, keys[name])
        order = _order(columns[table.place])
        rows = f"select * from ({selection(table)}) order by {order}"
        if declared == NO_KEYS:
            connection.execute(f"create table {table.quoted} as {rows}")
        else:
            shape = connection.execute(f"describe {rows}").fetchall()
            columns_made = [(column, data_type) for column, data_type, *_ in shape]
            connection.execute(declaration(table.quoted, columns_made, declared))
            _insert(connection, table, rows)
    _copy_comments(connection, tables)
    connection.commit()


def _insert(connection: duckdb.DuckDBPyConnection, table: ReleasedTable, rows: str) -> None:
    try:
        connection.execute(f"insert into {table.quoted} {rows}")
    except duckdb.ConstraintException as error:
        raise PublicationError(
            f"The rows of a table break its keys: {str(error).splitlines()[0]}",
            where=table.full_name,
            expected="rows that differ in the key, and dimensions that know what they refer to",
            remedy="Correct the model; its grain and reference tests in dbt say the same.",
        ) from error


def columns_of_source(
    connection: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return the columns of every table of the build database, with their types."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, name, *column in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        f" where database_name = {literal(SOURCE)} order by schema_name, table_name, column_index"
    ).fetchall():
        found.setdefault((schema, name), []).append((column[0], column[1]))
    return found


def _order(columns: list[tuple[str, str]]) -> str:
    """Return by what the rows of a table are sorted: wave, whole numbers, fractions, the rest.

    Groups that consist of the same organisations have the same figures. Side by side these are
    stored once, which makes the file of the example a sixth smaller than the order of the keys.
    """
    ranks = {"INTEGER": 1, "BIGINT": 1, "DOUBLE": 2}
    names = [name for name, _ in columns if name not in (READER, TOPIC)]
    # Positions tell groups and indicators apart, figures put equal ones together.
    rank = {name: 3 if name.endswith("position") else ranks.get(kind, 3) for name, kind in columns}
    rank["wave"] = 0
    return ", ".join(quote(name) for name in sorted(names, key=rank.__getitem__))


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]
) -> None:
    of_tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables()"
        f" where database_name = {literal(SOURCE)} and comment is not null"
        " union all select schema_name, view_name, comment from duckdb_views()"
        f" where database_name = {literal(SOURCE)} and comment is not null"
    ).fetchall()
    of_columns = connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns()"
        f" where database_name = {literal(SOURCE)} and comment is not null"
    ).fetchall()
    released: dict[tuple[str, str], list[ReleasedTable]] = {}
    for table in tables:
        released.setdefault(table.place, []).append(table)
    said = [
        f"comment on table {copy.quoted} is {literal(_described(copy, comment))}"
        for schema, name, comment in of_tables
        for copy in released.get((schema, name), ())
    ]
    said += [
        f"comment on column {copy.quoted}.{quote(column)} is {literal(comment)}"
        for schema, name, column, comment in of_columns
        for copy in released.get((schema, name), ())
        if copy.cut is None or column != copy.cut.column
    ]
    connection.execute(";".join(said))


def _described(table: ReleasedTable, comment: str) -> str:
    """Return what is said about a table; about the rows of one topic, with its name first."""
    return f"{table.cut.label}. {comment}" if table.cut and table.cut.label else comment
