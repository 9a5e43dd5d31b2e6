"""A fingerprint of the figures: equal figures, equal fingerprint, whatever the file says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from barometer.databases import RELEASE, attach, telling_of_damage
from publication.errors import PublicationError
from publication.tables import ReleasedTable, literal, quote

BATCH = 10_000
PUBLISHED = "published_release"
RELATIVE_NOISE = "1e-9"
ABSOLUTE_NOISE = "1e-12"


@dataclass(frozen=True)
class TableContents:
    """The size and fingerprint of one table."""

    name: str
    rows: int
    sha256: str


def table_contents(connection: duckdb.DuckDBPyConnection, table: ReleasedTable) -> TableContents:
    """Return the fingerprint of a table: its columns, types and rows in sorted order."""
    digest = hashlib.sha256()
    columns = connection.execute(f"describe {table.quoted}").fetchall()
    for column in columns:
        digest.update(f"{column[0]} {column[1]}\n".encode())
    cursor = connection.execute(
        f"select cast(to_json(t) as varchar) as row_text from {table.quoted} as t order by 1"
    )
    rows = 0
    while batch := cursor.fetchmany(BATCH):
        rows += len(batch)
        for (text,) in batch:
            digest.update(text.encode())
            digest.update(b"\n")
    return TableContents(table.full_name, rows, digest.hexdigest())


def content_hash(contents: Sequence[TableContents]) -> str:
    """Return the fingerprint of several tables together."""
    digest = hashlib.sha256()
    for table in sorted(contents, key=lambda table: table.name):
        digest.update(f"{table.name} {table.sha256}\n".encode())
    return digest.hexdigest()


def same_figures(
    connection: duckdb.DuckDBPyConnection, release: Path, tables: Sequence[ReleasedTable]
) -> bool:
    """Return whether a release holds the same figures as the open database.

    A database adds floats in the order in which rows come, and may choose another order
    tomorrow; what differs by less than such noise is the same figure. Everything else must
    be equal.
    """
    attach(PublicationError, RELEASE, release, connection, PUBLISHED)
    try:
        with telling_of_damage(PublicationError, RELEASE, release):
            return all(_same_table(connection, table) for table in tables)
    finally:
        connection.execute(f"detach {PUBLISHED}")


def _same_table(connection: duckdb.DuckDBPyConnection, table: ReleasedTable) -> bool:
    columns = _columns(connection, "current_database()", table)
    if columns != _columns(connection, literal(PUBLISHED), table):
        return False
    floats = [quote(name) for name, data_type in columns if data_type in ("DOUBLE", "FLOAT")]
    exact = [quote(name) for name, data_type in columns if data_type not in ("DOUBLE", "FLOAT")]
    place = f"row_number() over (order by {', '.join([*exact, *floats])}) as place_in_order"
    differences = [
        *(f"here.{column} is distinct from there.{column}" for column in exact),
        *(
            f"(here.{column} is distinct from there.{column} and not coalesce("
            f"abs(here.{column} - there.{column}) <= greatest({ABSOLUTE_NOISE},"
            f" {RELATIVE_NOISE} * abs(here.{column})), false))"
            for column in floats
        ),
    ]
    row = connection.execute(
        f"select count(*) from (select *, {place} from {table.quoted}) as here"
        f" full join (select *, {place} from {PUBLISHED}.{table.quoted}) as there"
        " using (place_in_order)"
        " where here.place_in_order is null or there.place_in_order is null"
        f" or {' or '.join(differences)}"
    ).fetchone()
    return row == (0,)


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, table: ReleasedTable
) -> list[tuple[str, str]]:
    return connection.execute(
        "select column_name, data_type from information_schema.columns"
        f" where table_catalog = {database} and table_schema = {literal(table.schema)}"
        f" and table_name = {literal(table.name)} order by ordinal_position"
    ).fetchall()
