"""Cronbach's alpha of every scale in every group, with its interval."""

from __future__ import annotations

from typing import Any

from estimation.columns import by_name, to_relation
from estimation.scale_groups import COLUMNS, KEYS, ORDER, groups_of_items, reliability

TYPES = dict.fromkeys(KEYS, "varchar") | {
    "n_complete": "bigint",
    "n_items": "integer",
    "alpha": "double",
    "alpha_lower": "double",
    "alpha_upper": "double",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave, classification, group and scale."""
    answers = dbt.ref("est_scale_items").order(ORDER).project(", ".join(COLUMNS))
    rows = [
        {**group.key, **reliability(group.answers)}
        for group in groups_of_items(answers.fetchnumpy())
    ]
    return to_relation(session, TYPES, by_name(TYPES, rows))
