"""Which columns tell the rows of a released table apart, and which name a row of a dimension.

Declared once: a key is what the grain test of a model says, and a table refers to a dimension
where it has the columns of the dimension's key. The DuckDB file, `datapackage.json` and PostgreSQL
all read what follows here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from typing import Any

from publication.tables import ReleasedTable, quote
from registry.schemas import CORE

DIMENSION, FACT = f"{CORE}.dim_", f"{CORE}.fct_"
NO_REFERENCE = {(f"{CORE}.mart_verdicts", ("wave",))}
"""Tables with a column that is called like a key and holds more: `all` waves together."""


@dataclass(frozen=True)
class Reference:
    """Columns that hold the key of a dimension.

    Attributes:
        columns: their names, which are those of the key too.
        table: schema and name of the dimension.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class Keys:
    """What a tool may know of a table.

    Attributes:
        primary: the columns that tell its rows apart; empty where one of them can be blank.
        references: the dimensions it refers to.
    """

    primary: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a manifest says of them."""
        return {
            "primary_key": list(self.primary),
            "foreign_keys": [asdict(one) for one in self.references],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Keys:
        """Return the keys that a manifest names; none where it is from before they were written."""
        references = (
            Reference(tuple(one["columns"]), str(one["table"]))
            for one in said.get("foreign_keys", ())
        )
        return cls(tuple(said.get("primary_key", ())), tuple(references))


NO_KEYS = Keys()


def keys_of(
    tables: Sequence[ReleasedTable], columns: Mapping[str, Collection[str]]
) -> dict[str, Keys]:
    """Return the keys of every table.

    What a table says through another dimension it does not say twice: the classification of a group
    is in the dimension of groups, and two ways there would be ambiguous to a BI tool.

    Args:
        tables: the tables of a release.
        columns: the names of the columns of each, by `schema.table`.
    """
    dimensions = [table for table in tables if is_dimension(table.full_name) and _primary(table)]
    direct = {
        table.full_name: [
            Reference(other.key, other.full_name)
            for other in dimensions
            if other != table
            and set(other.key) <= set(columns[table.full_name])
            and not set(other.key) & set(table.nullable)
            and (table.full_name, other.key) not in NO_REFERENCE
        ]
        for table in tables
    }
    keys = {}
    for table in tables:
        found = direct[table.full_name]
        further = {one.table for each in found for one in direct[each.table]}
        references = tuple(one for one in found if one.table not in further)
        keys[table.full_name] = Keys(_primary(table), references)
    return keys


def _primary(table: ReleasedTable) -> tuple[str, ...]:
    return () if table.nullable else table.key


def is_dimension(table: str) -> bool:
    """Return whether a table (`schema.table`) is a dimension of the star."""
    return table.startswith(DIMENSION)


def in_star(table: str) -> bool:
    """Return whether a table (`schema.table`) is a dimension or a fact."""
    return table.startswith((DIMENSION, FACT))


def in_duckdb(table: str, keys: Keys) -> Keys:
    """Return the keys of a table that its DuckDB file declares: those of the star.

    DuckDB stores an index for every key. Primary keys of facts would make the files of the example
    a quarter to a half larger; all others together cost 7 to 11 %.
    """
    if not in_star(table):
        return NO_KEYS
    return keys if is_dimension(table) else Keys((), keys.references)


def parents_first(keys: Mapping[str, Keys]) -> list[str]:
    """Return the tables in an order in which each comes after those it refers to."""
    graph = {name: {one.table for one in each.references} for name, each in sorted(keys.items())}
    return list(TopologicalSorter(graph).static_order())


def declaration(table: str, columns: Sequence[tuple[str, str]], keys: Keys) -> str:
    """Return the DuckDB statement that makes an empty table with its keys.

    Args:
        table: its name, quoted.
        columns: names and types, in order.
        keys: what it declares.
    """
    parts = [f"{quote(name)} {data_type}" for name, data_type in columns]
    if keys.primary:
        parts.append(f"primary key ({_listed(keys.primary)})")
    for one in keys.references:
        parent = ".".join(quote(part) for part in one.table.split("."))
        names = _listed(one.columns)
        parts.append(f"foreign key ({names}) references {parent} ({names})")
    return f"create table {table} ({', '.join(parts)})"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(quote(column) for column in columns)
