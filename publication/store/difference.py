"""What differs between two releases: which figures changed, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from barometer.databases import RELEASE, attach, telling_of_damage
from publication.errors import PublicationError
from publication.store.contents import ABSOLUTE_NOISE, RELATIVE_NOISE
from publication.store.releases import KeptRelease
from publication.tables import ABOUT, quote

OLD, NEW = "old_release", "new_release"
FLOATS = ("DOUBLE", "FLOAT")


OF_ITS_TIME = frozenset({"is_latest_wave"})
"""Columns that a new wave changes in every row of the one before, whose figures stay."""


@dataclass(frozen=True)
class Change:
    """One cell that differs.

    Attributes:
        table: `schema.table`.
        key: names and values that tell the row.
        column: the column that differs.
        old, new: the values, as text; None where there is none.
        difference: new minus old, for numbers.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    old: str | None
    new: str | None
    difference: float | None


@dataclass(frozen=True)
class TableDifference:
    """What differs in one table.

    Attributes:
        rows_gone, rows_new: rows whose key only the old, only the new release has.
        rows_changed: rows of both that differ in a cell.
        cells_changed: the number of such cells.
        columns_gone, columns_new: columns that only one of the two has.
        without_key: nobody said which columns tell rows apart; whole rows were compared.
    """

    table: str
    rows_gone: int
    rows_new: int
    rows_changed: int
    cells_changed: int
    columns_gone: tuple[str, ...]
    columns_new: tuple[str, ...]
    without_key: bool

    @property
    def is_empty(self) -> bool:
        """Return whether nothing differs."""
        return not (
            self.rows_gone
            or self.rows_new
            or self.rows_changed
            or self.columns_gone
            or self.columns_new
        )


@dataclass(frozen=True)
class Difference:
    """What differs between two releases.

    Attributes:
        tables: one per table of both, those without a difference included.
        changes: every changed cell, the largest relative change first within its table.
        tables_gone, tables_new: tables that only one of the two has.
    """

    tables: tuple[TableDifference, ...]
    changes: tuple[Change, ...]
    tables_gone: tuple[str, ...]
    tables_new: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether the two releases hold the same figures."""
        return (
            not self.tables_gone
            and not self.tables_new
            and all(table.is_empty for table in self.tables)
        )


def compare(old: KeptRelease, new: KeptRelease, *, listing: bool = True) -> Difference:
    """Return what changed from one release to another of the same survey.

    Without `listing` changed cells are counted only, however many they are.

    Rows are matched on the key that dbt tests (in the manifest of the release). Numbers that differ
    by less than the noise of adding in another order are equal (`publication.store.contents`).
    """
    keys = {t["name"]: tuple(t.get("key", ())) for t in old.manifest["tables"]}
    keys.update({t["name"]: tuple(t.get("key", ())) for t in new.manifest["tables"]})
    with (
        duckdb.connect() as connection,
        telling_of_damage(PublicationError, RELEASE, old.database, new.database),
    ):
        attach(PublicationError, RELEASE, old.database, connection, OLD)
        attach(PublicationError, RELEASE, new.database, connection, NEW)
        before, after = _tables(connection, OLD), _tables(connection, NEW)
        tables, changes = [], []
        for table in sorted(before.keys() & after.keys()):
            found, cells = _compare_table(
                connection, table, before[table], after[table], keys.get(table, ()), listing
            )
            tables.append(found)
            changes.extend(cells)
    return Difference(
        tables=tuple(tables),
        changes=tuple(changes),
        tables_gone=tuple(sorted(before.keys() - after.keys())),
        tables_new=tuple(sorted(after.keys() - before.keys())),
    )


def _tables(connection: duckdb.DuckDBPyConnection, alias: str) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and table_name <> ? order by column_index",
        [alias, ABOUT],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        found.setdefault(table, {})[column] = data_type
    return found


def _compare_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    before: dict[str, str],
    after: dict[str, str],
    key: tuple[str, ...],
    listing: bool,
) -> tuple[TableDifference, list[Change]]:
    shared = [column for column in before if column in after]
    has_key = bool(key) and set(key) <= set(shared)
    on = list(key) if has_key else shared
    values = [column for column in shared if column not in {*on, *OF_ITS_TIME}]
    matched = " and ".join(f"o.{quote(c)} is not distinct from n.{quote(c)}" for c in on)
    schema, name = (quote(part) for part in table.split(".", 1))
    pair = f"{OLD}.{schema}.{name} as o {{}} {NEW}.{schema}.{name} as n on {matched}"
    rows_gone = _count(connection, pair.format("anti join"))
    rows_new = _count(
        connection, f"{NEW}.{schema}.{name} as n anti join {OLD}.{schema}.{name} as o on {matched}"
    )
    differs = {
        column: _differs(column, before[column] in FLOATS and after[column] in FLOATS)
        for column in values
    }
    both = pair.format("join")
    rows_changed = (
        _count(connection, f"{both} where {' or '.join(differs.values())}") if values else 0
    )
    changes: list[Change] = []
    cells_changed = 0
    if rows_changed:
        cells_changed = sum(_count(connection, f"{both} where {one}") for one in differs.values())
    if rows_changed and listing:
        for column in values:
            is_number = all(
                types[column] not in ("VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP")
                for types in (before, after)
            )
            changes += _changes(connection, table, both, on, column, differs[column], is_number)
    return (
        TableDifference(
            table,
            rows_gone,
            rows_new,
            rows_changed,
            cells_changed,
            tuple(column for column in before if column not in after),
            tuple(column for column in after if column not in before),
            not has_key,
        ),
        changes,
    )


def _differs(column: str, is_float: bool) -> str:
    old, new = f"o.{quote(column)}", f"n.{quote(column)}"
    differs = f"{old} is distinct from {new}"
    if not is_float:
        return f"({differs})"
    return (
        f"({differs} and not coalesce(abs({old} - {new}) <= greatest({ABSOLUTE_NOISE},"
        f" {RELATIVE_NOISE} * abs({old})), false))"
    )


def _changes(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    both: str,
    key: Sequence[str],
    column: str,
    differs: str,
    is_number: bool,
) -> list[Change]:
    old, new = f"o.{quote(column)}", f"n.{quote(column)}"
    difference = f"cast({new} as double) - cast({old} as double)" if is_number else "null"
    size = f"abs({difference}) / nullif(abs(cast({old} as double)), 0)" if is_number else ""
    names = ", ".join(f"cast(o.{quote(c)} as varchar)" for c in key)
    order = ", ".join(
        [*([f"{size} desc nulls first"] if size else []), *(f"o.{quote(c)}" for c in key)]
    )
    rows: list[tuple[Any, ...]] = connection.execute(
        f"select cast({old} as varchar), cast({new} as varchar), {difference}, {names}"
        f" from {both} where {differs} order by {order}"
    ).fetchall()
    return [
        Change(
            table,
            tuple((c, v) for c, v in zip(key, place, strict=True) if v is not None),
            column,
            before,
            after,
            change,
        )
        for before, after, change, *place in rows
    ]


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
