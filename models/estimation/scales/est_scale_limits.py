"""Intervals of the shares in est_scale_cells."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.scale_groups import cell_limits

CELL = ("wave", "classification_id", "group_id", "scale_id", "band_id", "outcome_indicator_id")
SCHEMA = pa.schema(
    [
        *((key, pa.string()) for key in CELL),
        ("share_lower", pa.float64()),
        ("share_upper", pa.float64()),
        ("interval_method", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per cell."""
    cells = dbt.ref("est_scale_cells").arrow().read_all().to_pylist()
    return pa.Table.from_pylist(
        [{key: cell[key] for key in CELL} | cell_limits(cell) for cell in cells], schema=SCHEMA
    )
