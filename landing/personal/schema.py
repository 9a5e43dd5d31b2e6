"""The raw tables about protection, beside those of what was delivered."""

from __future__ import annotations

import duckdb

_TABLES = """
create table if not exists raw.forgotten (
    record_id text not null primary key,
    wave text not null,
    part text not null,
    salt text not null,
    response_hash text not null,
    key_id text,
    row_count bigint not null,
    exports text[] not null,
    forgotten_at timestamp not null,
    forgotten_by text not null,
    finished_at timestamp
);

create table if not exists raw.pseudonym_keys (
    key_id text not null primary key,
    first_used_at timestamp not null
);
"""


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables where they are not there yet, and let originals be absent."""
    connection.execute(_TABLES)
    required = connection.execute(
        "select 1 from duckdb_columns() where database_name = current_database() "
        "and schema_name = 'raw' and table_name = 'exports' "
        "and column_name = 'archive_path' and not is_nullable"
    ).fetchone()
    if required:
        # A warehouse made before originals could be left out.
        connection.execute("alter table raw.exports alter column archive_path drop not null")


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Return whether the open warehouse has a raw table; one made before has not all of them."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        f"and schema_name = 'raw' and table_name = '{name}'"
    ).fetchone()
    return found is not None
