"""The one transaction of a publication: nothing outlives it, so a pooler may stand in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from publication.errors import PostgresError

LOCK_TIMEOUT = "15s"
ENCODING = "UTF8"


@contextmanager
def transaction(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Open one transaction; committed at the end, rolled back by any error, told in clear words.

    Raises:
        PostgresError: no connection, no rights, a database that does not store UTF-8, or whatever
            else the database says.
    """
    place = _without_password(url)
    try:
        with psycopg.connect(
            url,
            application_name="barometer publish",
            # What we send, whatever PGCLIENTENCODING or the address say.
            client_encoding=ENCODING,
            # Behind a pooler the next transaction may run in another session, or in one that
            # somebody else prepared statements in.
            prepare_threshold=None,
        ) as connection:
            _require_unicode(connection, place)
            connection.execute(sql.SQL("set local lock_timeout = {}").format(LOCK_TIMEOUT))
            yield connection
    except psycopg.errors.LockNotAvailable as error:
        raise PostgresError(
            "A reader holds a table whose columns changed in this release.",
            where=f"{place}: {_first_line(error)}",
            expected=f"the lock within {LOCK_TIMEOUT}",
            remedy="Let the reader finish (see pg_stat_activity) and publish again; nothing has "
            "changed.",
        ) from error
    except psycopg.errors.DependentObjectsStillExist as error:
        raise PostgresError(
            "Something in the database depends on a table whose columns changed.",
            where=f"{place}: {_first_line(error)}",
            expected="no views of others on tables of this release that change shape",
            remedy="Drop or move the view, publish, and make it again; nothing has changed.",
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresError(
            "The user of the connection may not do this.",
            where=f"{place}: {_first_line(error)}",
            expected="the right to create schemas and, for the read-only roles, roles",
            remedy="GRANT CREATE ON DATABASE … and CREATEROLE, or publish with --no-roles.",
        ) from error
    except psycopg.Error as error:
        raise PostgresError(
            "PostgreSQL did not take the release.",
            where=f"{place}: {_first_line(error)}",
            expected="a database that can be reached and written",
            remedy="Correct what it says and publish again; nothing has changed.",
        ) from error


def _require_unicode(connection: psycopg.Connection[Any], place: str) -> None:
    """Refuse a database that cannot store every character, before anything is written to it."""
    (encoding,) = connection.execute("show server_encoding").fetchone() or ("",)
    if encoding != ENCODING:
        raise PostgresError(
            f"The database stores text as {encoding}, which lacks characters of a release.",
            where=place,
            expected=f"a database with the encoding {ENCODING}",
            remedy="Make one (create database … encoding 'UTF8' template template0) and publish "
            "there; nothing has changed.",
        )


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _without_password(url: str) -> str:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "the connection string given"
    shown = {name: parts[name] for name in ("user", "host", "port", "dbname") if name in parts}
    return " ".join(f"{name}={value}" for name, value in shown.items()) or "PostgreSQL"
