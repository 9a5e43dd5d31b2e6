"""A warehouse without a respondent: written anew, so that no freed page holds old bytes.

Only the raw tables are taken over; everything else is built from them. The new file takes the
place of the old one in one step, with the record of the erasure in it: before that step nothing
has happened, after it the record says what is left to do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from barometer.memory import bounded
from landing.findings.errors import LandingError
from landing.personal.forgotten import Forgotten, insert_forgotten
from landing.personal.schema import make_tables
from landing.personal.search import Found
from landing.storage.warehouse import open_warehouse

_WORKPLACE = ".forgetting"
_NUMBER = "export_number"


def remove_traces(home: Path, warehouse: Path) -> None:
    """Remove what runs that were killed left behind: half-written copies and spilled rows."""
    shutil.rmtree(home / _WORKPLACE, ignore_errors=True)
    shutil.rmtree(warehouse.with_name(f"{warehouse.name}.tmp"), ignore_errors=True)


def rewrite_without(home: Path, warehouse: Path, found: Sequence[Found], record: Forgotten) -> None:
    """Replace the warehouse by one without these rows and with this record.

    Raises:
        LandingError: it is in use, or there is no room; the warehouse is as it was.
    """
    remove_traces(home, warehouse)
    workplace = home / _WORKPLACE
    workplace.mkdir(mode=0o700)
    fresh = workplace / warehouse.name
    try:
        # What a killed run left in the journal comes into the file, and the journal goes.
        with open_warehouse(warehouse) as connection:
            connection.execute("checkpoint")
        _copy(warehouse, fresh, workplace, found, record)
        shutil.copymode(warehouse, fresh)
        _sync(fresh)
        _journal(warehouse).unlink(missing_ok=True)
        fresh.replace(warehouse)
        _sync(home)
    except (duckdb.Error, OSError) as error:
        raise LandingError(
            f"The warehouse could not be written anew ({str(error).splitlines()[0]}).",
            where=str(home),
            expected="room on the disk for a second copy of the raw tables",
            remedy="Mend the cause and run again; nothing was changed.",
        ) from error
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _copy(
    warehouse: Path, fresh: Path, workplace: Path, found: Sequence[Found], record: Forgotten
) -> None:
    spill = str(workplace / "spill")
    with duckdb.connect(":memory:", config=bounded(temp_directory=spill)) as connection:
        connection.execute(f"attach {_literal(str(warehouse))} as before (read_only)")
        connection.execute(f"attach {_literal(str(fresh))} as after (storage_version 'latest')")
        tables = connection.execute(
            "select table_name, sql from duckdb_tables() "
            "where database_name = 'before' and schema_name = 'raw' order by table_name"
        ).fetchall()
        views = connection.execute(
            "select sql from duckdb_views() "
            "where database_name = 'before' and schema_name = 'raw' order by view_name"
        ).fetchall()
        _list_gone(connection, found)
        connection.execute("use after")
        connection.begin()
        connection.execute("create schema raw")
        for name, definition in tables:
            connection.execute(definition)
            connection.execute(_taken_over(connection, name))
        for (definition,) in views:
            connection.execute(definition)
        make_tables(connection)
        insert_forgotten(connection, record)
        connection.commit()
        connection.execute("checkpoint after")
        connection.execute("use memory")
        connection.execute("detach after")
        connection.execute("detach before")


def _list_gone(connection: duckdb.DuckDBPyConnection, found: Sequence[Found]) -> None:
    connection.execute(
        "create table memory.main.gone "
        "(export_id text, content_sha256 text, numbers bigint[], n_rows bigint)"
    )
    for one in found:
        connection.execute(
            "insert into memory.main.gone values (?, ?, ?, ?)",
            [one.export_id, one.content_sha256, list(one.rows), len(one.rows)],
        )


def _taken_over(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the statement that takes over a raw table."""
    columns = {
        row[0]
        for row in connection.execute(
            "select column_name from duckdb_columns() where database_name = 'before' "
            "and schema_name = 'raw' and table_name = ?",
            [name],
        ).fetchall()
    }
    into = f'insert into after.raw."{name}" by name'
    if name == "exports":
        # One original may have been landed twice; it is gone for both.
        return f"""
            {into}
            select listed.* replace (
                listed.row_count - coalesce(gone.n_rows, 0) as row_count,
                case when listed.content_sha256 not in (
                    select content_sha256 from memory.main.gone
                ) then listed.archive_path end as archive_path
            )
            from before.raw.exports as listed
            left join memory.main.gone as gone on listed.export_id = gone.export_id
        """
    if name == "delivery_findings":
        # Findings quote: those of a file with the respondent go, and that is said.
        return f"""
            {into}
            select * from before.raw.delivery_findings
            where export_id not in (select export_id from memory.main.gone)
            union all by name
            select
                export_id,
                1 as finding_number,
                'information' as severity,
                'findings_removed' as code,
                'What was found in the file went with a respondent who was forgotten.' as message,
                '' as place,
                '' as expected,
                'Check a new export to see it again.' as remedy
            from memory.main.gone
        """
    if "row_number" in columns:
        # Rows that are left are counted anew: a gap would show where somebody stood.
        key = "export_id" if "export_id" in columns else _NUMBER
        return f"""
            {into}
            select taken.* replace (
                taken.row_number - coalesce(
                    len(list_filter(gone.numbers, lambda n: n < taken.row_number)), 0
                ) as row_number
            )
            from before.raw."{name}" as taken
            left join (
                select gone.*, listed.{key} as gone_from
                from memory.main.gone as gone
                inner join before.raw.exports as listed on gone.export_id = listed.export_id
            ) as gone on taken.{key} = gone.gone_from
            where gone.numbers is null or not list_contains(gone.numbers, taken.row_number)
        """
    return f'{into} select * from before.raw."{name}"'


def _journal(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.wal")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
