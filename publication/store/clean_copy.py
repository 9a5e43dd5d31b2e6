"""Write the database of a public release in a process that has never held an answer.

DuckDB stores something in the place of an empty value: whatever the memory of the process held.
Parquet stores nothing there. So the database that is published is made anew from the Parquet files
of the release by a process of its own. It is told the names of the tables and what is said about
them, and opens neither the build file nor the first database.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from publication.errors import PublicationError
from publication.keys import NO_KEYS, declaration, in_duckdb, parents_first
from publication.outlets.described import Table
from publication.tables import STORAGE, literal, quote

DRAFT = "clean.duckdb"

# Imports nothing of this project: starting it would cost more than the copy.
_PROGRAM = """
import json, sys
import duckdb
with duckdb.connect(sys.argv[1], config=json.loads(sys.argv[2])) as connection:
    # Its own encoding may be another than ours.
    connection.execute(sys.stdin.buffer.read().decode())
"""


def rewrite_database(folder: Path, file_name: str, parquet: str, tables: Sequence[Table]) -> None:
    """Replace the database in the folder of a prepared release by one made from its Parquet files.

    Raises:
        PublicationError: the other process failed; nothing was replaced.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder / DRAFT), json.dumps(STORAGE)],
        input=";\n".join(_statements(folder / parquet, tables)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise PublicationError(
            "The database of the public release could not be written anew.",
            where=str(folder / file_name),
            expected="one table per Parquet file",
            remedy=done.stderr.strip()[-500:] or f"The process ended with {done.returncode}.",
        )
    (folder / DRAFT).replace(folder / file_name)


def _statements(parquet: Path, tables: Sequence[Table]) -> Iterator[str]:
    yield "begin"
    for schema in sorted({table.schema for table in tables}):
        yield f"create schema if not exists {quote(schema)}"
    by_name = {table.full_name: table for table in tables}
    for name in parents_first({name: table.keys for name, table in by_name.items()}):
        table, declared = by_name[name], in_duckdb(name, by_name[name].keys)
        path = parquet / table.schema / f"{table.name}.parquet"
        rows = f"from read_parquet({literal(str(path))})"
        if declared == NO_KEYS:
            yield f"create table {table.quoted} as {rows}"
        else:
            columns = [(column.name, column.data_type) for column in table.columns]
            yield declaration(table.quoted, columns, declared)
            yield f"insert into {table.quoted} {rows}"
        if table.description:
            yield f"comment on table {table.quoted} is {literal(table.description)}"
        for column in table.columns:
            if column.description:
                place = f"{table.quoted}.{quote(column.name)}"
                yield f"comment on column {place} is {literal(column.description)}"
    yield "commit"
    yield "checkpoint"
