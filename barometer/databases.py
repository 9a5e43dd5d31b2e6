"""Open DuckDB files, and say why one cannot be opened or read: once, for every room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from barometer.errors import BarometerError
from barometer.memory import bounded

E = TypeVar("E", bound=BarometerError)

# How DuckDB 1.5 says it. Paths stand in its messages, and "block" holds "lock": no single word
# will do.
_IN_USE = re.compile(
    r'IO Error: Could not set lock on file ".*": (Conflicting lock is held|Lock is already held)'
    r"|Connection Error: Can't open a connection to same database file with a different config"
    r"|Binder Error: Unique file handle conflict"
)
_DAMAGED = re.compile(
    r"IO Error: Corrupt database file"
    r'|IO Error: The file ".*" exists, but it is not a valid DuckDB database file'
    r'|IO Error: Could not read enough bytes from file ".*"'
    r"|Serialization Error"
)


@dataclass(frozen=True)
class Kind:
    """What a file is, and what a person can do where it cannot be used.

    Attributes:
        name: what people call it.
        unopened: what is to do where it cannot be opened.
        in_use: what is to do where another process has it open.
        damaged: what is to do where it is damaged.
    """

    name: str
    unopened: str
    in_use: str
    damaged: str


BUILD_FILE = Kind(
    "warehouse",
    unopened="Check the file, its folder and their permissions.",
    in_use="Wait until the other run has ended, or close the tool that has the file open; BI tools "
    "read the release, never this file.",
    damaged="Restore it from the backup; or move it away and run `barometer refresh`: everything "
    "is rebuilt from the inbox, which the archive can fill (docs/operations.md, Backup).",
)
RELEASE = Kind(
    "release",
    unopened="Check the file, its folder and their permissions.",
    in_use="Close the tool that has the file open for writing; releases are opened read-only.",
    damaged="Restore its folder from the backup; an internal release without one can be moved out "
    "of `releases`, and `barometer refresh` makes it again.",
)


def file_error(error_type: type[E], kind: Kind, error: BaseException, *paths: Path) -> E:
    """Return the error that tells why a database file, or one of several, cannot be used."""
    text, where = _first_line(error), ", ".join(str(path) for path in paths)
    if _IN_USE.match(text):
        return error_type(
            f"The {kind.name} is in use by another process ({text}).",
            where=where,
            expected="nobody else has it open for writing",
            remedy=kind.in_use,
        )
    if _DAMAGED.match(text):
        return error_type(
            f"The file of the {kind.name} is damaged, or no DuckDB database ({text}).",
            where=where,
            expected="the database that was written there",
            remedy=kind.damaged,
        )
    return error_type(
        f"The {kind.name} cannot be opened ({text}).",
        where=where,
        expected="a DuckDB database that this version and this user can open",
        remedy=kind.unopened,
    )


@contextmanager
def telling_of_damage(error_type: type[E], kind: Kind, *paths: Path) -> Iterator[None]:
    """Tell of damage that shows only when the damaged part is read; other errors pass.

    Raises:
        BarometerError: of the type given.
    """
    try:
        yield
    except duckdb.Error as error:
        if _DAMAGED.match(_first_line(error)):
            raise file_error(error_type, kind, error, *paths) from error
        raise


@contextmanager
def opened(error_type: type[E], kind: Kind, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database file for reading as long as the block lasts.

    Raises:
        BarometerError: of the type given; it is in use, damaged, or cannot be opened.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True, config=bounded())
    except duckdb.Error as error:
        raise file_error(error_type, kind, error, path) from error
    with connection, telling_of_damage(error_type, kind, path):
        yield connection


def attach(
    error_type: type[E], kind: Kind, path: Path, connection: duckdb.DuckDBPyConnection, alias: str
) -> None:
    """Attach a database file for reading to an open connection.

    Raises:
        BarometerError: of the type given; it is in use, damaged, or cannot be opened.
    """
    place = str(path).replace("'", "''")
    try:
        connection.execute(f"attach '{place}' as {alias} (read_only)")
    except duckdb.Error as error:
        raise file_error(error_type, kind, error, path) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
