"""Which tables a release holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from barometer.json_files import read_json
from publication.errors import PublicationError
from registry import Registry
from registry.problems import listed
from registry.schemas import GROUPS, TOPICS, mart_schemas, reader_groups, whole_schemas

READER = "reader_group_id"
READERS = "readers"
TOPIC_TABLE, TOPIC = "findings", "mart_id"
GROUP_SIZES = ("estimation", "est_group_sizes")
"""Schema and name of the table that says how many organisations every group has."""
ABOUT = "about_release"
STORAGE: dict[str, str | bool | int | float | list[str]] = {
    "default_block_size": "16384",
    "storage_compatibility_version": "v1.2.0",
    "threads": 1,
    "disabled_compression_methods": "fsst",
}
"""Of a database file that readers get: small blocks, for many small tables; DuckDB 1.2 opens it.

Written by one thread: with more, tables this small cost half as much processor again. Trying FSST
on every text takes longer than all other compression, and dictionaries come out as small.
"""
SOURCE = "warehouse_build"


@dataclass(frozen=True)
class Cut:
    """The rows of a table of the build database in which one column says the same.

    Attributes:
        place: schema and name of that table.
        column: the column, which the rows lose.
        value: what it says.
        label: what the rows are about, where the table alone does not say.
    """

    place: tuple[str, str]
    column: str
    value: str
    label: str = ""


class Named:
    """What stands in a schema under a name."""

    schema: str
    name: str

    @property
    def full_name(self) -> str:
        """Return `schema.table`."""
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """Return the name as SQL."""
        return f"{quote(self.schema)}.{quote(self.name)}"


@dataclass(frozen=True, order=True)
class ReleasedTable(Named):
    """One table of a release.

    Attributes:
        key: the columns that tell its rows apart; empty where nobody said.
        cut: the rows it holds, where it is no whole table of the build database.
        nullable: columns of the key that can be blank.
    """

    schema: str
    name: str
    key: tuple[str, ...] = field(default=(), compare=False)
    cut: Cut | None = field(default=None, compare=False)
    nullable: tuple[str, ...] = field(default=(), compare=False)

    @property
    def origin(self) -> str:
        """Return the table of the build database that it is taken from, as SQL."""
        schema, name = self.place
        return f"{quote(SOURCE)}.{quote(schema)}.{quote(name)}"

    @property
    def place(self) -> tuple[str, str]:
        """Return the schema and name of that table."""
        return self.cut.place if self.cut else (self.schema, self.name)

    @property
    def selection(self) -> str:
        """Return its columns and rows in the build database, as SQL."""
        return self.selected_from(self.origin)

    def selected_from(self, whole: str) -> str:
        """Return its columns and rows in a table like the one it is taken from, as SQL."""
        if self.cut is None:
            return f"select * from {whole}"
        return (
            f"select * exclude ({self.cut.column}) from {whole}"
            f" where {self.cut.column} = {literal(self.cut.value)}"
        )


def quote(identifier: str) -> str:
    """Return an identifier as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def released_tables(
    connection: duckdb.DuckDBPyConnection, registry: Registry, dbt_manifest: Path
) -> tuple[ReleasedTable, ...]:
    """Return the tables of a release: the marts, and the rows of some per topic or reader group.

    A table whose model was removed stays in the build database; only what dbt's manifest
    still knows is released.

    Raises:
        PublicationError: a released schema is empty, a model's table is missing, or a group that
            would get a schema of its own is too small.
    """
    present = {
        (schema, name)
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
            f" where table_catalog = {literal(SOURCE)}"
        ).fetchall()
    }
    readers, schemas = reader_groups(registry), whole_schemas(registry)
    modelled = {(table.schema, table.name): table for table in _modelled_tables(dbt_manifest)}
    whole = {table for table in modelled.values() if table.schema in schemas}
    cuts = {
        ReleasedTable(
            reader,
            table.name,
            tuple(column for column in table.key if column != READER),
            Cut((GROUPS, table.name), READER, reader),
            table.nullable,
        )
        for reader in readers
        for table in modelled.values()
        if table.schema == GROUPS and table.name != READERS
    }
    topics = modelled.get((TOPICS, TOPIC_TABLE))
    for mart in registry.topic_marts:
        if topics and not mart.has_own_columns:
            key = tuple(column for column in topics.key if column != TOPIC)
            cut = Cut((TOPICS, TOPIC_TABLE), TOPIC, mart.mart_id, mart.label_en)
            cuts.add(ReleasedTable(mart.schema_name, mart.mart_id, key, cut, topics.nullable))
    released = whole | cuts
    wanted = {table.place for table in released}
    wanted |= {GROUP_SIZES} if readers else set()
    missing = [f"{schema}.{name}" for schema, name in sorted(wanted - present)]
    missing += [f"{schema}.*" for schema in schemas if all(t.schema != schema for t in released)]
    if readers and all(table.schema not in readers for table in released):
        missing.append(f"{GROUPS}.*")
    if missing:
        raise PublicationError(
            f"The warehouse lacks what the release must hold: {', '.join(missing)}.",
            expected="a table for every model of " + ", ".join(mart_schemas(registry)),
            remedy="Run the whole refresh; it builds the marts before it publishes.",
        )
    if readers:
        _refuse_small_readers(connection, readers, int(registry.rule("minimum_base")))
    return tuple(sorted(released))


