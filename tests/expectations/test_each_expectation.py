"""Every expectation of every suite fails when, and only when, what it says is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby, zip_longest
from typing import Any

import duckdb
import pytest
from breakages import BREAKAGES, Breakage
from small_suites import SUITES

from barometer.settings import Settings
from expectations.checks import (
    EXAMPLE_COLUMNS,
    Between,
    InSet,
    NoRows,
    NotEmpty,
    NotNull,
    Suite,
)
from expectations.report import Failure

Break = Callable[..., Settings]

EMPTY = (
    "staging.stg_unmapped_columns",
    "staging.stg_unmapped_codes",
    "cleaned.cln_rejected_answers",
)
"""Tables that have no rows in the sound warehouse."""

ROUNDS = [
    tuple(one for one in round_ if one is not None)
    for round_ in zip_longest(
        *(tuple(group) for _, group in groupby(BREAKAGES, key=lambda one: one.suite))
    )
]

pytestmark = pytest.mark.filterwarnings("ignore:.schema_name. is deprecated:DeprecationWarning")


def failures_of(settings: Settings, *suites: Suite) -> dict[str, tuple[Failure, ...]]:
    """Run suites on a warehouse; give what fails by suite."""
    from expectations.validation.adapter import open_warehouse, validate
    from expectations.validation.data_docs import make_context

    context = make_context(settings)
    failures = {}
    with open_warehouse(context, settings.warehouse) as warehouse:
        for suite in suites:
            evaluated, failures[suite.name] = validate(context, warehouse, suite)
            assert evaluated == len(suite.checks)
    return failures


def expectations_of(failures: dict[str, tuple[Failure, ...]]) -> dict[str, list[str]]:
    return {name: [failure.expectation for failure in found] for name, found in failures.items()}


def only(*kinds: type) -> tuple[Suite, ...]:
    """Give the suites with their expectations of some kinds only."""
    reduced = (replace(suite, checks=of_kind(suite, *kinds)) for suite in SUITES.values())
    return tuple(suite for suite in reduced if suite.checks)


def descriptions(suites: tuple[Suite, ...]) -> dict[str, list[str]]:
    return {suite.name: [check.description for check in suite.checks] for suite in suites}


def rule_of(breakage: Breakage) -> NoRows:
    rules = of_kind(SUITES[breakage.suite], NoRows)
    return next(rule for rule in rules if rule.description == breakage.expectation)


def of_kind(suite: Suite, *kinds: type) -> tuple[Any, ...]:
    return tuple(check for check in suite.checks if isinstance(check, kinds))


def test_every_expectation_on_rows_has_a_breakage() -> None:
    expected = {
        (name, check.description)
        for name, suite in SUITES.items()
        for check in of_kind(suite, NoRows)
    }
    assert expected == {(breakage.suite, breakage.expectation) for breakage in BREAKAGES}


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.id)
def test_one_broken_thing_makes_its_rule_select_rows(
    breakage: Breakage, sound_connection: duckdb.DuckDBPyConnection
) -> None:
    rule = rule_of(breakage)
    assert not sound_connection.execute(rule.sql).fetchall()

    sound_connection.execute("begin")
    sound_connection.execute(breakage.sql)
    found = sound_connection.execute(rule.sql)
    columns = [column[0] for column in found.description or ()]
    rows = found.fetchall()
    sound_connection.execute("rollback")

    assert rows
    assert set(columns) & EXAMPLE_COLUMNS


@pytest.mark.parametrize("round_", ROUNDS, ids=range(len(ROUNDS)))
def test_great_expectations_finds_and_names_what_is_broken(
    round_: tuple[Breakage, ...], broken: Break
) -> None:
    """A round breaks one thing for every suite, so that one warehouse serves them all."""
    suites = tuple(replace(SUITES[one.suite], checks=(rule_of(one),)) for one in round_)

    failures = failures_of(broken(*(one.sql for one in round_)), *suites)

    assert expectations_of(failures) == {one.suite: [one.expectation] for one in round_}
    for suite in suites:
        (failure,) = failures[suite.name]
        assert failure.table == suite.relation
        assert not failure.error
        assert failure.unexpected_count
        assert failure.example
        assert "secret" not in failure.example


def test_empty_keys_are_found(broken: Break) -> None:
    suites = only(NotNull)
    filled = [f"insert into {table} default values" for table in EMPTY]
    emptied = [
        f"update {suite.relation} set {rule.column} = null"
        for suite in suites
        for rule in suite.checks
    ]

    failures = failures_of(broken(*filled, *emptied), *suites)

    assert expectations_of(failures) == descriptions(suites)
    assert all(failure.unexpected_count for found in failures.values() for failure in found)


def test_values_outside_the_set_or_range_are_found(broken: Break) -> None:
    suites = only(InSet, Between)
    statements = [
        f"update {suite.relation} set {rule.column} = "
        + ("'nonsense'" if isinstance(rule, InSet) else "-1")
        for suite in suites
        for rule in suite.checks
    ]

    failures = failures_of(broken(*statements), *suites)

    assert expectations_of(failures) == descriptions(suites)
    assert all(failure.unexpected_count for found in failures.values() for failure in found)


def test_tables_without_rows_are_found(broken: Break) -> None:
    suites = only(NotEmpty)

    failures = failures_of(broken(*(f"delete from {suite.relation}" for suite in suites)), *suites)

    assert expectations_of(failures) == descriptions(suites)


def test_examples_show_keys_and_counts_only() -> None:
    forbidden = {"value", "raw_value", "option_id", "numeric_value", "organisation_name", "label"}

    assert not EXAMPLE_COLUMNS & forbidden
    assert all(set(suite.keys) <= EXAMPLE_COLUMNS for suite in SUITES.values())
