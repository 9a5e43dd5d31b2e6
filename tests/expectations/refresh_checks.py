"""Every check of a refresh as one query, without starting dbt or Great Expectations for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from barometer.settings import Settings
from expectations.checks import Check, NotEmpty, Suite, example_query
from expectations.suites import LAYERS, build_suites
from registry import load_registry

CLEANED_FOLDERS = ("seeds/", "models/staging/", "models/cleaned/")


@dataclass(frozen=True)
class RefreshCheck:
    """One data test or expectation; its query selects what breaks it.

    Attributes:
        layer: raw, cleaned or marts: after which part of the refresh it runs.
        name: what it is called where it fails.
    """

    layer: str
    name: str
    sql: str

    def looks_at(self, tables: Iterable[str]) -> bool:
        """Whether the query reads one of the tables."""
        return any(re.search(rf"\b{re.escape(table)}\b", self.sql) for table in tables)

    def finds(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether something breaks it."""
        found = connection.execute(f"select exists (select 1 from ({self.sql}) as broken)")
        return bool(found.fetchall()[0][0])


def refresh_checks(settings: Settings) -> tuple[RefreshCheck, ...]:
    """Return the data tests that the last refresh compiled, and the expectations of today."""
    registry = load_registry(settings.seeds)
    suites = (suite for layer in LAYERS for suite in build_suites(layer, registry))
    return (*data_tests(settings.dbt_target), *(c for s in suites for c in expectations(s)))


def data_tests(target: Path) -> Iterator[RefreshCheck]:
    """Yield every data test of a dbt target folder."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    nodes: dict[str, Any] = {**manifest["nodes"], **manifest["sources"]}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            folder = target / "compiled" / node["package_name"]
            # Of a generic test the file lies below the YAML file that names it.
            generic = folder / node["original_file_path"] / node["path"]
            compiled = generic if generic.is_file() else folder / node["original_file_path"]
            read = (nodes[name]["original_file_path"] for name in node["depends_on"]["nodes"])
            cleaned = all(path.startswith(CLEANED_FOLDERS) for path in read)
            yield RefreshCheck(
                "cleaned" if cleaned else "marts",
                f"dbt: {node['name']}",
                compiled.read_text(encoding="utf-8"),
            )


def expectations(suite: Suite) -> Iterator[RefreshCheck]:
    """Yield every expectation of a suite."""
    for check in suite.checks:
        yield RefreshCheck(
            suite.layer, f"{suite.relation}: {check.description}", query_of(suite, check)
        )


def query_of(suite: Suite, check: Check) -> str:
    """Return the query for what breaks an expectation."""
    if isinstance(check, NotEmpty):
        return f"select 1 where not exists (select 1 from {suite.relation})"
    query = example_query(suite, check, ("*",))
    assert query is not None
    return query
