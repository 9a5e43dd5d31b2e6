"""A fingerprint of the figures: equal figures, equal fingerprint, whatever the file says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from publication.tables import ReleasedTable

BATCH = 10_000


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
