"""How much of the variance of a scale lies between the groups of a classification."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.scale_groups import divisions, variance_row

SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        ("scale_id", pa.string()),
        ("classification_id", pa.string()),
        ("group_id", pa.string()),
        ("n_answered", pa.int64()),
        ("n_groups", pa.int64()),
        ("eta_squared", pa.float64()),
        ("omega_squared", pa.float64()),
        ("share_lower", pa.float64()),
        ("share_upper", pa.float64()),
        ("f_statistic", pa.float64()),
        ("p_value", pa.float64()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, scale, classification and group that has two parts or more."""
    scores = dbt.ref("est_scale_group_scores").arrow().read_all()
    return pa.Table.from_pylist(
        [
            division.key | variance_row(division.groups)
            for division in divisions(scores)
            if len(division.groups) > 1
        ],
        schema=SCHEMA,
    )
