"""The Dagster definitions of a survey, made once per test run, and stand-ins for its steps."""

from __future__ import annotations

import graphlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from barometer.settings import Settings
from expectations.report import Failure, LayerReport, SuiteReport
from expectations.suites import build_suites
from orchestration.assets.jobs import REFRESH
from orchestration.flow.steps import read_registry
from registry import Registry

CLEANED = ("registry", "staging", "cleaned")


def asset_lines(graph: dg.AssetGraph) -> list[str]:
    """Return one line per asset: key, group, and what it is made from."""
    return [
        f"{key.to_user_string()} [{graph.get(key).group_name}] <- "
        + (
            ", ".join(sorted(parent.to_user_string() for parent in graph.get(key).parent_keys))
            or "-"
        )
        for key in sorted(graph.get_all_asset_keys())
    ]


def expectation_lines(graph: dg.AssetGraph) -> list[str]:
    """Return one line per table whose expectations block what follows."""
    return [
        f"{key.asset_key.to_user_string()} has blocking expectations"
        for key in sorted(graph.asset_check_keys, key=str)
        if key.name == "expectations"
    ]


def run_of_refresh(
    status: dg.DagsterRunStatus, tags: Mapping[str, str] | None = None
) -> dg.DagsterRun:
    """Return a run of the one job, as the daemon would make it, in this status."""
    location = RegisteredCodeLocationOrigin("orchestration.definitions")
    return dg.DagsterRun(
        job_name=REFRESH,
        run_id=str(uuid.uuid4()),
        status=status,
        tags=dict(tags or {}),
        remote_job_origin=RemoteJobOrigin(
            RemoteRepositoryOrigin(location, "__repository__"), REFRESH
        ),
    )


class StandIns:
    """Steps that do nothing but note that they were called, and fail on demand."""

    def __init__(self, settings: Settings, failing_layer: str = "") -> None:
        self.calls: list[str] = []
        self._failing_layer = failing_layer
        self._registry = read_registry(settings)

    def land_inbox(
        self, _settings: Settings, _registry: Registry, waves: Sequence[str] | None = None
    ) -> Any:
        """Stand in for the landing of some waves."""
        self.calls.append(f"land {','.join(waves) if waves is not None else 'all'}")
        return SimpleNamespace(landed=(), landed_again=(), unchanged=())

    def inspect_layer(self, _settings: Settings, _registry: Registry, layer: str) -> LayerReport:
        """Stand in for the expectations; the last suite of the failing layer fails."""
        self.calls.append(f"check {layer}")
        suites = build_suites(layer, self._registry)
        reports = [SuiteReport(suite.name, suite.relation, 1, (), 0.1) for suite in suites]
        if layer == self._failing_layer:
            wrong = Failure(reports[-1].table, "every row is right", 3)
            reports[-1] = SuiteReport("last", reports[-1].table, 1, (wrong,), 0.1)
        return LayerReport(layer, tuple(reports), Path("docs"), 0.1)

    def stream_dbt(
        self, settings: Settings, arguments: Sequence[str]
    ) -> Iterator[Mapping[str, Any]]:
        """Stand in for dbt: every node of the part succeeds, in order."""
        part = "cleaned" if "path:models/cleaned" in " ".join(arguments) else "marts"
        self.calls.append(f"dbt {part}")
        manifest = settings.home / "dbt" / "parsed" / "manifest.json"
        nodes = json.loads(manifest.read_text())["nodes"]
        depends = {uid: node.get("depends_on", {}).get("nodes", []) for uid, node in nodes.items()}
        for unique_id in graphlib.TopologicalSorter(depends).static_order():
            node = nodes.get(unique_id)
            if not node or node["resource_type"] not in ("seed", "model"):
                continue
            if node["config"]["materialized"] == "ephemeral":
                continue
            if (node["schema"] in CLEANED) == (part == "cleaned"):
                yield result_event(unique_id, node["resource_type"], node["name"])

    def publish_release(self, _settings: Settings, _registry: Registry) -> Any:
        """Stand in for the publication of a survey without a public edition."""
        self.calls.append("publish")
        return SimpleNamespace(
            release_id="r", path=Path("r"), unchanged=False, tables=(), public=None
        )


def result_event(unique_id: str, resource_type: str, name: str) -> dict[str, Any]:
    """Return the event that dbt logs when a node has succeeded."""
    return {
        "info": {"name": "LogModelResult", "msg": "", "level": "info", "invocation_id": "i"},
        "data": {
            "index": 1,
            "total": 1,
            "status": "OK",
            "execution_time": 0.1,
            "node_info": {
                "unique_id": unique_id,
                "resource_type": resource_type,
                "node_name": name,
                "node_status": "success",
                "materialized": "table",
            },
        },
    }
