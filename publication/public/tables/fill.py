"""The tables of the public edition: rows of the build database, figures of protected cells.

Which rows there are and what they are about follows from registries and the frame. Of each column
one thing is done: it is kept (`KEPT`), filled from a lookup of what is public, or left empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from publication.copying import columns_of_source
from publication.public.tables.columns import (
    KEPT,
    ROWS,
    TYPES,
    WORDS_AS_COMPUTED,
    is_added,
)
from publication.public.tables.differences import AS_BEFORE, AS_COMPUTED
from publication.public.tables.lookups import (
    BANDS,
    CHANGES,
    CLAIMS,
    COMPARISONS,
    FIGURES,
    KEYS,
    POSITIONS,
    RATES,
    TRENDS,
    Lookup,
)
from publication.public.tables.verdicts import NOT_PUBLIC, WITHHELD, WORDS
from publication.public.tables.words import IN_WORDS, in_words
from publication.tables import ReleasedTable, literal, quote
from registry.schemas import CORE

_WORDS: Mapping[str, str] = {
    FIGURES: "mart_estimates",
    COMPARISONS: "mart_comparisons",
    POSITIONS: "mart_findings",
    TRENDS: "mart_trends",
    CHANGES: "mart_findings",
    CLAIMS: "mart_claims",
}
"""Tables of `core` that have the words of each lookup, in a release before this one."""
BEFORE = "public_before"
"""The release before this one, where it is attached."""

Columns = Sequence[tuple[str, str]]
"""Names and types, in order."""

NO_RULE = "no_rule"
OUTCOME = "outcome_indicator_id"
_UNKNOWN: Mapping[str, str | None] = {
    **NOT_PUBLIC,
    "protection": WITHHELD,
    "protection_reason": NO_RULE,
    "verdict": WITHHELD,
    "verdict_nl": WORDS[WITHHELD][0],
    "verdict_en": WORDS[WITHHELD][1],
}
"""What a row says that no lookup knows."""


@dataclass(frozen=True)
class Filling:
    """How one table is filled from one lookup.

    Attributes:
        lookup: its name.
        on: columns of the table by those of the key that are called otherwise.
        only: which rows of the table it is about, as SQL; empty means all.
    """

    lookup: str
    on: Mapping[str, str] = field(default_factory=dict)
    only: str = ""

    @property
    def condition(self) -> str:
        """Return which row of the lookup goes with a row of the table, as SQL."""
        return self._on(self.lookup)

    @property
    def condition_before(self) -> str:
        """Return likewise which row of the release before."""
        return self._on(f"before_{self.lookup}")

    def _on(self, other: str) -> str:
        keys = (
            f"{other}.{quote(column)} = built.{quote(self.on.get(column, column))}"
            for column in KEYS[self.lookup]
        )
        return " and ".join((*keys, *([self.only] if self.only else [])))


def fillings(columns: Columns) -> tuple[Filling, ...]:
    """Return what a table is filled from, as the columns that name its rows tell."""
    names = {name for name, _ in columns}
    if "claim_id" in names:
        return (Filling(CLAIMS),)
    if "comparison_id" in names:
        return (Filling(COMPARISONS),)
    if "wave_from" in names:
        return (Filling(TRENDS),)
    if set(KEYS[FIGURES]) <= names:
        more = (POSITIONS, "position_verdict"), (CHANGES, "change_verdict")
        return (Filling(FIGURES), *(Filling(lookup) for lookup, about in more if about in names))
    if set(KEYS[BANDS]) <= names:
        # The share of a band with an outcome is another figure, of which nothing is public.
        return (Filling(BANDS, only=f"built.{OUTCOME} is null" if OUTCOME in names else ""),)
    if {*KEYS[RATES], "scale_id", "estimate"} <= names and "question_id" not in names:
        return (Filling(FIGURES, {"indicator_id": "scale_id"}),)
    if {*KEYS[RATES], "n_population", "response_rate"} <= names and "level" not in names:
        return (Filling(RATES),)
    return ()


@dataclass(frozen=True)
class Column:
    """One column of a public table.

    Attributes:
        data_type: as in the build database.
        treatment: `kept`, `filled`, `same` in every row, `said` of the rest of the row, or `empty`.
        sql: how it is made.
    """

    data_type: str
    treatment: str
    sql: str


@dataclass(frozen=True)
class PublicTable:
    """One table of the public edition.

    Attributes:
        table: the same of the internal edition.
        columns: by name, in order.
        added: those of them that the internal edition does not have.
        selection: its rows, as SQL over the build database and what `made_public` put beside it.
    """

    table: ReleasedTable
    columns: Mapping[str, Column]
    added: tuple[str, ...]
    selection: str


def made_public(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[ReleasedTable],
    lookups: Sequence[Lookup],
) -> tuple[PublicTable, ...]:
    """Return the tables of the public edition; the build database is attached.

    Puts what is public into temporary tables, which are in no file.
    """
    _load(connection, lookups)
    built = columns_of_source(connection)
    _load_words(connection, built)
    whole = {
        place: public_columns(built[place], lookups)
        for place in {table.place: None for table in tables}
    }
    cut: dict[tuple[str, str], str] = {}
    for place in {table.place: None for table in tables if table.cut}:
        cut[place] = quote("_".join(("filled", *place)))
        rows = _selection(ReleasedTable(*place), built[place], whole[place])
        connection.execute(f"create or replace temp table {cut[place]} as {rows}")
    found = []
    for table in tables:
        dropped = table.cut.column if table.cut else None
        columns = {name: one for name, one in whole[table.place].items() if name != dropped}
        own = {name for name, _ in built[table.place]}
        selection = (
            table.selected_from(cut[table.place])
            if table.cut
            else _selection(table, built[table.place], columns)
        )
        added = tuple(name for name in columns if name not in own)
        found.append(PublicTable(table, columns, added, selection))
    return tuple(found)


def public_columns(columns: Columns, lookups: Sequence[Lookup]) -> dict[str, Column]:
    """Return every column of a public table, by name.

    Args:
        columns: of the table in the build database.
        lookups: what is public.
    """
    own = fillings(columns)
    filled = {lookup.name: lookup.filled for lookup in lookups}
    names = {name for name, _ in columns}
    added = [
        (column, TYPES[column])
        for filling in own
        for column in filled[filling.lookup]
        if is_added(column) and column not in names
    ]
    every = [*columns, *added]
    present = {name for name, _ in every}
    return {
        name: Column(data_type, "said", in_words(name, present))
        if name in IN_WORDS
        else Column(data_type, *_made(name, data_type, own, filled))
        for name, data_type in every
    }


def _made(
    column: str,
    data_type: str,
    own: Sequence[Filling],
    filled: Mapping[str, Sequence[str]],
) -> tuple[str, str]:
    if column in KEPT:
        return "kept", f"built.{quote(column)}"
    words = column in WORDS_AS_COMPUTED
    for filling in own:
        if column in filled[filling.lookup]:
            found = f"{filling.lookup}.{quote(column)}"
            unknown = _UNKNOWN.get(column)
            if unknown is not None:
                key = f"{filling.lookup}.{quote(KEYS[filling.lookup][0])}"
                found = f"case when {key} is null then {literal(unknown)} else {found} end"
            return "filled", _in_words(filling, column, found) if words else found
    for filling in own:
        if words and AS_COMPUTED in filled[filling.lookup] and _is_about(filling, column):
            return "filled", _in_words(filling, column, f"cast(null as {data_type})")
    if not own and NOT_PUBLIC.get(column):
        return "same", literal(str(NOT_PUBLIC[column]))
    return "empty", f"cast(null as {data_type})"


def _is_about(filling: Filling, column: str) -> bool:
    """Say whether a lookup of positions, of changes, or of the figure itself is about a column."""
    about = {POSITIONS: "position_", CHANGES: "change_"}
    own = about.get(filling.lookup)
    return column.startswith(own) if own else not column.startswith(tuple(about.values()))


def _in_words(filling: Filling, column: str, otherwise: str) -> str:
    """Return what is said in words of rounded figures, and otherwise what is public."""
    as_before, as_computed = (f"{filling.lookup}.{each}" for each in (AS_BEFORE, AS_COMPUTED))
    before = f"before_{filling.lookup}"
    return (
        f"case when {as_before} and {before}.{quote(KEYS[filling.lookup][0])} is not null"
        f" then {before}.{quote(column)}"
        f" when {as_computed} then built.{quote(column)} else {otherwise} end"
    )


def _selection(table: ReleasedTable, built: Columns, columns: Mapping[str, Column]) -> str:
    """Return a whole table of the public edition as SQL over the build database and the lookups."""
    listed = ", ".join(
        f"{one.sql} as {quote(name)}" for name, one in columns.items() if one.treatment != "said"
    )
    joined = "".join(
        f" left join {filling.lookup} on {filling.condition}"
        + (
            f" left join before_{filling.lookup} on {filling.condition_before}"
            if filling.lookup in _WORDS
            else ""
        )
        for filling in fillings(built)
    )
    rows = f"select * from {table.origin} where {ROWS.get(table.place, 'true')}"
    filled = f"select {listed} from ({rows}) as built{joined}"
    said = ", ".join(
        f"{one.sql} as {quote(name)}" if one.treatment == "said" else quote(name)
        for name, one in columns.items()
    )
    return f"select {said} from ({filled}) as filled"


def _load(connection: duckdb.DuckDBPyConnection, lookups: Sequence[Lookup]) -> None:
    for lookup in lookups:
        contents = ", ".join(_contents(lookup))
        connection.execute(f"create or replace temp table {lookup.name} as select {contents}")


def _load_words(
    connection: duckdb.DuckDBPyConnection, built: Mapping[tuple[str, str], Columns]
) -> None:
    """Put the words of the release before beside the lookups, where there is one."""
    attached = connection.execute(
        f"select count(*) from duckdb_databases() where database_name = {literal(BEFORE)}"
    ).fetchone()
    for lookup, table in _WORDS.items():
        place = CORE, table
        if place not in built:
            continue
        named = [
            (name, data_type)
            for name, data_type in built[place]
            if name in KEYS[lookup] or name in WORDS_AS_COMPUTED
        ]
        rows = f"select {', '.join(quote(name) for name, _ in named)} from {BEFORE}.{CORE}.{table}"
        if not attached or not attached[0]:
            nothing = ", ".join(f"cast(null as {kind}) as {quote(name)}" for name, kind in named)
            rows = f"select {nothing} where false"
        connection.execute(f"create or replace temp table before_{lookup} as {rows}")


def _contents(lookup: Lookup) -> Iterator[str]:
    """Yield the columns as SQL: JSON, because a bound value makes DuckDB load pandas."""
    for at, name in enumerate(lookup.columns):
        values = [row[at] for row in lookup.rows]
        text = json.dumps(values, ensure_ascii=False, allow_nan=False)
        data_type = json.dumps([TYPES[name]])
        yield f"unnest(from_json({literal(text)}, {literal(data_type)})) as {quote(name)}"
