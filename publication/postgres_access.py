"""Who may read what in PostgreSQL: one read-only role per schema, and one for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from publication.errors import PublicationError

LONGEST_NAME = 63


def reader_roles(survey: str, edition: str, schemas: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the schemas that each role may read, by role.

    Raises:
        PublicationError: a role would have a longer name than PostgreSQL keeps.
    """
    roles = {f"{survey}_{edition}_reader": tuple(schemas)}
    roles |= {f"{survey}_{edition}_{schema}_reader": (schema,) for schema in schemas}
    for role in roles:
        if len(role.encode()) > LONGEST_NAME:
            raise PublicationError(
                f"The role '{role}' has a longer name than PostgreSQL keeps.",
                expected=f"at most {LONGEST_NAME} bytes",
                remedy="Give the survey or the organisation group a shorter id, or publish with "
                "--no-roles.",
            )
    return roles


def grant_access(
    connection: psycopg.Connection[Any], roles: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Make the roles where they are missing, and let each read its schemas and no others.

    The roles cannot log in; a database administrator grants them to people and tools.
    """
    schemas = sorted({schema for readable in roles.values() for schema in readable})
    for schema in schemas:
        place = sql.Identifier(schema)
        connection.execute(sql.SQL("revoke all on schema {} from public").format(place))
        connection.execute(
            sql.SQL("revoke all on all tables in schema {} from public").format(place)
        )
    for role, readable in roles.items():
        name = sql.Identifier(role)
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create role {} nologin").format(name))
        for schema in schemas:
            place = sql.Identifier(schema)
            if schema in readable:
                connection.execute(sql.SQL("grant usage on schema {} to {}").format(place, name))
                connection.execute(
                    sql.SQL("grant select on all tables in schema {} to {}").format(place, name)
                )
            else:
                connection.execute(sql.SQL("revoke all on schema {} from {}").format(place, name))
                connection.execute(
                    sql.SQL("revoke all on all tables in schema {} from {}").format(place, name)
                )
    return tuple(roles)
