"""Weights of the waves whose registry names margins, made to add up to them."""

from __future__ import annotations

from typing import Any

from estimation.columns import by_name, rows_of, to_relation
from estimation.wave_margins import calibrated_weights

TYPES = {"wave": "varchar", "response_key": "varchar", "weight": "double"}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per response of a calibrated wave."""
    members = rows_of(dbt.ref("cln_margin_members"))
    margins = rows_of(dbt.ref("cln_weighting_margins"))
    return to_relation(session, TYPES, by_name(TYPES, calibrated_weights(members, margins)))
