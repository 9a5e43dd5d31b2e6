"""Limits of weighted shares that no closed formula gives: exact ones, and those of small bases."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from estimation.columns import to_relation
from estimation.method import WILSON_FROM
from estimation.share_limits import ManyLimits, limits_of_clustered_shares, limits_of_shares

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
    and n_clusters is null
    and (is_equally_weighted or n_answered < {WILSON_FROM})
"""
# Clusters of responses that are alike: the interval is that of the variance, whatever the base.
CLUSTERED = """
    kind = 'share'
    and n_answered > 0
    and sampling_fraction < 1 - 1e-12
    and n_clusters is not null
"""
VARIANCE = "total_variance / power(weighted_denominator, 2) as variance"
CLUSTERED_POINT = ("n_answered", "n_clusters", "n_strata", "n_effective", "weighted_estimate")


def model(dbt: Any, session: Any) -> Any:
    """Return one row per share with equal weights, a small base, or clusters."""
    return _of_responses(dbt, session).union(_of_clusters(dbt, session))


def _of_clusters(dbt: Any, session: Any) -> Any:
    variances = dbt.ref("est_variances").set_alias("variances")
    selected = (
        dbt.ref("est_points")
        .filter(CLUSTERED)
        .set_alias("points")
        .join(variances, "domain_id, indicator_id", how="inner")
        .project(", ".join((*KEYS, *CLUSTERED_POINT, VARIANCE)))
    )
    points = selected.fetchnumpy()
    limits = limits_of_clustered_shares(points)
    return to_relation(session, TYPES, {**points, **_found(limits)})


def _of_responses(dbt: Any, session: Any) -> Any:
    selected = dbt.ref("est_points").filter(SELECTION).project(", ".join((*KEYS, *POINT)))
    points = selected.fetchnumpy()
    limits = limits_of_shares({name: points[name] for name in POINT})
    return to_relation(session, TYPES, {**points, **_found(limits)})


def _found(limits: ManyLimits) -> dict[str, npt.NDArray[Any]]:
    return {
        "interval_method": limits.methods,
        "weighted_lower": limits.lower,
        "weighted_upper": limits.upper,
    }