def _refuse_small_readers(
    connection: duckdb.DuckDBPyConnection, readers: Sequence[str], minimum: int
) -> None:
    """Refuse a schema that would be about single organisations; every outlet starts here.

    In a wave without an organisation of a group its schema says nothing of anybody; without a frame
    nobody knows how many there are.
    """
    small = connection.execute(
        f"select group_id, wave, n_population from {'.'.join(map(quote, (SOURCE, *GROUP_SIZES)))}"
        f" where group_id in ({', '.join(map(literal, readers))})"
        f" and n_population >= 1 and n_population < {minimum} order by group_id, wave"
    ).fetchall()
    if small:
        raise PublicationError(
            "A schema of its own would be about single organisations: "
            + listed(f"{group} has {number} in wave {wave}" for group, wave, number in small)
            + ".",
            where="organisation_groups.csv, column own_schema",
            expected=f"at least {minimum} organisations in the frame of every wave, the "
            "minimum_base of publication_rules.csv",
            remedy="Join the group with another one, or set its own_schema to false: core has "
            "its rows either way. Then run the whole refresh.",
        )


def _modelled_tables(dbt_manifest: Path) -> frozenset[ReleasedTable]:
    if not dbt_manifest.exists():
        raise PublicationError(
            "dbt's manifest is missing, so nobody can say which tables are current.",
            where=str(dbt_manifest),
            remedy="Run the whole refresh; dbt writes its manifest when it builds the marts.",
        )
    remedy = "Remove it and run the whole refresh; dbt writes it when it builds the marts."
    return read_json(dbt_manifest, _tables_of, remedy=remedy)


def _tables_of(manifest: dict[str, Any]) -> frozenset[ReleasedTable]:
    nodes = manifest["nodes"]
    keys, nullable = keys_by_model(nodes), _nullable_by_model(nodes)
    return frozenset(
        ReleasedTable(
            node["schema"],
            node.get("alias") or node["name"],
            keys.get(unique_id, ()),
            nullable=nullable.get(unique_id, ()),
        )
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model"
        and node.get("config", {}).get("materialized") != "ephemeral"
    )


def keys_by_model(nodes: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return, by model, the columns that a dbt test holds to be unique together."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "grain":
            keys[node["attached_node"]] = tuple(test["kwargs"]["columns"])
        elif test.get("name") == "unique":
            keys.setdefault(node["attached_node"], (test["kwargs"]["column_name"],))
    return keys


def _nullable_by_model(nodes: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        node["attached_node"]: tuple(test["kwargs"].get("nullable", ()))
        for node in nodes.values()
        if (test := node.get("test_metadata") or {}).get("name") == "grain"
    }
