"""Intervals of the shares in est_scale_cells."""

from __future__ import annotations

from typing import Any

from estimation.scale_groups import limits_relation

CELL = ("wave", "classification_id", "group_id", "scale_id", "band_id", "outcome_indicator_id")


def model(dbt: Any, session: Any) -> Any:
    """Return one row per cell."""
    return limits_relation(session, CELL, dbt.ref("est_scale_cells").fetchnumpy())
