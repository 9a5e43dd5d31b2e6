"""How an outcome goes with a scale: odds ratio per standard deviation, by Firth's method."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from estimation.associations import KEYS, associate_all, samples
from estimation.columns import by_name, to_relation

TYPES = dict.fromkeys(KEYS, "varchar") | {
    "n_answered": "bigint",
    "n_events": "bigint",
    "odds_ratio": "double",
    "odds_ratio_lower": "double",
    "odds_ratio_upper": "double",
    "p_value": "double",
    "association_status": "varchar",
    "adjusted_for": "varchar",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave, classification, group, scale and outcome."""
    values = dbt.ref("est_association_values").order(", ".join((*KEYS, "response_key")))
    listed = list(samples(values.fetchnumpy()))
    rules = dbt.ref("publication_rules").filter("rule_id = 'minimum_scale_responses'").fetchall()
    # A survey without scales need not have the rule.
    minimum = int(rules[0][1]) if rules else 0
    rows = [
        {**sample.key, **asdict(association)}
        for sample, association in zip(listed, associate_all(listed, minimum), strict=True)
    ]
    return to_relation(session, TYPES, by_name(TYPES, rows))
