"""What a suite says about one table: plain values, free of Great Expectations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXAMPLE_COLUMNS = frozenset(
    {
        "attribute_id",
        "claim_id",
        "classification_id",
        "column_position",
        "comparison_id",
        "expected",
        "export_id",
        "family_id",
        "found",
        "group_id",
        "indicator_id",
        "kind",
        "mart_id",
        "topic",
        "organisation_key",
        "parent_group_id",
        "part",
        "position",
        "purpose",
        "question_id",
        "response_key",
        "row_number",
        "scale_id",
        "stratum_id",
        "wave",
    }
)
"""Columns that an example may show: keys, and counts of rows. An option is an answer, not a key."""


@dataclass(frozen=True)
class NotNull:
    """Every row has a value in the column."""

    column: str

    @property
    def description(self) -> str:
        """Return the rule as a sentence."""
        return f"{self.column} is never empty"


@dataclass(frozen=True)
class InSet:
    """The column, where filled, holds one of the values."""

    column: str
    values: tuple[str, ...]

    @property
    def description(self) -> str:
        """Return the rule as a sentence."""
        return f"{self.column} is one of: {', '.join(self.values)}"


@dataclass(frozen=True)
class Between:
    """The column, where filled, lies between the limits, both included."""

    column: str
    minimum: float | None = None
    maximum: float | None = None

    @property
    def description(self) -> str:
        """Return the rule as a sentence."""
        if self.maximum is None:
            return f"{self.column} is at least {self.minimum:g}"
        if self.minimum is None:
            return f"{self.column} is at most {self.maximum:g}"
        return f"{self.column} is between {self.minimum:g} and {self.maximum:g}"


@dataclass(frozen=True)
class NotEmpty:
    """The table has rows."""

    @property
    def description(self) -> str:
        """Return the rule as a sentence."""
        return "the table has rows"


@dataclass(frozen=True)
class NoRows:
    """A query that selects the offending rows selects none.

    The query selects key columns only, so that an example can be shown.
    """

    description: str
    sql: str


Check = NotNull | InSet | Between | NotEmpty | NoRows


@dataclass(frozen=True)
class Suite:
    """The expectations of one table.

    Attributes:
        layer: raw, cleaned or marts.
        schema: schema of the table.
        table: name of the table.
        grain: what one row is, as a noun: "response".
        keys: columns that point at a row in an example.
        checks: the expectations; a suite without any is a failure.
        remarks: what else is to be read on the page of the table.
    """

    layer: str
    schema: str
    table: str
    grain: str
    keys: tuple[str, ...]
    checks: tuple[Check, ...]
    remarks: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """Return the table as SQL names it."""
        return f"{self.schema}.{self.table}"

    @property
    def name(self) -> str:
        """Return the suite's name, unique over the layers."""
        parts = [self.layer, self.schema, self.table]
        return ".".join(dict.fromkeys(parts))


def unique(relation: str, *columns: str, where: str = "") -> NoRows:
    """Return the expectation that the columns identify a row; empty values count as equal."""
    listed = ", ".join(columns)
    return NoRows(
        f"one row per {listed}" + (f" (where {where})" if where else ""),
        f"select {listed}\nfrom {relation}\n"
        + (f"where {where}\n" if where else "")
        + f"group by {listed}\nhaving count(*) > 1",
    )


def refers_to(
    relation: str,
    columns: Sequence[str],
    target: str,
    target_columns: Sequence[str] | None = None,
    *,
    description: str = "",
) -> NoRows:
    """Return the expectation that every filled reference exists in the target table."""
    theirs = target_columns or columns
    listed = ", ".join(columns)
    filled = " and ".join(f"source.{column} is not null" for column in columns)
    join = " and ".join(
        f"source.{mine} = target.{other}" for mine, other in zip(columns, theirs, strict=True)
    )
    return NoRows(
        description or f"every {listed} exists in {target}",
        f"select distinct {', '.join(f'source.{column}' for column in columns)}\n"
        f"from {relation} as source\n"
        f"where {filled}\n"
        f"    and not exists (select 1 from {target} as target where {join})",
    )


def literal(value: str | int | float | bool | None) -> str:
    """Return a value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def values_table(
    rows: Sequence[Sequence[str | int | float | bool | None]], types: dict[str, str]
) -> str:
    """Return rows as a subquery with typed columns; without rows, an empty one."""
    columns = ", ".join(types)
    casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in types.items())
    body = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
    empty = "" if rows else " where false"
    blank = f"({', '.join(['null'] * len(types))})"
    return f"(select {casts} from (values {body or blank}) as listed({columns}){empty})"


def example_query(suite: Suite, check: Check, keys: Sequence[str]) -> str | None:
    """Return the query for the rows that break an expectation: these keys of them."""
    if isinstance(check, NoRows):
        return check.sql
    if not keys:
        return None
    if isinstance(check, NotNull):
        condition = f"{check.column} is null"
    elif isinstance(check, InSet):
        listed = ", ".join(literal(value) for value in check.values)
        condition = f"{check.column} not in ({listed})"
    elif isinstance(check, Between):
        limits = []
        if check.minimum is not None:
            limits.append(f"{check.column} < {check.minimum!r}")
        if check.maximum is not None:
            limits.append(f"{check.column} > {check.maximum!r}")
        condition = " or ".join(limits)
    else:
        return None
    return f"select {', '.join(keys)} from {suite.relation} where {condition}"
