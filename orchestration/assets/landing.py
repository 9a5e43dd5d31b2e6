"""The landed files, one partition per wave."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.assets.jobs import asked_waves
from orchestration.assets.resources import RETRIES, WAREHOUSE_POOL, WarehouseResource
from orchestration.flow.steps import delivery_findings, land_inbox, read_registry

if TYPE_CHECKING:
    from landing.kept_findings import DeliveryFindings
    from landing.loader import LandingReport

GROUP = "landing"
INBOX = dg.AssetKey(["inbox", "deliveries"])
FINDINGS_CHECK = "delivery_findings"
RAW_TABLES = ("exports", "export_columns", "value_labels", "cells", "frame")


def raw_key(table: str) -> dg.AssetKey:
    """Return the asset key of a raw table; dbt's sources have the same keys."""
    return dg.AssetKey(["raw", table])


def inbox_asset() -> dg.AssetSpec:
    """Return the files that others deliver; observed by the sensor, never made here."""
    return dg.AssetSpec(
        INBOX,
        group_name=GROUP,
        description="Export and sampling-frame files as delivered to the inbox folder.",
        kinds={"file"},
    )


def landing_assets(waves: dg.StaticPartitionsDefinition) -> dg.AssetsDefinition:
    """Return the raw tables as assets that landing makes, wave by wave."""

    @dg.multi_asset(
        name="land_inbox",
        specs=[
            dg.AssetSpec(
                raw_key(table),
                deps=[INBOX],
                group_name=GROUP,
                kinds={"python", "duckdb"},
                partitions_def=waves,
                skippable=False,
            )
            for table in RAW_TABLES
        ],
        check_specs=[
            dg.AssetCheckSpec(
                FINDINGS_CHECK,
                asset=raw_key("exports"),
                description="Nothing was found in the files in force that nobody has accepted.",
            )
        ],
        partitions_def=waves,
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=RETRIES,
        pool=WAREHOUSE_POOL,
    )
    def land(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        partitioned = context.has_partition_key or context.has_partition_key_range
        chosen = asked_waves(context.run.tags, context.partition_keys) if partitioned else None
        with warehouse.writing("land_inbox") as settings:
            registry = read_registry(settings)
            report = land_inbox(settings, registry, waves=chosen)
            found = delivery_findings(settings, registry)
        for table in RAW_TABLES:
            yield dg.MaterializeResult(raw_key(table), metadata=landed_files(report))
        yield findings_result(found)

    return land


def findings_result(found: "Sequence[DeliveryFindings]") -> dg.AssetCheckResult:
    """Return what was found in the files in force as a check that warns and stops nothing."""
    lines = [f"- `{file.file_name}`: {line}" for file in found for line in file.lines()]
    return dg.AssetCheckResult(
        asset_key=raw_key("exports"),
        check_name=FINDINGS_CHECK,
        passed=not lines,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "open": sum(len(file.open) for file in found),
            "accepted": sum(bool(one.acceptance) for file in found for one in file.findings),
            "findings": dg.MetadataValue.md("\n".join(lines) or "none"),
        },
    )


def landed_files(report: "LandingReport") -> dict[str, dg.MetadataValue]:
    """Return what a landing did as metadata of the raw tables."""
    lines = [
        *(f"- landed `{file.file_name}`: {file.row_count:,} rows" for file in report.landed),
        *(
            f"- landed `{file.file_name}` again: it replaces `{file.superseded}`"
            for file in report.landed_again
        ),
        *(f"- `{file.file_name}` was there already" for file in report.unchanged),
    ]
    return {
        "files_landed": dg.MetadataValue.int(len(report.landed)),
        "files_landed_again": dg.MetadataValue.int(len(report.landed_again)),
        "files_unchanged": dg.MetadataValue.int(len(report.unchanged)),
        "rows_landed": dg.MetadataValue.int(sum(file.row_count for file in report.landed)),
        "files": dg.MetadataValue.md("\n".join(lines)),
    }
