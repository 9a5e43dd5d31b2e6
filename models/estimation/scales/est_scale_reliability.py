"""Cronbach's alpha of every scale in every group, with its interval."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.scale_groups import KEYS, groups_of_items, reliability

SCHEMA = pa.schema(
    [
        *((key, pa.string()) for key in KEYS),
        ("n_complete", pa.int64()),
        ("n_items", pa.int32()),
        ("alpha", pa.float64()),
        ("alpha_lower", pa.float64()),
        ("alpha_upper", pa.float64()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group and scale."""
    answers = dbt.ref("est_scale_items").arrow().read_all()
    return pa.Table.from_pylist(
        [group.key | reliability(group.answers) for group in groups_of_items(answers)],
        schema=SCHEMA,
    )
