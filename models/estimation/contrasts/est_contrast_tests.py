"""Difference, interval, p-value and effect size of every contrast that may be tested."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from estimation.columns import numbers, to_relation
from estimation.contrasts import Contrast, Side, examine_all

TYPES = {
    "contrast_id": "varchar",
    "difference": "double",
    "difference_lower": "double",
    "difference_upper": "double",
    "interval_method": "varchar",
    "correlation": "double",
    "degrees_of_freedom": "double",
    "test_method": "varchar",
    "untested_reason": "varchar",
    "p_value": "double",
    "effect_size": "double",
    "effect_measure": "varchar",
}
SIDE = tuple(field.name for field in fields(Side))
SHARED = ("covariance", "covariance_finite", "n_both", "weight_products", "margin")


def model(dbt: Any, session: Any) -> Any:
    """Return one row per contrast with enough answers, across no break."""
    rows = (
        dbt.ref("est_contrast_sides")
        .filter("has_bases and coalesce(comparability, 'comparable') <> 'broken'")
        .filter("purpose <> 'overlap'")
        .fetchnumpy()
    )
    contrasts = Contrast(
        contrast_kind=rows["contrast_kind"],
        kind=rows["kind"],
        a=_side(rows, "a"),
        b=_side(rows, "b"),
        **{name: _known(rows[name]) for name in SHARED},
    )
    found = examine_all(contrasts)
    return to_relation(session, TYPES, {"contrast_id": rows["contrast_id"], **found})


def _side(rows: dict[str, Any], side: str) -> Side:
    values = {name: rows[f"{name}_{side}"] for name in SIDE if name != "variance_finite"}
    return Side(
        **{name: numbers(column) for name, column in values.items()}
        | {
            "is_equally_weighted": np.asarray(values["is_equally_weighted"], dtype=bool),
            "variance": _known(values["variance"]),
            "variance_finite": _known(rows[f"variance_{side}_finite"]),
        }
    )


def _known(column: Any) -> Any:
    """Return numbers with 0 for those that are not there."""
    values = numbers(column)
    return np.where(np.isnan(values), 0.0, values)
