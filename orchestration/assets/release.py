"""The releases: what readers outside the pipeline open."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.steps import publish_internal, publish_public_release

if TYPE_CHECKING:
    from publication.release import ReleaseReport

RELEASE = dg.AssetKey(["release", "internal"])
PUBLIC_RELEASE = dg.AssetKey(["release", "public"])
AUDIT = "audit"


def release_asset(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the internal release as an asset that rests on every released table."""
    released = sorted(marts)

    @dg.asset(
        key=RELEASE,
        deps=released,
        group_name="release",
        description="The current release: an immutable file, swapped in when all checks hold.",
        kinds={"python", "duckdb"},
        pool=WAREHOUSE_POOL,
    )
    def release(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
        with warehouse.writing() as settings:
            report = publish_internal(settings)
        return dg.MaterializeResult(metadata=_metadata(report))

    return release


def public_release_asset() -> dg.AssetsDefinition:
    """Return the public release as an asset, with the audit it passed as a check."""

    @dg.asset(
        key=PUBLIC_RELEASE,
        deps=[RELEASE],
        group_name="release",
        description="The public release: protected, audited with all earlier ones, swapped in.",
        kinds={"python", "duckdb"},
        pool=WAREHOUSE_POOL,
        check_specs=[
            dg.AssetCheckSpec(
                AUDIT,
                asset=PUBLIC_RELEASE,
                description="Nobody can work a count out, earlier releases included; where not, "
                "the step itself fails and nothing is published.",
            )
        ],
    )
    def public_release(warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        with warehouse.writing() as settings:
            report = publish_public_release(settings)
        return dg.MaterializeResult(
            metadata={"published": False} if report is None else _metadata(report),
            check_results=[dg.AssetCheckResult(passed=True, check_name=AUDIT)],
        )

    return public_release


def _metadata(report: "ReleaseReport") -> dict[str, str | bool | int | dg.PathMetadataValue]:
    return {
        "release_id": report.release_id,
        "path": dg.MetadataValue.path(report.path),
        "unchanged": report.unchanged,
        "tables": len(report.tables),
        "rows": sum(rows for _, rows in report.tables),
    }
