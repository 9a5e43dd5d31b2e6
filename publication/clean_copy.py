"""Write the database of a public release in a process that has never held an answer.

DuckDB stores something in the place of an empty value: whatever the memory of the process held.
Parquet stores nothing there. So the database that is published is made anew from the Parquet files
of the release by a process of its own, which opens neither the build file nor the first database's
rows; from that it takes the descriptions only.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from publication.errors import PublicationError
from publication.tables import STORAGE, literal, quote

DESCRIBED = "described"
DRAFT = "clean.duckdb"


def rewrite_database(folder: Path, file_name: str, parquet: str) -> None:
    """Replace the database in the folder of a prepared release by one made from its Parquet files.

    Raises:
        PublicationError: the other process failed; nothing was replaced.
    """
    command = [sys.executable, "-m", __name__, str(folder), file_name, parquet]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PublicationError(
            "The database of the public release could not be written anew.",
            where=str(folder / file_name),
            expected="one table per Parquet file",
            remedy=done.stderr.strip()[-500:] or f"The process ended with {done.returncode}.",
        )
    (folder / DRAFT).replace(folder / file_name)


def copy_clean(folder: Path, file_name: str, parquet: str) -> None:
    """Write the new database beside the old one."""
    with duckdb.connect(str(folder / DRAFT), config=STORAGE) as connection:
        connection.execute(f"attach {literal(str(folder / file_name))} as {DESCRIBED} (read_only)")
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables()"
            " where database_name = ? order by all",
            [DESCRIBED],
        ).fetchall()
        columns = connection.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns()"
            " where database_name = ? and comment is not null order by all",
            [DESCRIBED],
        ).fetchall()
        connection.execute(f"detach {DESCRIBED}")
        connection.execute("begin")
        for schema in sorted({schema for schema, _, _ in tables}):
            connection.execute(f"create schema if not exists {quote(schema)}")
        for schema, name, comment in tables:
            path = folder / parquet / schema / f"{name}.parquet"
            place = f"{quote(schema)}.{quote(name)}"
            connection.execute(f"create table {place} as from read_parquet({literal(str(path))})")
            if comment:
                connection.execute(f"comment on table {place} is {literal(comment)}")
        for schema, name, column, comment in columns:
            place = f"{quote(schema)}.{quote(name)}.{quote(column)}"
            connection.execute(f"comment on column {place} is {literal(comment)}")
        connection.execute("commit")
        connection.execute("checkpoint")


if __name__ == "__main__":
    copy_clean(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
