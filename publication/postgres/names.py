"""Names that PostgreSQL keeps whole: a longer one is cut, and two of them may become one."""

from __future__ import annotations

from collections.abc import Iterable

from publication.errors import PostgresError
from publication.outlets.described import Table
from registry.schemas import LONGEST_NAME


def check_names(tables: Iterable[Table], prefix: str, roles: Iterable[str]) -> None:
    """Check every name that a publication would make, before anything is connected.

    Raises:
        PostgresError: one or more are too long.
    """
    names: dict[str, None] = {}
    for table in tables:
        names[f"schema {prefix}{table.schema}"] = None
        names[f"table {table.name}"] = None
        names |= dict.fromkeys(f"column {column.name}" for column in table.columns)
    names |= dict.fromkeys(f"role {role}" for role in roles)
    too_long = [one for one in names if len(one.partition(" ")[2].encode()) > LONGEST_NAME]
    if too_long:
        raise PostgresError(
            "Names would be longer than PostgreSQL keeps.",
            where=", ".join(too_long),
            expected=f"at most {LONGEST_NAME} bytes each",
            remedy="Shorten --schema-prefix, or the id of the survey or the organisation group; "
            "where only roles are too long, --no-roles publishes without them.",
        )
