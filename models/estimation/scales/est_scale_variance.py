"""How much of the variance of a scale lies between the groups of a classification."""

from __future__ import annotations

from typing import Any

from estimation.columns import by_name, to_relation
from estimation.scale_groups import DIVISION, divisions, variance_rows

TYPES = dict.fromkeys(DIVISION, "varchar") | {
    "n_answered": "bigint",
    "n_groups": "bigint",
    "eta_squared": "double",
    "omega_squared": "double",
    "share_lower": "double",
    "share_upper": "double",
    "f_statistic": "double",
    "p_value": "double",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave, scale, classification and group that has two parts or more."""
    # Sorted by score as well: the last digit of a sum depends on its order.
    scores = dbt.ref("est_scale_group_scores").order(
        ", ".join((*DIVISION, "leaf_group_id", "score"))
    )
    divided = [one for one in divisions(scores.fetchnumpy()) if len(one.groups) > 1]
    return to_relation(session, TYPES, by_name(TYPES, variance_rows(divided)))
