"""Nothing is published that no suite looks at."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from barometer.json_files import read_json
from barometer.settings import Settings
from expectations.checks import Suite
from expectations.report import Failure, SuiteReport


def unchecked(
    settings: Settings,
    layer: str,
    schemas: Collection[str],
    tables: Collection[str],
    suites: Collection[Suite],
) -> tuple[SuiteReport, ...]:
    """Return a failed report for every table of the schemas that has no suite."""
    covered = {suite.relation for suite in suites}
    current = modelled(settings)
    missing = sorted(
        table
        for table in tables
        if table.split(".")[0] in schemas
        and table not in covered
        and (current is None or table in current)
    )
    return tuple(
        SuiteReport(
            name=f"{layer}.{table}",
            table=table,
            expectations=0,
            failures=(Failure(table, "the table has a suite", error="no suite looks at it"),),
            seconds=0.0,
        )
        for table in missing
    )


def modelled(settings: Settings) -> frozenset[str] | None:
    """Return the tables that dbt knows; a table whose model is gone stays in the warehouse."""
    manifest = settings.dbt_target / "manifest.json"
    if not manifest.is_file():
        return None
    return read_json(manifest, _tables_of, remedy="Remove it and run the whole refresh.")


def _tables_of(manifest: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        f"{node['schema']}.{node.get('alias') or node['name']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    )
