"""What each item adds to its scale, in every group."""

from __future__ import annotations

from typing import Any

from estimation.columns import by_name, to_relation
from estimation.scale_groups import COLUMNS, KEYS, ORDER, groups_of_items, item_rows

TYPES = dict.fromkeys(KEYS, "varchar") | {
    "question_id": "varchar",
    "item_position": "integer",
    "n_complete": "bigint",
    "item_mean": "double",
    "item_standard_deviation": "double",
    "item_rest_correlation": "double",
    "alpha_if_deleted": "double",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave, classification, group, scale and item."""
    answers = dbt.ref("est_scale_items").order(ORDER).project(", ".join(COLUMNS))
    rows = [
        {**group.key, "question_id": question_id, **row}
        for group in groups_of_items(answers.fetchnumpy())
        for question_id, row in zip(group.questions, item_rows(group.answers), strict=True)
    ]
    return to_relation(session, TYPES, by_name(TYPES, rows))
