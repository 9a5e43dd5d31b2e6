"""Great Expectations on DuckDB. Importing this module costs seconds: import it where it is used.

Three things are special about DuckDB here. Great Expectations closes a connection before it
reads the result, and a closed DuckDB connection has no result any more, so results are fetched
as soon as a statement has run. Regular expressions are not supported for this dialect, so they
stand in queries. And the file is locked as long as a connection is open, so it is opened
read-only and everything is disposed at the end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from barometer.databases import BUILD_FILE, file_error
from barometer.memory import bounded
from expectations.checks import (
    EXAMPLE_COLUMNS,
    Between,
    Check,
    InSet,
    NoRows,
    NotEmpty,
    NotNull,
    Suite,
    example_query,
)
from expectations.report import Failure, WarehouseUnavailableError

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.core import ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context import AbstractDataContext
from great_expectations.datasource.fluent.interfaces import TestConnectionError
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import Expectation

SOURCE = "warehouse"
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


class ExpectNoRows(gxe.UnexpectedRowsExpectation):  # type: ignore[misc]
    """A query that selects offending rows selects none; the rows themselves are not kept."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        found = metrics["unexpected_rows_query.row_count"]
        return {"success": found == 0, "result": {"observed_value": found}}


@dataclass(frozen=True)
class Warehouse:
    """An open, read-only warehouse.

    Attributes:
        source: the data source of Great Expectations.
        engine: the SQLAlchemy engine behind it.
    """

    source: Any
    engine: sa.Engine

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """Return the columns of every table and view, by schema.table."""
        listed = self.rows(
            "select table_schema || '.' || table_name as relation,"
            " list(column_name) as column_names"
            " from information_schema.columns group by all"
        )
        return {str(row["relation"]): frozenset(row["column_names"]) for row in listed}

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.text(escape(query))).mappings()]

    def example(self, suite: Suite, check: Check) -> str:
        """Return the keys of one row that breaks an expectation, as text."""
        there = self.columns[suite.relation]
        keys = tuple(key for key in suite.keys if key in there)
        query = example_query(suite, check, keys)
        if query is None:
            return ""
        found = self.rows(f"select * from ({query}) as broken order by all limit 1")
        pairs = [pair for row in found for pair in row.items()]
        shown = [
            f"{name} {value}"
            for name, value in pairs
            if name in EXAMPLE_COLUMNS and value is not None
        ]
        return ", ".join(shown)


def escape(query: str) -> str:
    """Return a query in which SQLAlchemy sees no bind parameters."""
    return query.replace(":", "\\:")


def fetch_at_once(
    connection: sa.Connection,
    cursor: DBAPICursor,
    statement: str,
    parameters: object,
    context: DefaultExecutionContext,
    executemany: bool,
) -> None:
    """Keep the whole result before the connection is closed."""
    if cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, alternate_description=cursor.description, initial_buffer=cursor.fetchall()
        )


@contextmanager
def open_warehouse(context: AbstractDataContext, path: Path) -> Iterator[Warehouse]:
    """Open the warehouse for reading and give its lock back afterwards.

    Raises:
        WarehouseUnavailableError: there is none, it is in use, or damaged.
    """
    if not path.is_file():
        raise WarehouseUnavailableError(
            "There is no warehouse to check.",
            where=str(path),
            remedy="Land the survey's files first.",
        )
    try:
        # Adding the source opens a first connection.
        source = context.data_sources.add_sql(
            name=SOURCE,
            connection_string=f"duckdb:///{path}",
            create_temp_table=False,
            kwargs={"connect_args": {"read_only": True, "config": bounded()}},
        )
    except TestConnectionError as error:
        raise file_error(WarehouseUnavailableError, BUILD_FILE, _cause(error), path) from error
    engine = source.get_execution_engine().engine
    sa.event.listen(engine, "after_cursor_execute", fetch_at_once)
    try:
        yield Warehouse(source=source, engine=engine)
    finally:
        engine.dispose()
        source.get_engine().dispose()


def _cause(error: TestConnectionError) -> BaseException:
    """Return what DuckDB said, which SQLAlchemy and Great Expectations wrap."""
    cause = error.__cause__ or error
    original: BaseException | None = getattr(cause, "orig", None)
    return original or cause


def to_gx(suite: Suite, check: Check) -> Expectation:
    """Return an expectation of Great Expectations."""
    description = check.description
    if isinstance(check, NotNull):
        return gxe.ExpectColumnValuesToNotBeNull(column=check.column, description=description)
    if isinstance(check, InSet):
        return gxe.ExpectColumnValuesToBeInSet(
            column=check.column, value_set=list(check.values), description=description
        )
    if isinstance(check, Between):
        return gxe.ExpectColumnValuesToBeBetween(
            column=check.column,
            min_value=check.minimum,
            max_value=check.maximum,
            description=description,
        )
    if isinstance(check, NotEmpty):
        return gxe.ExpectTableRowCountToBeBetween(min_value=1, description=description)
    # The comment names the batch, which Great Expectations otherwise complains about.
    query = escape(check.sql).replace("{", "{{").replace("}", "}}") + "\n/* {batch} */"
    return ExpectNoRows(
        unexpected_rows_query=query, description=description, notes=f"```sql\n{check.sql}\n```"
    )


def validate(
    context: AbstractDataContext, warehouse: Warehouse, suite: Suite
) -> tuple[int, tuple[Failure, ...]]:
    """Run a suite; return how many expectations were evaluated, and those that do not hold."""
    gx_suite = context.suites.add(
        gx.ExpectationSuite(
            name=suite.name,
            expectations=[to_gx(suite, check) for check in suite.checks],
            notes=[f"One row per {suite.grain}.", *suite.remarks],
        )
    )
    asset = warehouse.source.add_table_asset(
        suite.name, table_name=suite.table, schema_name=suite.schema
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name=suite.name,
            data=asset.add_batch_definition_whole_table("whole table"),
            suite=gx_suite,
        )
    )
    outcome = definition.run(
        result_format=COUNTS_ONLY,
        run_id=RunIdentifier(run_name=suite.layer, run_time=datetime.now(tz=UTC)),
    )
    results = {result.expectation_config.id: result for result in outcome.results}
    failures = []
    for check, expectation in zip(suite.checks, gx_suite.expectations, strict=True):
        failure = judge(warehouse, suite, check, results.get(expectation.id))
        if failure is not None:
            failures.append(failure)
    return len(results), tuple(failures)


def judge(
    warehouse: Warehouse, suite: Suite, check: Check, result: ExpectationValidationResult | None
) -> Failure | None:
    """Return the failure that a result stands for; a missing result is one."""
    if result is None:
        return Failure(suite.relation, check.description, error="it was skipped")
    error = raised(result)
    if error:
        return Failure(suite.relation, check.description, error=error)
    if result.success:
        return None
    count = result.result.get("unexpected_count")
    if isinstance(check, NoRows):
        count = result.result.get("observed_value")
    return Failure(
        suite.relation,
        check.description,
        unexpected_count=None if count is None else int(count),
        example=warehouse.example(suite, check),
    )


def raised(result: ExpectationValidationResult) -> str:
    """Return the message of the exception that an expectation ended in, if it did."""
    information = result.exception_info or {}
    entries = [information] if "raised_exception" in information else information.values()
    for entry in entries:
        if entry.get("raised_exception"):
            return first_line(str(entry.get("exception_message") or "unknown error"))
    return ""


def first_line(message: str) -> str:
    """Return the first line of a message of the database, without the values it quotes."""
    lines = message.strip().splitlines()
    return re.sub(r"'[^']*'", "'…'", lines[0]) if lines else "unknown error"
