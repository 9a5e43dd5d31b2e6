"""Intervals of the shares in est_item_answers."""

from __future__ import annotations

from typing import Any

from estimation.scale_groups import limits_relation

CELL = ("wave", "classification_id", "group_id", "scale_id", "question_id", "option_id")


def model(dbt: Any, session: Any) -> Any:
    """Return one row per cell."""
    return limits_relation(session, CELL, dbt.ref("est_item_answers").fetchnumpy())
