"""The release: what readers outside the pipeline open."""

from collections.abc import Iterable

import dagster as dg

from orchestration.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.steps import publish_release

RELEASE = dg.AssetKey(["release", "internal"])


def release_asset(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the release as an asset that rests on every released table."""
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
            report = publish_release(settings)
        return dg.MaterializeResult(
            metadata={
                "release_id": report.release_id,
                "path": dg.MetadataValue.path(report.path),
                "unchanged": report.unchanged,
                "tables": len(report.tables),
                "rows": sum(rows for _, rows in report.tables),
            }
        )

    return release
