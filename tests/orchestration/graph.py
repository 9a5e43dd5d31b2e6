"""The Dagster definitions of a survey, made once per test run, and stand-ins for its steps."""

from __future__ import annotations

import graphlib
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

    def stream_build(
        self, context: dg.AssetExecutionContext, _settings: Settings, layer: str
    ) -> Iterator[dg.Output[None]]:
        """Stand in for dbt: a seed, and every chosen table of the layer."""
        self.calls.append(f"dbt {layer}")
        yield built("registry__questions", "seed.barometer.questions")
        parents = {key: context.assets_def.asset_deps[key] for key in context.selected_asset_keys}
        for key in graphlib.TopologicalSorter(parents).static_order():
            if key in parents:
                yield built(key.to_python_identifier(), f"model.barometer.{key.path[-1]}")

    def publish_release(self, _settings: Settings, _registry: Registry) -> Any:
        """Stand in for the publication of a survey without a public edition."""
        self.calls.append("publish")
        return SimpleNamespace(
            release_id="r", path=Path("r"), unchanged=False, tables=(), public=None
        )


def built(output_name: str, unique_id: str) -> dg.Output[None]:
    """Return what the library tells Dagster of a node that dbt has built."""
    return dg.Output(None, output_name, metadata={"unique_id": unique_id, "status": "success"})
