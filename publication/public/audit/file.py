"""What is really in the file of a prepared public release, held against what is agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from publication.public.method.rules import group_key
from publication.public.tables.fill import PublicTable
from publication.tables import ABOUT, ReleasedTable, literal, quote
from registry.schemas import CORE

SHARE = "share"
FIGURES = "mart_estimates"
NAMED = 5
"""Rows of a table that are named at most."""


@dataclass(frozen=True)
class ShownFigure:
    """A figure that the file shows.

    Attributes:
        key: wave, `classification.group` and indicator.
        kind: of the indicator.
        protection: how the figure is protected.
        low: the figure is at least this.
        high: it is at most this.
    """

    key: tuple[str, str, str]
    kind: str
    protection: str
    low: float
    high: float


def figures_in(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[ReleasedTable]
) -> tuple[ShownFigure, ...]:
    """Return the figures that the file shows, wherever in it one end stands alone as a point."""
    if all((table.schema, table.name) != (CORE, FIGURES) for table in tables):
        return ()
    return tuple(
        ShownFigure((wave, group_key(classification, group), name), kind, protection, low, high)
        for wave, classification, group, name, kind, protection, low, high in connection.execute(
            "select wave, classification_id, group_id, indicator_id, kind, protection,"
            " coalesce(range_lower, range_upper), coalesce(range_upper, range_lower)"
            f" from {CORE}.{FIGURES} where coalesce(range_lower, range_upper) is not null"
        ).fetchall()
    )


def strange_tables(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[ReleasedTable]
) -> Iterator[str]:
    """Yield the tables that nobody agreed on, and those that are missing."""
    agreed = {(table.schema, table.name) for table in tables} | {(CORE, ABOUT)}
    present = set(
        connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_database()"
        ).fetchall()
    )
    for schema, name in sorted(present - agreed):
        yield f"{schema}.{name} is not a table of the public edition"
    for schema, name in sorted(agreed - present):
        yield f"{schema}.{name} is missing"


def strange_columns(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublicTable]
) -> Iterator[str]:
    """Yield where the columns differ from those of the build database and those added to them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for schema, name, *column in connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        " where table_catalog = current_database()"
        " order by table_schema, table_name, ordinal_position"
    ).fetchall():
        found.setdefault(f"{schema}.{name}", []).append((column[0], column[1]))
    for each in tables:
        table = each.table.full_name
        agreed = [(name, column.data_type) for name, column in each.columns.items()]
        for name, data_type in sorted(set(found[table]) - set(agreed)):
            yield f"{table}.{name} is not a column of the public edition as {data_type}"
        for name, _ in sorted(set(agreed) - set(found[table])):
            yield f"{table}.{name} is missing"
        if found[table] != agreed and set(found[table]) == set(agreed):
            yield f"{table} has its columns in another order than the build database"


def differences(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublicTable]
) -> Iterator[str]:
    """Yield what is in the file beside kept columns of the build and what the cells give."""
    for each in tables:
        empty = [name for name, column in each.columns.items() if column.treatment == "empty"]
        yield from _not_empty(connection, each.table, empty)
        yield from _not_agreed(connection, each.table, f"({each.selection})", list(each.columns))


def _not_empty(
    connection: duckdb.DuckDBPyConnection, table: ReleasedTable, columns: Sequence[str]
) -> Iterator[str]:
    if not columns:
        return
    counts = ", ".join(f"count({quote(column)})" for column in columns)
    row = connection.execute(f"select {counts} from {table.quoted}").fetchone() or ()
    for column, number in zip(columns, row, strict=True):
        if number:
            yield f"{table.full_name}.{column} is not empty"


def _not_agreed(
    connection: duckdb.DuckDBPyConnection,
    table: ReleasedTable,
    agreed: str,
    columns: Sequence[str],
) -> Iterator[str]:
    """Yield the rows that differ, each with its key and the columns that do not follow."""
    if _digest(connection, table.quoted, columns) == _digest(connection, agreed, columns):
        return
    extra = connection.execute(
        f"from {table.quoted} except all from {agreed} as agreed limit {NAMED}"
    ).fetchall()
    for row in extra:
        values = dict(zip(columns, row, strict=True))
        key = " ".join(str(values[column]) for column in table.key)
        same = " and ".join(
            f"{quote(column)} is not distinct from {_literal(values[column])}"
            for column in table.key
        )
        expected = (
            connection.execute(f"from {agreed} as agreed where {same}").fetchone() if same else None
        )
        wrong = (
            [name for name, a, b in zip(columns, row, expected, strict=True) if a != b]
            if expected
            else ["a row of its own"]
        )
        yield (f"{table.full_name} {key}: {', '.join(wrong)} does not follow from protected cells")
    if extra:
        return
    lacking = connection.execute(
        f"from {agreed} as agreed except all from {table.quoted} limit {NAMED}"
    ).fetchall()
    for row in lacking:
        values = dict(zip(columns, row, strict=True))
        yield f"{table.full_name} {' '.join(str(values[c]) for c in table.key)}: missing"


def _digest(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[str]
) -> tuple[object, ...] | None:
    """Return what tells rows from others whatever their order; comparing them takes ten times."""
    row = f"hash({', '.join(quote(column) for column in columns)})"
    return connection.execute(
        f"select count(*), sum({row}), bit_xor({row}) from {rows} as compared"
    ).fetchone()


def _literal(value: object) -> str:
    return "null" if value is None else literal(str(value))
