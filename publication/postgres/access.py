"""Who may read what in PostgreSQL: one read-only role per schema, and one for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql


def reader_roles(survey: str, edition: str, schemas: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the schemas that each role may read, by role."""
    roles = {f"{survey}_{edition}_reader": tuple(schemas)}
    roles |= {f"{survey}_{edition}_{schema}_reader": (schema,) for schema in schemas}
    return roles


def grant_access(
    connection: psycopg.Connection[Any],
    roles: Mapping[str, Sequence[str]],
    tables: Mapping[str, Sequence[str]],
    about: tuple[str, str],
) -> tuple[str, ...]:
    """Make the roles where they are missing, and let each read our tables in its schemas only.

    Besides these, each reads which release it is and who may see it.

    The roles cannot log in; a database administrator grants them to people and tools. What others
    keep in the same schemas keeps the access they gave it.

    Args:
        connection: an open transaction.
        roles: the schemas that each role may read.
        tables: our tables, by schema.
        about: schema and name of the table that says which release it is.
    """
    places = {
        schema: sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
        for schema, names in tables.items()
    }
    for listed in places.values():
        connection.execute(sql.SQL("revoke all on table {} from public").format(listed))
    for role, readable in roles.items():
        name = sql.Identifier(role)
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create role {} nologin").format(name))
        for schema, listed in places.items():
            place = sql.Identifier(schema)
            if schema in readable:
                connection.execute(sql.SQL("grant usage on schema {} to {}").format(place, name))
                connection.execute(sql.SQL("grant select on table {} to {}").format(listed, name))
            else:
                connection.execute(sql.SQL("revoke all on schema {} from {}").format(place, name))
                connection.execute(sql.SQL("revoke all on table {} from {}").format(listed, name))
        place = sql.Identifier(about[0])
        connection.execute(sql.SQL("grant usage on schema {} to {}").format(place, name))
        table = sql.Identifier(*about)
        connection.execute(sql.SQL("grant select on table {} to {}").format(table, name))
    return tuple(roles)
