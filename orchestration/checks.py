"""Expectations as blocking asset checks: what follows a layer waits for them."""

from collections.abc import Iterator

import dagster as dg

from barometer.registry import Registry
from expectations.report import SuiteReport
from expectations.suites import build_suites
from orchestration.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.steps import inspect_layer

CHECK_NAME = "expectations"


def layer_checks(layer: str, registry: Registry) -> dg.AssetChecksDefinition:
    """Return one check per table of a layer, all evaluated in one step."""

    @dg.multi_asset_check(
        name=f"check_{layer}",
        specs=[
            dg.AssetCheckSpec(
                CHECK_NAME,
                asset=dg.AssetKey([suite.schema, suite.table]),
                description=f"One row per {suite.grain}; {len(suite.checks)} expectations.",
                blocking=True,
            )
            for suite in build_suites(layer, registry)
        ],
        pool=WAREHOUSE_POOL,
    )
    def check(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        with warehouse.writing() as settings:
            report = inspect_layer(settings, layer)
        for suite in report.suites:
            yield check_result(suite)

    return check


def check_result(suite: SuiteReport) -> dg.AssetCheckResult:
    """Return what a suite found as the result of an asset check."""
    findings = [
        f"- {failure.expectation}: {failure.error or failure.unexpected_count}"
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
