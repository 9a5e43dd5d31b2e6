"""Nothing is published that no suite looks at."""

from __future__ import annotations

import json
from collections.abc import Collection

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
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return frozenset(
        f"{node['schema']}.{node.get('alias') or node['name']}"
        for node in nodes
        if node["resource_type"] == "model"
    )
