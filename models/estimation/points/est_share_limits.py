"""Limits of weighted shares that no closed formula gives: exact ones, and those of small bases."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.share_limits import SharePoint, share_limits

KEYS = ("wave", "classification_id", "group_id", "indicator_id")
POINT = ("n_answered", "sum_value", "sum_weights", "n_effective", "weighted_estimate")
SCHEMA = pa.schema(
    [
        *((key, pa.string()) for key in KEYS),
        ("interval_method", pa.string()),
        ("weighted_lower", pa.float64()),
        ("weighted_upper", pa.float64()),
    ]
)
# A census has nothing to estimate; from this base on, unequal weights have Wilson's interval.
SELECTION = """
    kind = 'share'
    and n_answered > 0
    and sampling_fraction < 1 - 1e-12
    and (is_equally_weighted or n_answered < 30)
"""


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per share with equal weights, or with a base below 30."""
    points = dbt.ref("est_points").filter(SELECTION)
    rows = []
    for point in points.arrow().read_all().to_pylist():
        limits = share_limits(
            SharePoint(
                is_equally_weighted=point["is_equally_weighted"],
                **{name: point[name] for name in POINT},
            )
        )
        rows.append(
            {key: point[key] for key in KEYS}
            | {
                "interval_method": limits.method,
                "weighted_lower": limits.interval.lower,
                "weighted_upper": limits.interval.upper,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)
