"""Checks of the thresholds by which a file is compared with the registry and the past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.model import Registry
from registry.problems import Problem, did_you_mean
from registry.records import DriftRule

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
    "column_missing": SHARE,
    "code_unmapped": SHARE,
    "answer_unreadable": SHARE,
    "answer_minimum": COUNT,
    "answered_twice": SHARE,
    "response_id_blank": SHARE,
    "organisation_key_blank": SHARE,
    "frame_size_change": FACTOR,
    "frame_key_new": SHARE,
    "frame_key_gone": SHARE,
    "frame_merged": SIMILARITY,
    "frame_group_change": FACTOR,
    "frame_group_gone": COUNT,
    "frame_group_minimum": COUNT,
    "frame_unclassified": SHARE,
    "frame_identity_shared": SHARE,
    "frame_date_unreadable": SHARE,
}
# Limits that measure nothing of the file itself: nothing can pass a second, stopping one.
_WITHOUT_ERROR_VALUE = (
    "column_new",
    "column_gone",
    "column_renamed",
    "option_new",
    "option_renamed",
    "distribution_chance",
    "distribution_minimum",
    "answer_minimum",
    "frame_merged",
    "frame_group_minimum",
)
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
        elif kind is not None and rule.error_value is not None:
            yield from _error_value(rule, rule.error_value, kind)


def _error_value(rule: DriftRule, limit: float, kind: str) -> Iterator[Problem]:
    if rule.rule_id in _WITHOUT_ERROR_VALUE:
        expected = "no error_value: this rule has no second limit"
    elif not _fits(limit, kind):
        expected = _EXPECTED[kind]
    elif rule.value is not None and limit < rule.value:
        expected = f"at least the value, {rule.value:g}: what stops is more than what is reported"
    else:
        return
    yield Problem(
        "drift_rules",
        rule.row,
        "error_value",
        f"The rule '{rule.rule_id}' has the error_value {limit:g}.",
        expected,
        "Correct the limit, or empty it: then nothing of this kind stops landing but by severity.",
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
