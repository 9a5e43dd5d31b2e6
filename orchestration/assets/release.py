"""The releases: what readers outside the pipeline open."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.assets.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.flow.steps import publish_release, read_registry

if TYPE_CHECKING:
    from publication.internal.release import ReleaseReport

RELEASE = dg.AssetKey(["release", "internal"])
PUBLIC_RELEASE = dg.AssetKey(["release", "public"])
AUDIT = "audit"
GROUP = "release"


def release_assets(marts: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return both releases as assets of one step: neither is swapped in before both are audited.

    Args:
        marts: every released table.
    """

    @dg.multi_asset(
        name="release",
        specs=[
            dg.AssetSpec(
                RELEASE,
                deps=sorted(marts),
                group_name=GROUP,
                description="The current release: an immutable file, swapped in when all checks "
                "hold.",
                kinds={"python", "duckdb"},
            ),
            dg.AssetSpec(
                PUBLIC_RELEASE,
                deps=[RELEASE],
                group_name=GROUP,
                description="The public release: protected, audited with all earlier ones, "
                "swapped in.",
                kinds={"python", "duckdb"},
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                AUDIT,
                asset=PUBLIC_RELEASE,
                description="Nobody can work a count out, earlier releases included; where not, "
                "the step itself fails and nothing is published.",
            )
        ],
        pool=WAREHOUSE_POOL,
    )
    def release(warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult[None]]:
        with warehouse.writing("release") as settings:
            report = publish_release(settings, read_registry(settings))
        yield dg.MaterializeResult(RELEASE, metadata=_metadata(report))
        yield dg.MaterializeResult(
            PUBLIC_RELEASE,
            metadata={"published": False} if report.public is None else _metadata(report.public),
            check_results=[dg.AssetCheckResult(passed=True, check_name=AUDIT)],
        )

    return release


def _metadata(report: "ReleaseReport") -> dict[str, str | bool | int | dg.PathMetadataValue]:
    return {
        "release_id": report.release_id,
        "path": dg.MetadataValue.path(report.path),
        "unchanged": report.unchanged,
        "tables": len(report.tables),
        "rows": sum(rows for _, rows in report.tables),
    }
