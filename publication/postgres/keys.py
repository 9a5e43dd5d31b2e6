"""Primary and foreign keys of the star, so that a BI tool proposes the right joins.

They stay from one publication to the next, as the tables do: only those that are not what the
release declares are dropped or added, which must wait for the readers of their tables. Foreign keys
are checked when the transaction ends, so the order in which tables are filled does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from psycopg import sql

from publication.keys import in_star
from publication.outlets.described import Table
from publication.postgres.ledger import Place, Target


@dataclass(frozen=True)
class Key:
    """One constraint of a table.

    Attributes:
        place: the table.
        columns: the columns, in order.
        parent: the table that a foreign key refers to; None of a primary key.
    """

    place: Place
    columns: tuple[str, ...]
    parent: Place | None = None


def drop_other_keys(
    target: Target, tables: Sequence[Table], ours: Set[Place], remade: Set[Place]
) -> None:
    """Drop the keys of our tables that a release does not declare.

    Args:
        target: the database.
        tables: those of the release.
        ours: those that earlier publications made.
        remade: those that are about to be dropped and made anew, which keys would forbid.
    """
    wanted = set(_wanted(tables))
    found = _present(target, ours)
    for key, name in sorted(found.items(), key=lambda one: one[0].parent is None):
        if key not in wanted or key.place in remade or key.parent in remade:
            target.connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(
                    target.place(*key.place), sql.Identifier(name)
                )
            )


def add_keys(target: Target, tables: Sequence[Table]) -> None:
    """Add the keys that a release declares and the database lacks: primary keys first."""
    places = {(table.schema, table.name) for table in tables}
    missing = set(_wanted(tables)).difference(_present(target, places))
    for key in sorted(missing, key=lambda one: (one.parent is not None, one.place, one.columns)):
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in key.columns)
        if key.parent is None:
            clause = sql.SQL("primary key ({})").format(columns)
        else:
            clause = sql.SQL(
                "foreign key ({0}) references {1} ({0}) deferrable initially deferred"
            ).format(columns, target.place(*key.parent))
        target.connection.execute(
            sql.SQL("alter table {} add {}").format(target.place(*key.place), clause)
        )


def _wanted(tables: Sequence[Table]) -> Iterator[Key]:
    for table in tables:
        if not in_star(table.full_name):
            continue
        place = (table.schema, table.name)
        if table.keys.primary:
            yield Key(place, table.keys.primary)
        for one in table.keys.references:
            schema, name = one.table.split(".", 1)
            yield Key(place, one.columns, (schema, name))


def _present(target: Target, places: Set[Place]) -> dict[Key, str]:
    """Return the primary and foreign keys of tables of ours, with their names."""
    by_name = {(target.schema(schema), name): (schema, name) for schema, name in places}
    rows = target.connection.execute(
        "select n.nspname, c.relname, k.conname, pn.nspname, p.relname,"
        " (select array_agg(a.attname::text order by u.position)"
        "  from unnest(k.conkey) with ordinality as u (number, position)"
        "  join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.number)"
        " from pg_constraint as k"
        " join pg_class as c on c.oid = k.conrelid join pg_namespace as n on n.oid = c.relnamespace"
        " left join pg_class as p on p.oid = k.confrelid and k.contype = 'f'"
        " left join pg_namespace as pn on pn.oid = p.relnamespace"
        " where k.contype in ('p', 'f')"
    ).fetchall()
    return {
        Key(
            by_name[schema, table],
            tuple(columns),
            by_name.get((parent_schema, parent), (parent_schema, parent)) if parent else None,
        ): name
        for schema, table, name, parent_schema, parent, columns in rows
        if (schema, table) in by_name
    }
