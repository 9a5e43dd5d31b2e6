"""How an outcome goes with a scale: odds ratio per standard deviation, by Firth's method."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pyarrow as pa

from estimation.associations import associate, samples

SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        ("classification_id", pa.string()),
        ("group_id", pa.string()),
        ("scale_id", pa.string()),
        ("outcome_indicator_id", pa.string()),
        ("n_answered", pa.int64()),
        ("n_events", pa.int64()),
        ("odds_ratio", pa.float64()),
        ("odds_ratio_lower", pa.float64()),
        ("odds_ratio_upper", pa.float64()),
        ("p_value", pa.float64()),
        ("association_status", pa.string()),
        ("adjusted_for", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group, scale and outcome."""
    values = dbt.ref("est_association_values").arrow().read_all()
    rules = dbt.ref("publication_rules").filter("rule_id = 'minimum_scale_responses'").fetchall()
    # A survey without scales need not have the rule.
    minimum = int(rules[0][1]) if rules else 0
    return pa.Table.from_pylist(
        [sample.key | asdict(associate(sample, minimum)) for sample in samples(values)],
        schema=SCHEMA,
    )
