"""Checks of the thresholds of publication and drift: none is missing, and each makes sense."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from registry.model import Registry
from registry.problems import Problem, at, did_you_mean
from registry.rules.disclosure import PUBLIC_METHOD, PUBLIC_MINIMUM_BASE, has_public_edition
from registry.tables import thresholds as kinds
from registry.tables.thresholds import DRIFT_RULES, PUBLICATION_RULES, DriftRule, PublicationRule

_REQUIRED = ("minimum_base", "minimum_stratum_responses", "minimum_answered_questions")
_OF_SCALES = ("minimum_scale_responses", "minimum_quartile_responses")
_OF_THE_PUBLIC_EDITION = (PUBLIC_METHOD,)

_IN_DIGITS = (kinds.WHOLE, kinds.COUNT, kinds.CROWD, kinds.CANDIDATES, kinds.PUBLIC_BASE)
"""Kinds without a decimal point: what reads a whole number finds nothing else in it."""

_FITS: Mapping[str, Callable[[float], bool]] = {
    kinds.NO_VALUE: math.isnan,
    kinds.SHARE: lambda value: 0 <= value <= 1,
    kinds.COUNT: lambda value: value >= 1 and value == int(value),
    kinds.SIMILARITY: lambda value: 0 <= value <= 100,
    kinds.FACTOR: lambda value: value > 0,
    kinds.WHOLE: lambda value: value >= 0 and value == int(value),
    kinds.CROWD: lambda value: value >= 3 and value == int(value),
    kinds.CANDIDATES: lambda value: value >= 2 and value == int(value),
    kinds.PUBLIC_BASE: lambda value: value >= 10 and value == int(value),
    kinds.PERCENT: lambda value: 0 < value <= 100,
    kinds.SWITCH: lambda value: value in (0, 1),
}
"""What a value of each kind must be; no value is not a number."""


def check_thresholds(registry: Registry) -> Iterator[Problem]:
    """Yield every rule that is missing and every threshold that makes no sense."""
    required = (
        *_REQUIRED,
        *(_OF_SCALES if registry.scales else ()),
        *(_OF_THE_PUBLIC_EDITION if has_public_edition(registry) else ()),
    )
    yield from _missing(PublicationRule, required, registry.publication_rules)
    for rule in registry.publication_rules:
        yield from _publication(rule, PUBLICATION_RULES.get(rule.rule_id))
    yield from _public_base(registry.publication_rules)
    yield from _missing(DriftRule, DRIFT_RULES, registry.drift_rules)
    for drift_rule in registry.drift_rules:
        yield from _drift(drift_rule, DRIFT_RULES.get(drift_rule.rule_id))


def _missing(
    record: type[PublicationRule | DriftRule],
    required: Iterable[str],
    rules: Iterable[PublicationRule | DriftRule],
) -> Iterator[Problem]:
    present = {rule.rule_id for rule in rules}
    for rule_id in required:
        if rule_id not in present:
            yield at(record, "rule_id").wrong(
                f"The rule '{rule_id}' is missing.",
                "every rule, so that no check is switched off by an omission",
                did_you_mean(rule_id, present.difference(required))
                + f"Copy its row from seeds/{record.table}.csv.",
            )


def _publication(rule: PublicationRule, kind: str | None) -> Iterator[Problem]:
    if kind is None or not rule.value:
        return
    if kind == kinds.METHOD:
        yield from _method(rule)
        return
    if _is_right(rule.value, kind):
        return
    says = "has the value" if kind == kinds.WHOLE else "is"
    yield at(rule, "value").wrong(
        f"The rule '{rule.rule_id}' {says} '{rule.value}'.",
        kind,
        "Correct the value, or copy the row from seeds/publication_rules.csv.",
    )


def _is_right(value: str, kind: str) -> bool:
    # Written in digits: what reads a rule as text finds no blank, sign or exponent in it.
    is_plain = value.replace(".", "", 0 if kind in _IN_DIGITS else 1).isdecimal()
    return is_plain and _FITS[kind](float(value))


def _method(rule: PublicationRule) -> Iterator[Problem]:
    if rule.value not in kinds.METHODS:
        yield at(rule, "value").wrong(
            f"The method '{rule.value}' of the public edition has no audit.",
            kinds.METHOD,
            did_you_mean(rule.value, kinds.METHODS)
            + "Choose one of these; a figure that no audit has attacked is not published.",
        )


def _public_base(rules: Iterable[PublicationRule]) -> Iterator[Problem]:
    """Yield a smallest base of rounded figures below that of the internal edition."""
    by_id = {rule.rule_id: rule for rule in rules}
    values = {rule_id: rule.value for rule_id, rule in by_id.items()}
    name, _ = PUBLIC_MINIMUM_BASE
    own, internal = values.get(*PUBLIC_MINIMUM_BASE), values.get("minimum_base", "")
    if values.get(PUBLIC_METHOD) != "rounded":
        return
    are_right = _is_right(own, kinds.PUBLIC_BASE) and _is_right(internal, kinds.WHOLE)
    if are_right and int(own) < int(internal):
        yield at(by_id.get(name, by_id[PUBLIC_METHOD]), "value").wrong(
            f"A rounded figure would need a base of {own}, one of the internal edition {internal}.",
            f"a '{name}' of at least the 'minimum_base'",
            f"Set '{name}' to {internal} or more.",
        )


def _drift(rule: DriftRule, kind: str | None) -> Iterator[Problem]:
    value, limit = rule.value, rule.error_value
    if kind is None:
        return
    if not _FITS[kind](math.nan if value is None else value):
        has = "no value" if value is None else f"the value {value:g}"
        what = f"The rule '{rule.rule_id}' has {has}."
        yield at(rule, "value").wrong(what, kind, "Correct the threshold.")
        return
    if limit is None:
        return
    if rule.rule_id in kinds.WITHOUT_ERROR_VALUE:
        expected = "no error_value: this rule has no second limit"
    elif not _FITS[kind](limit):
        expected = kind
    elif value is not None and limit < value:
        expected = f"at least the value, {value:g}: what stops is more than what is reported"
    else:
        return
    yield at(rule, "error_value").wrong(
        f"The rule '{rule.rule_id}' has the error_value {limit:g}.",
        expected,
        "Correct the limit, or empty it: then nothing of this kind stops landing but by severity.",
    )
