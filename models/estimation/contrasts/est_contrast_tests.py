"""Difference, interval, p-value and effect size of every contrast that may be tested."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pyarrow as pa

from estimation.contrasts import Contrast, Side, examine

SCHEMA = pa.schema(
    [
        ("contrast_id", pa.string()),
        ("difference", pa.float64()),
        ("difference_lower", pa.float64()),
        ("difference_upper", pa.float64()),
        ("interval_method", pa.string()),
        ("correlation", pa.float64()),
        ("degrees_of_freedom", pa.float64()),
        ("test_method", pa.string()),
        ("p_value", pa.float64()),
        ("effect_size", pa.float64()),
        ("effect_measure", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per contrast with enough answers, across no break."""
    rows = dbt.ref("est_contrast_sides").filter(
        "has_bases and coalesce(comparability, 'comparable') <> 'broken'"
    )
    return pa.Table.from_pylist(
        [
            {"contrast_id": row["contrast_id"]} | asdict(examine(_contrast(row)))
            for row in rows.arrow().read_all().to_pylist()
        ],
        schema=SCHEMA,
    )


def _contrast(row: dict[str, Any]) -> Contrast:
    return Contrast(
        contrast_kind=row["contrast_kind"],
        kind=row["kind"],
        a=_side(row, "a"),
        b=_side(row, "b"),
        covariance=row["covariance"] or 0.0,
        covariance_finite=row["covariance_finite"] or 0.0,
        n_both=row["n_both"] or 0,
        n_both_strata=row["n_both_strata"] or 0,
        weight_products=row["weight_products"] or 0.0,
    )


def _side(row: dict[str, Any], side: str) -> Side:
    return Side(
        n_answered=int(row[f"n_answered_{side}"]),
        n_strata=int(row[f"n_strata_{side}"]),
        sum_value=row[f"sum_value_{side}"],
        n_effective=row[f"n_effective_{side}"],
        sum_weights=row[f"sum_weights_{side}"],
        is_equally_weighted=row[f"is_equally_weighted_{side}"],
        estimate=row[f"estimate_{side}"],
        standard_deviation=row[f"standard_deviation_{side}"],
        variance=row[f"variance_{side}"] or 0.0,
        variance_finite=row[f"variance_{side}_finite"] or 0.0,
    )
