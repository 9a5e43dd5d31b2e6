"""The one job: everything, in one process, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import dagster as dg

REFRESH = "refresh"
ASKED_WAVES = "barometer/waves"
"""Tag of a run over a range: the waves it is to land, others may lie between them."""


def refresh_job() -> dg.UnresolvedAssetJobDefinition:
    """Return the job that lands one or more waves and rebuilds and publishes everything.

    One process: every step writes the same DuckDB file, and importing the libraries anew
    for each step would take longer than the work.
    """
    return dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        # A run that lost its worker is tried again from the start: what it left is not trusted.
        tags={"dagster/retry_strategy": "ALL_STEPS"},
        description="Land, check, build, check, publish.",
    )


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return run tags for all waves from the first to the last, in one run."""
    return {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }


def asked_tags(waves: Sequence[str]) -> dict[str, str]:
    """Return run tags for exactly these waves, in one run over the range they span."""
    return {**range_tags(waves[0], waves[-1]), ASKED_WAVES: json.dumps(list(waves))}


def asked_waves(tags: Mapping[str, str], partitions: Sequence[str]) -> list[str]:
    """Return the waves of a range that a run is to land: all, unless its tags name some."""
    asked = json.loads(tags.get(ASKED_WAVES, "null"))
    return [wave for wave in partitions if asked is None or wave in asked]
