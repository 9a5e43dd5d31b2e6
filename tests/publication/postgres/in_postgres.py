"""What a database holds, as somebody else sees it."""

from __future__ import annotations

import psycopg


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query, over a connection of its own."""
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()
