"""Which tables a release holds, and how they are copied into its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from barometer.json_files import read_json
from barometer.registry import Registry
from publication.errors import PublicationError

CORE = "core"
ABOUT = "about_release"
SOURCE = "warehouse_build"


@dataclass(frozen=True, order=True)
class ReleasedTable:
    """One table of a release.

    Attributes:
        key: the columns that tell its rows apart; empty where nobody said.
    """

    schema: str
    name: str
    key: tuple[str, ...] = field(default=(), compare=False)

    @property
    def full_name(self) -> str:
        """Return `schema.table`."""
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """Return the name as SQL."""
        return f"{quote(self.schema)}.{quote(self.name)}"


def quote(identifier: str) -> str:
    """Return an identifier as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def released_schemas(registry: Registry) -> tuple[str, ...]:
    """Return `core`, the schemas of the topics, and the groups that have a schema of their own."""
    topics = {mart.schema_name for mart in registry.topic_marts}
    groups = {group.group_id for group in registry.organisation_groups if group.own_schema}
    return (CORE, *sorted(topics), *sorted(groups))


def released_tables(
    connection: duckdb.DuckDBPyConnection, schemas: tuple[str, ...], dbt_manifest: Path
) -> tuple[ReleasedTable, ...]:
    """Return the tables of the released schemas in the attached build database.

    A table whose model was removed stays in the build database; only what dbt's manifest
    still knows is released.

    Raises:
        PublicationError: a released schema is empty, or a model's table is missing.
    """
    present = {
        ReleasedTable(schema, name)
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = ? and list_contains(?, table_schema)",
            [SOURCE, list(schemas)],
        ).fetchall()
    }
    expected = _modelled_tables(dbt_manifest, schemas)
    missing = sorted(expected - present)
    empty = [
        schema for schema in schemas if all(table.schema != schema for table in expected & present)
    ]
    if missing or empty:
        names = [table.full_name for table in missing] + [f"{schema}.*" for schema in empty]
        raise PublicationError(
            f"The warehouse lacks what the release must hold: {', '.join(names)}.",
            expected="a table for every model of " + ", ".join(schemas),
            remedy="Run the whole refresh; it builds the marts before it publishes.",
        )
    return tuple(sorted(expected))


def copy_tables(connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]) -> None:
    """Copy tables from the attached build database, with what is said about them."""
    for schema in sorted({table.schema for table in tables}):
        connection.execute(f"create schema if not exists {quote(schema)}")
    for table in tables:
        connection.execute(
            f"create table {table.quoted} as"
            f" select * from {quote(SOURCE)}.{table.quoted} order by all"
        )
    _copy_comments(connection, tables)


def _modelled_tables(dbt_manifest: Path, schemas: tuple[str, ...]) -> set[ReleasedTable]:
    if not dbt_manifest.exists():
        raise PublicationError(
            "dbt's manifest is missing, so nobody can say which tables are current.",
            where=str(dbt_manifest),
            remedy="Run the whole refresh; dbt writes its manifest when it builds the marts.",
        )
    remedy = "Remove it and run the whole refresh; dbt writes it when it builds the marts."
    return read_json(dbt_manifest, partial(_tables_of, schemas=schemas), remedy=remedy)


def _tables_of(manifest: dict[str, Any], schemas: tuple[str, ...]) -> set[ReleasedTable]:
    nodes = manifest["nodes"]
    keys = _tested_keys(nodes)
    return {
        ReleasedTable(node["schema"], node.get("alias") or node["name"], keys.get(unique_id, ()))
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model"
        and node["schema"] in schemas
        and node.get("config", {}).get("materialized") != "ephemeral"
    }


def _tested_keys(nodes: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return, by model, the columns that a dbt test holds to be unique together."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") in {"grain", "unique_combination"}:
            keys[node["attached_node"]] = tuple(test["kwargs"]["columns"])
        elif test.get("name") == "unique":
            keys.setdefault(node["attached_node"], (test["kwargs"]["column_name"],))
    return keys


def _copy_comments(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]
) -> None:
    """Copy what is said about tables and columns; a commit per comment would take seconds."""
    of_tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables()"
        " where database_name = $1 and comment is not null"
        " union all select schema_name, view_name, comment from duckdb_views()"
        " where database_name = $1 and comment is not null",
        [SOURCE],
    ).fetchall()
    of_columns = connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = ? and comment is not null",
        [SOURCE],
    ).fetchall()
    released = {(table.schema, table.name): table.quoted for table in tables}
    connection.begin()
    for schema, name, comment in of_tables:
        if (schema, name) in released:
            connection.execute(f"comment on table {released[schema, name]} is {literal(comment)}")
    for schema, name, column, comment in of_columns:
        if (schema, name) in released:
            connection.execute(
                f"comment on column {released[schema, name]}.{quote(column)} is {literal(comment)}"
            )
    connection.commit()
