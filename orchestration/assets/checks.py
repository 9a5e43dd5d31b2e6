"""Expectations as blocking asset checks: what follows a layer waits for them."""

from collections.abc import Iterator

import dagster as dg

from expectations.report import ExpectationsFailed, SuiteReport
from expectations.suites import build_suites
from orchestration.assets.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.flow.steps import inspect_layer, read_registry
from registry import Registry

CHECK_NAME = "expectations"


def layer_checks(layer: str, registry: Registry) -> dg.AssetChecksDefinition:
    """Return one check per table of a layer, all evaluated in one step."""

    suites = build_suites(layer, registry)
    tables = {f"{suite.schema}.{suite.table}" for suite in suites}

    @dg.multi_asset_check(
        name=f"check_{layer}",
        specs=[
            dg.AssetCheckSpec(
                CHECK_NAME,
                asset=dg.AssetKey([suite.schema, suite.table]),
                description=f"One row per {suite.grain}; {len(suite.checks)} expectations.",
                blocking=True,
            )
            for suite in suites
        ],
        pool=WAREHOUSE_POOL,
    )
    def check(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        with warehouse.writing(f"check_{layer}") as settings:
            report = inspect_layer(settings, read_registry(settings), layer)
        for suite in report.suites:
            if suite.table in tables:
                yield check_result(suite)
        # What no check speaks for, such as a released table without a suite, stops the run itself.
        if any(failure.table not in tables for failure in report.failures):
            raise ExpectationsFailed(report)

    return check


def check_result(suite: SuiteReport) -> dg.AssetCheckResult:
    """Return what a suite found as the result of an asset check."""
    findings = [
        f"- {failure.expectation}: {failure.error or failure.unexpected_count}"
        + (f", for example {failure.example}" if failure.example else "")
        for failure in suite.failures
    ]
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(suite.table.split(".")),
        check_name=CHECK_NAME,
        passed=suite.succeeded,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "expectations": suite.expectations,
            "failures": dg.MetadataValue.md("\n".join(findings) or "none"),
            "seconds": suite.seconds,
        },
    )
