"""Whether a release lets nobody compute a small group from larger ones, by bases alone.

Asks again, and in its own words, a part of what `estimation.subtraction` decides: single groups
and whole divisions. Which group lies within which follows here from what groups are by the
registries, not from who is in them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from publication.tables import literal, quote
from registry import Registry
from registry.schemas import CORE
from registry.tables.organisations import crossed_id

BASES = ("n_answered", "n_complete")
PLACE = ("wave", "classification_id", "group_id", "suppression_status")
MORE_KEYS = (
    "indicator_id",
    "scale_id",
    "question_id",
    "outcome_indicator_id",
    "band_id",
    "answer_id",
    "wave_from",
)
# Its base are the groups with a variance of their own; a share of variance is nothing to subtract.
NOT_SUBTRACTED = frozenset({"mart_scale_variance"})

Group = tuple[str, str]
"""Classification and group."""


class Groups:
    """The groups of a survey, crossed ones included, and what lies within what."""

    def __init__(self, registry: Registry) -> None:
        self._parents: dict[Group, Group | None] = {
            (row.classification_id, row.group_id): (
                None
                if row.parent_group_id is None
                else (row.classification_id, row.parent_group_id)
            )
            for row in registry.organisation_groups
        }
        self._within = {
            row.classification_id: row.within_group_id for row in registry.classifications
        }
        self._crossings = [
            (row.classification_id, row.crossed_classification_id) for row in registry.crossings
        ]
        self._halves = {
            (crossed_id(first, second), crossed_id(one[1], other[1])): (one, other)
            for first, second in self._crossings
            for one in self._parents
            for other in self._parents
            if (one[0], other[0]) == (first, second)
        }
        tops: dict[str, list[Group]] = {}
        for group, parent in self._parents.items():
            if parent is None:
                tops.setdefault(group[0], []).append(group)
        self._tops = tops
        self._everybody = {
            tops[row.classification_id][0]
            for row in registry.classifications
            if row.is_exhaustive and len(tops.get(row.classification_id, ())) == 1
        }

    def pairs(self) -> Iterator[tuple[Group, Group]]:
        """Yield every group and each other that lies within it."""
        groups = [*self._parents, *self._halves]
        yield from (
            (around, inner)
            for around in groups
            for inner in groups
            if around != inner and self.is_within(inner, around)
        )

    def is_within(self, inner: Group, around: Group) -> bool:
        """Return whether everybody of the one group is in the other by what the groups are."""
        if inner == around or around in self._everybody:
            return True
        if around in self._halves:
            return all(self.is_within(inner, half) for half in self._halves[around])
        if inner in self._halves:
            return any(self.is_within(half, around) for half in self._halves[inner])
        parent = self._parents[inner]
        if parent is not None:
            return self.is_within(parent, around)
        return any(
            self.is_within(holder, around)
            for holder in self._parents
            if holder[1] == self._within[inner[0]]
        )

    def divisions(self) -> Iterator[tuple[Group, str, tuple[Group, ...]]]:
        """Yield every group, each way to divide it, and the parts, which do not overlap."""
        for group in (*self._parents, *self._halves):
            children = tuple(g for g in self._parents if self._parents[g] == group)
            yield group, "children", children
            for crossing in self._crossings:
                yield group, f"crossed {crossing}", self._crossed_parts(group, crossing)
            for name, tops in self._tops.items():
                if name != group[0] and all(self.is_within(top, group) for top in tops):
                    yield group, name, tuple(tops)

    def _crossed_parts(self, group: Group, crossing: tuple[str, str]) -> tuple[Group, ...]:
        """Return a group held against the topmost groups of the other side of a crossing."""
        name = crossed_id(*crossing)
        if group[0] == crossing[0]:
            halves = [(group, top) for top in self._tops.get(crossing[1], ())]
        elif group[0] == crossing[1]:
            halves = [(top, group) for top in self._tops.get(crossing[0], ())]
        elif group in self._halves and group[0] == name:
            one, other = self._halves[group]
            halves = [(g, other) for g in self._parents if self._parents[g] == one]
        else:
            halves = []
        return tuple((name, crossed_id(one[1], other[1])) for one, other in halves)


def small_differences(
    connection: duckdb.DuckDBPyConnection, registry: Registry, minimum_base: int
) -> Iterator[str]:
    """Yield the tables that show bases which differ by less than the minimum, and how many do."""
    if minimum_base <= 1:
        return
    _list_ways(connection, Groups(registry))
    for table, columns in _tables_of_bases(connection).items():
        base = next(column for column in BASES if column in columns)
        keys = [column for column in MORE_KEYS if column in columns]
        same = " and ".join(f"a.{k} is not distinct from i.{k}" for k in ("wave", *keys))
        row = connection.execute(
            "select count(*) from ("
            f" select any_value(a.{base}) - sum(i.{base}) as rest"
            f" from {quote(CORE)}.{quote(table)} as a"
            " join ways on a.classification_id = ways.classification_id"
            " and a.group_id = ways.group_id"
            f" join {quote(CORE)}.{quote(table)} as i on {same}"
            " and i.classification_id = ways.part_classification_id"
            " and i.group_id = ways.part_group_id"
            " where a.suppression_status = 'published' and i.suppression_status = 'published'"
            f" group by ways.way, a.wave{''.join(f', a.{key}' for key in keys)}"
            f") where rest between 1 and {minimum_base - 1}"
        ).fetchone()
        if row and row[0]:
            yield (
                f"{CORE}.{table} shows {row[0]} groups from which a base below {minimum_base}"
                " can be computed by subtraction"
            )


def _list_ways(connection: duckdb.DuckDBPyConnection, groups: Groups) -> None:
    """Write down what can be subtracted from what: one group within another, or all parts."""
    ways = [
        *((around, (inner,)) for around, inner in groups.pairs()),
        *((group, parts) for group, _, parts in groups.divisions()),
    ]
    connection.execute(
        "create or replace temp table ways (way int, classification_id text, group_id text,"
        " part_classification_id text, part_group_id text)"
    )
    rows = [
        f"({at}, {', '.join(literal(name) for name in (*group, *part))})"
        for at, (group, parts) in enumerate(ways)
        for part in parts
    ]
    if rows:
        connection.execute(f"insert into ways values {', '.join(rows)}")


def _tables_of_bases(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return the tables with a base per group, and their columns."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns"
        f" where table_catalog = current_database() and table_schema = '{CORE}' order by all"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return {
        table: columns
        for table, columns in found.items()
        if columns.issuperset(PLACE) and columns.intersection(BASES) and table not in NOT_SUBTRACTED
    }
