"""What must hold in a prepared release before anybody may see it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from barometer.registry import Registry
from publication.errors import AuditError
from publication.subtraction import small_differences
from publication.tables import ABOUT, CORE, ReleasedTable, quote

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
# A statement about the method.
PUBLIC_NUMBERS = frozenset({"confidence_level"})


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
    for table in tables:
        copied = _count(connection, table.quoted)
        built = _count(connection, f"({table.selection})")
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
    figures = connection.execute(
        "select c.table_schema, c.table_name, c.column_name"
        " from information_schema.columns as c"
        " join information_schema.columns as s"
        " using (table_catalog, table_schema, table_name)"
        " where c.table_catalog = current_database()"
        " and s.column_name = 'suppression_status'"
        " and (regexp_matches(c.data_type, '^(DOUBLE|FLOAT|DECIMAL)')"
        " or starts_with(c.column_name, 'n_')) order by all"
    ).fetchall()
    for schema, name, column in figures:
        if column in PUBLIC_NUMBERS:
            continue
        shown = _count(
            connection,
            f"{quote(schema)}.{quote(name)} where suppression_status is distinct from 'published'"
            f" and {quote(column)} is not null",
        )
        if shown:
            yield f"{schema}.{name}.{column} shows {shown} suppressed figures"


def _small_bases(connection: duckdb.DuckDBPyConnection, minimum_base: int) -> Iterator[str]:
    based = connection.execute(
        "select c.table_schema, c.table_name, c.column_name"
        " from information_schema.columns as c"
        " join information_schema.columns as s"
        " using (table_catalog, table_schema, table_name)"
        " where c.table_catalog = current_database()"
        " and s.column_name = 'suppression_status'"
        " and (starts_with(c.column_name, 'n_answered') or c.column_name = 'n_complete')"
        " order by all"
    ).fetchall()
    for schema, name, column in based:
        # A second base (of the rest, of an earlier wave) may be absent; the first may not.
        counted = "coalesce(n_answered, 0)" if column == "n_answered" else quote(column)
        small = _count(
            connection,
            f"{quote(schema)}.{quote(name)} where suppression_status = 'published'"
            f" and {counted} < {minimum_base}",
        )
        if small:
            base = "base" if column == "n_answered" else column
            yield f"{schema}.{name} publishes {small} rows with a {base} below {minimum_base}"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
