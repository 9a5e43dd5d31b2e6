"""What each item adds to its scale, in every group."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.scale_groups import KEYS, groups_of_items, item_rows

SCHEMA = pa.schema(
    [
        *((key, pa.string()) for key in KEYS),
        ("question_id", pa.string()),
        ("item_position", pa.int32()),
        ("n_complete", pa.int64()),
        ("item_mean", pa.float64()),
        ("item_standard_deviation", pa.float64()),
        ("item_rest_correlation", pa.float64()),
        ("alpha_if_deleted", pa.float64()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group, scale and item."""
    answers = dbt.ref("est_scale_items").arrow().read_all()
    return pa.Table.from_pylist(
        [
            group.key | {"question_id": question_id} | row
            for group in groups_of_items(answers)
            for question_id, row in zip(group.questions, item_rows(group.answers), strict=True)
        ],
        schema=SCHEMA,
    )
