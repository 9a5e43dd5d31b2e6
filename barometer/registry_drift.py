"""Checks of the thresholds by which an export is compared with the registry and the past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from barometer.registry_model import Registry
from barometer.registry_problems import Problem, did_you_mean

NO_VALUE, SHARE, COUNT, SIMILARITY, FACTOR = "none", "share", "count", "similarity", "factor"

# Every rule and the kind of threshold it has.
DRIFT_RULES: Mapping[str, str] = {
    "column_new": NO_VALUE,
    "column_gone": NO_VALUE,
    "column_renamed": SIMILARITY,
    "option_new": NO_VALUE,
    "option_gone": COUNT,
    "option_renamed": SIMILARITY,
    "distribution_jump": SHARE,
    "distribution_chance": FACTOR,
    "distribution_minimum": COUNT,
    "response_change": FACTOR,
    "duplicate_response_id": SHARE,
    "duplicate_answers": COUNT,
    "fieldwork_outside": SHARE,
    "routing_violation": SHARE,
    "personal_email": COUNT,
    "personal_phone": COUNT,
    "personal_bsn": COUNT,
}
_EXPECTED = {
    SHARE: "a share from 0 to 1",
    COUNT: "a whole number, 1 or more",
    SIMILARITY: "a similarity from 0 to 100",
    FACTOR: "a number above 0",
    NO_VALUE: "no value: this rule has no threshold",
}


def check_drift_rules(registry: Registry) -> Iterator[Problem]:
    """Yield every rule that is missing and every threshold that makes no sense."""
    present = {rule.rule_id for rule in registry.drift_rules}
    for required in DRIFT_RULES:
        if required not in present:
            yield Problem(
                "drift_rules",
                None,
                "rule_id",
                f"The rule '{required}' is missing.",
                "every rule of drift, so that no check is switched off by an omission",
                did_you_mean(required, present - set(DRIFT_RULES))
                + "Copy its row from seeds/drift_rules.csv.",
            )
    for rule in registry.drift_rules:
        kind = DRIFT_RULES.get(rule.rule_id)
        if kind is not None and not _fits(rule.value, kind):
            yield Problem(
                "drift_rules",
                rule.row,
                "value",
                f"The rule '{rule.rule_id}' has "
                + ("no value." if rule.value is None else f"the value {rule.value:g}."),
                _EXPECTED[kind],
                "Correct the threshold.",
            )


def _fits(value: float | None, kind: str) -> bool:
    if value is None or kind == NO_VALUE:
        return value is None and kind == NO_VALUE
    if kind == SHARE:
        return 0 <= value <= 1
    if kind == COUNT:
        return value >= 1 and value == int(value)
    if kind == SIMILARITY:
        return 0 <= value <= 100
    return value > 0
