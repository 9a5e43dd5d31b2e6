"""What must hold in a prepared release before anybody may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from publication.errors import AuditError
from publication.internal.subtraction import small_differences
from publication.tables import ABOUT, ReleasedTable, quote
from registry import Registry
from registry.schemas import CORE

PERSONAL_ROLES = frozenset({"response_id", "organisation_key", "organisation_name", "personal"})
PERSONAL_NAMES = frozenset(
    {
        "design_weight",
        "email",
        "export_id",
        "ip_address",
        "organisation_key",
        "organisation_name",
        "raw_value",
        "respondent",
        "response_id",
        "response_key",
        "row_number",
        "stratum_id",
        "submitted_at",
    }
)
# What the questionnaire says, whatever anybody answered.
PUBLIC_NUMBERS = frozenset({"scale_minimum", "scale_maximum", "answer_score"})


def audit_release(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...], registry: Registry
) -> None:
    """Check the copied tables against the build database and the rules of the survey.

    Raises:
        AuditError: names every table and column that breaks a rule.
    """
    minimum_base = int(registry.rule("minimum_base"))
    problems = [
        *_row_counts(connection, tables),
        *_extra_tables(connection, tables),
        *_personal_names(connection, denied_names(registry)),
        *_suppressed_figures(connection),
        *_small_bases(connection, minimum_base),
        *small_differences(connection, registry, minimum_base),
    ]
    if problems:
        raise AuditError(
            "\n".join(
                ["The release was not published:", *(f"  - {problem}" for problem in problems)]
            ),
            expected="groups only, small bases blank and beyond subtraction, all rows of the marts",
            remedy="Correct the model named above; the current release stays as it is.",
        )


def denied_names(registry: Registry) -> frozenset[str]:
    """Return the names, lower case, that no table or column of a release may have."""
    from_exports = {
        column.column_name.casefold()
        for column in registry.columns
        if column.role in PERSONAL_ROLES
    }
    return PERSONAL_NAMES | from_exports


def _row_counts(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]
) -> Iterator[str]:
    relations = [each for table in tables for each in (table.quoted, f"({table.selection})")]
    counted = " union all ".join(
        f"select {at} as place, count(*) as n from {each}" for at, each in enumerate(relations)
    )
    counts = [n for _, n in connection.execute(f"from ({counted}) order by place").fetchall()]
    for table, copied, built in zip(tables, counts[::2], counts[1::2], strict=True):
        if copied != built:
            yield f"{table.full_name} has {copied} rows, the warehouse has {built}"


def _extra_tables(
    connection: duckdb.DuckDBPyConnection, tables: tuple[ReleasedTable, ...]
) -> Iterator[str]:
    agreed = {(table.schema, table.name) for table in tables} | {(CORE, ABOUT)}
    present = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database() order by all"
    ).fetchall()
    for schema, name in present:
        if (schema, name) not in agreed:
            yield f"{schema}.{name} is not a table of the release"


def _personal_names(connection: duckdb.DuckDBPyConnection, denied: frozenset[str]) -> Iterator[str]:
    columns = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where table_catalog = current_database() order by all"
    ).fetchall()
    for schema, name in sorted({(schema, name) for schema, name, _ in columns}):
        if name.casefold() in denied:
            yield f"{schema}.{name} is named like something about one organisation or response"
    for schema, name, column in columns:
        if column.casefold() in denied:
            yield f"{schema}.{name}.{column} is about one organisation or response"


def _suppressed_figures(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    hidden = "suppression_status is distinct from 'published'"
    shown = {
        place: f"{hidden} and {quote(place[2])} is not null"
        for place in _columns_with_status(
            connection,
            "regexp_matches(c.data_type, '^(DOUBLE|FLOAT|DECIMAL)')"
            " or starts_with(c.column_name, 'n_')",
        )
        if place[2] not in PUBLIC_NUMBERS
    }
    for (schema, name, column), rows in _rows_where(connection, shown):
        yield f"{schema}.{name}.{column} shows {rows} suppressed figures"


def _small_bases(connection: duckdb.DuckDBPyConnection, minimum_base: int) -> Iterator[str]:
    small = {}
    for place in _columns_with_status(
        connection, "starts_with(c.column_name, 'n_answered') or c.column_name = 'n_complete'"
    ):
        # A second base (of the rest, of an earlier wave) may be absent; the first may not.
        column = place[2]
        counted = "coalesce(n_answered, 0)" if column == "n_answered" else quote(column)
        small[place] = f"suppression_status = 'published' and {counted} < {minimum_base}"
    for (schema, name, column), rows in _rows_where(connection, small):
        base = "base" if column == "n_answered" else column
        yield f"{schema}.{name} publishes {rows} rows with a {base} below {minimum_base}"


Place = tuple[str, str, str]
"""Schema, table, column."""


def _columns_with_status(connection: duckdb.DuckDBPyConnection, condition: str) -> list[Place]:
    """Return the columns for which a condition holds, of the tables with a status per row."""
    return connection.execute(
        "select c.table_schema, c.table_name, c.column_name"
        " from information_schema.columns as c"
        " join information_schema.columns as s"
        " using (table_catalog, table_schema, table_name)"
        " where c.table_catalog = current_database()"
        f" and s.column_name = 'suppression_status' and ({condition}) order by all"
    ).fetchall()


def _rows_where(
    connection: duckdb.DuckDBPyConnection, conditions: Mapping[Place, str]
) -> Iterator[tuple[Place, int]]:
    """Yield the columns whose condition holds in any row of their table, and in how many."""
    tables: dict[tuple[str, str], list[Place]] = {}
    for place in conditions:
        tables.setdefault(place[:2], []).append(place)
    for (schema, name), places in tables.items():
        counted = ", ".join(f"count(*) filter (where {conditions[place]})" for place in places)
        selected = f"select {counted} from {quote(schema)}.{quote(name)}"
        row = connection.execute(selected).fetchone() or ()
        yield from ((place, rows) for place, rows in zip(places, row, strict=True) if rows)
