"""The build database as landing sees it: opened shortly, written in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from barometer.databases import BUILD_FILE, file_error, telling_of_damage
from barometer.memory import bounded
from landing.findings.errors import LandingError
from landing.storage.schema import RAW_SCHEMA
from landing.storage.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

_ATTACHED = "attached_warehouse"
# Of a warehouse that is made new. Only this version and later ones of the engine read it; it
# writes long tables with few distinct texts in two thirds of the time.
_STORAGE_VERSION = "latest"
_BLOCK_SIZE = 65536
# The number of the export that is written, as an SQL expression.
CURRENT_EXPORT = "getvariable('export_number')"
_STORED_IN = {"cells": "cell_values"}


@dataclass(frozen=True)
class Selection:
    """Rows for a raw table, still in a workspace: statements that select them by column name."""

    statements: tuple[str, ...]


@dataclass(frozen=True)
class KnownExport:
    """A file that was landed before.

    Attributes:
        read_as: how the registry said that it is read; None where that was not kept yet.
    """

    export_id: str
    wave: str
    kind: str
    part: str
    file_name: str
    content_sha256: str
    row_count: int
    column_count: int
    is_current: bool
    tool: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    read_as: str | None = None

    @property
    def slot(self) -> tuple[str, str, str]:
        """The delivery it belongs to."""
        return (self.wave, self.kind, self.part)


@contextmanager
def open_warehouse(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database for as long as the block lasts.

    Raises:
        LandingError: it is in use, damaged, or cannot be written.
    """
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), read_only=read_only, config=bounded())
    except (duckdb.Error, OSError) as error:
        raise file_error(LandingError, BUILD_FILE, error, path) from error
    with connection, telling_of_damage(LandingError, BUILD_FILE, path):
        yield connection


def has_raw_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the warehouse has a raw table; one of an earlier version may lack some."""
    found = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'raw' and table_name = ?",
        [name],
    ).fetchone()
    return found is not None


def known_exports(path: Path, survey: str) -> tuple[KnownExport, ...]:
    """Return what was landed before; nothing where there is no warehouse yet."""
    if not path.exists():
        return ()
    with open_warehouse(path, read_only=True) as connection:
        return read_known_exports(connection, survey)


def read_known_exports(
    connection: duckdb.DuckDBPyConnection, survey: str
) -> tuple[KnownExport, ...]:
    """Return what was landed before, over an open connection."""
    columns = connection.execute(
        "select column_name from information_schema.columns "
        "where table_schema = 'raw' and table_name = 'exports'"
    ).fetchall()
    if not columns:
        return ()
    read_as = "read_as" if ("read_as",) in columns else "null"
    rows = connection.execute(
        f"""
        select
            export_id, wave, kind, part, file_name, content_sha256,
            row_count, column_count, superseded_by is null,
            tool, format, encoding, delimiter, sheet, {read_as}
        from raw.exports
        where survey = ?
        order by export_id
        """,
        [survey],
    ).fetchall()
    return tuple(KnownExport(*row) for row in rows)


@contextmanager
def transaction(
    path: Path, workspace: Workspace | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse with the raw tables in place; commit at the end, or nothing at all.

    Over the connection the tables of the workspace can be read too.

    Raises:
        LandingError: it cannot be opened or written.
    """
    opened = attached(path, workspace) if workspace else open_warehouse(path)
    with opened as connection:
        connection.begin()
        try:
            with telling_of_damage(LandingError, BUILD_FILE, path):
                connection.execute(RAW_SCHEMA)
                yield connection
                connection.commit()
        except duckdb.Error as error:
            raise LandingError(
                f"The warehouse could not be written ({_first_line(error)}).",
                where=str(path),
                expected="a warehouse made by this version, and room on its disk",
                remedy="Mend the cause and run again; nothing was landed.",
            ) from error


@contextmanager
def attached(path: Path, workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database within a workspace for as long as the block lasts.

    Raises:
        LandingError: it is in use, damaged, or cannot be written.
    """
    connection = workspace.connection
    place = str(path).replace("'", "''")
    # Small blocks: most tables of a survey are small, and a block holds one column of one table.
    made = f" (storage_version '{_STORAGE_VERSION}', block_size {_BLOCK_SIZE})"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"attach '{place}' as {_ATTACHED}{'' if path.exists() else made}")
    except (duckdb.Error, OSError) as error:
        raise file_error(LandingError, BUILD_FILE, error, path) from error
    try:
        connection.execute(f"use {_ATTACHED}")
        with telling_of_damage(LandingError, BUILD_FILE, path):
            yield connection
    finally:
        _roll_back(connection)
        connection.execute("use memory")
        connection.execute(f"detach {_ATTACHED}")


@contextmanager
def attached_read_only(path: Path, workspace: Workspace) -> Iterator[str]:
    """Let the workspace read the build database as long as the block lasts; yield its name there.

    Raises:
        LandingError: it is in use or damaged.
    """
    connection = workspace.connection
    place = str(path).replace("'", "''")
    try:
        connection.execute(f"attach '{place}' as {_ATTACHED} (read_only)")
    except (duckdb.Error, OSError) as error:
        raise file_error(LandingError, BUILD_FILE, error, path) from error
    try:
        with telling_of_damage(LandingError, BUILD_FILE, path):
            yield _ATTACHED
    finally:
        connection.execute(f"detach {_ATTACHED}")


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.rollback()
    except duckdb.TransactionException:
        # It was committed: nothing is left to undo.
        return


def insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: pa.Table | Selection,
    columns: str = "*",
) -> None:
    """Append rows, matched by column name, to a raw table."""
    if isinstance(rows, Selection):
        for statement in rows.statements:
            stored = _STORED_IN.get(table, table)
            connection.execute(f"insert into raw.{stored} by name {statement}")
        return
    connection.register("incoming_rows", rows)
    connection.execute(f"insert into raw.{table} by name select {columns} from incoming_rows")
    connection.unregister("incoming_rows")


def take_export_number(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the export that is written next its number, `CURRENT_EXPORT`."""
    connection.execute(
        "set variable export_number = "
        "(select coalesce(max(export_number), 0)::integer + 1 from raw.exports)"
    )


def insert_export(
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, str | int | bool | dt.datetime | None],
) -> None:
    """Append one row to `raw.exports`, under the number that was taken for it."""
    names = ", ".join(("export_number", *values))
    marks = ", ".join((CURRENT_EXPORT, *("?" for _ in values)))
    connection.execute(f"insert into raw.exports ({names}) values ({marks})", list(values.values()))


def supersede(
    connection: duckdb.DuckDBPyConnection, export_id: str, successor: str, moment: dt.datetime
) -> None:
    """Mark a landed file as replaced by another."""
    connection.execute(
        "update raw.exports set superseded_by = ?, superseded_at = ? where export_id = ?",
        [successor, moment, export_id],
    )


def reinstate(
    connection: duckdb.DuckDBPyConnection,
    export_id: str,
    file_name: str,
    moment: dt.datetime,
    user: str,
) -> None:
    """Make a replaced file the current one again; what it was until then is kept."""
    connection.execute(
        """
        insert into raw.reinstatements
        select export_id, file_name, superseded_by, superseded_at, ?, ?
        from raw.exports
        where export_id = ?
        """,
        [moment, user, export_id],
    )
    connection.execute(
        "update raw.exports set file_name = ?, superseded_by = null, superseded_at = null "
        "where export_id = ?",
        [file_name, export_id],
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
