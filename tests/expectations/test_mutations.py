"""Faults seeded one at a time into the built example survey: a check of the layer finds each.

Of files, those that stop landing are in `tests/landing/drift`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from mutations import MUTATIONS, Mutation
from refresh_checks import RefreshCheck, refresh_checks

from barometer.settings import Settings

pytestmark = pytest.mark.xdist_group("example_refresh")

CHANGED = re.compile(r"\s*(?:update|insert into|delete from) (\S+)")


@pytest.fixture(scope="module")
def checks(example_refresh: Settings) -> tuple[RefreshCheck, ...]:
    return refresh_checks(example_refresh)


@pytest.fixture(scope="module")
def warehouse(
    example_warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to a copy; whoever changes it rolls back."""
    copy = tmp_path_factory.mktemp("mutations") / example_warehouse.name
    shutil.copy(example_warehouse, copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


def test_the_example_breaks_no_check(
    checks: tuple[RefreshCheck, ...], warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert [check.name for check in checks if check.finds(warehouse)] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_a_seeded_fault_is_found_in_its_layer(
    mutation: Mutation,
    checks: tuple[RefreshCheck, ...],
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    tables = [CHANGED.match(statement)[1] for statement in mutation.statements]  # type: ignore[index]
    looking = [c for c in checks if c.layer == mutation.layer and c.looks_at(tables)]

    warehouse.execute("begin")
    try:
        for statement in mutation.statements:
            assert warehouse.execute(statement).fetchall() != [(0,)], "nothing was changed"
        found = any(check.finds(warehouse) for check in looking)
    finally:
        warehouse.execute("rollback")

    assert found


@pytest.mark.parametrize(
    "assignment", ["verdict = 'perhaps'", "verdict = null", "suppression_status = 'shown'"]
)
def test_the_database_refuses_what_a_contract_does_not_allow(
    assignment: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(duckdb.ConstraintException, match=assignment.split(" ")[0]):
        warehouse.execute(f"update core.fct_comparisons set {assignment}")
