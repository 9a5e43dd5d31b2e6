"""Limits of weighted shares that no closed formula gives: exact ones, and those of small bases."""

from __future__ import annotations

from typing import Any

from estimation.columns import to_relation
from estimation.method import WILSON_FROM
from estimation.share_limits import limits_of_shares

KEYS = ("wave", "classification_id", "group_id", "indicator_id")
POINT = (
    "n_answered",
    "sum_value",
    "sum_weights",
    "n_effective",
    "weighted_estimate",
    "is_equally_weighted",
)
TYPES = dict.fromkeys(KEYS, "varchar") | {
    "interval_method": "varchar",
    "weighted_lower": "double",
    "weighted_upper": "double",
}
# A census has nothing to estimate; from this base on, unequal weights have Wilson's interval.
SELECTION = f"""
    kind = 'share'
    and n_answered > 0
    and sampling_fraction < 1 - 1e-12
    and (is_equally_weighted or n_answered < {WILSON_FROM})
"""


def model(dbt: Any, session: Any) -> Any:
    """Return one row per share with equal weights, or a base too small for Wilson's interval."""
    selected = dbt.ref("est_points").filter(SELECTION).project(", ".join((*KEYS, *POINT)))
    points = selected.fetchnumpy()
    limits = limits_of_shares({name: points[name] for name in POINT})
    found = {
        "interval_method": limits.methods,
        "weighted_lower": limits.lower,
        "weighted_upper": limits.upper,
    }
    return to_relation(session, TYPES, {**points, **found})
