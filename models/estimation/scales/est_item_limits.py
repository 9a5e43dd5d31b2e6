"""Intervals of the shares in est_item_answers."""

from __future__ import annotations

from typing import Any

from estimation.columns import to_relation
from estimation.scale_groups import cell_limits

CELL = ("wave", "classification_id", "group_id", "scale_id", "question_id", "option_id")
TYPES = dict.fromkeys(CELL, "varchar") | {
    "share_lower": "double",
    "share_upper": "double",
    "interval_method": "varchar",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per cell."""
    cells = dbt.ref("est_item_answers").fetchnumpy()
    return to_relation(session, TYPES, {**cells, **cell_limits(cells)})
