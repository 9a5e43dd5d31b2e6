"""Late against early respondents: every indicator of a wave, the p-values adjusted together."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import false_discovery_control

from estimation.columns import numbers, texts, to_relation
from estimation.early_late import Answers, Responses, compare_halves, late_half

KEYS = ("wave", "indicator_id")
FIGURES = {
    "n_answered_late": "bigint",
    "n_answered_early": "bigint",
    "estimate_late": "double",
    "estimate_early": "double",
    "difference": "double",
    "difference_lower": "double",
    "difference_upper": "double",
    "interval_method": "varchar",
    "test_method": "varchar",
    "untested_reason": "varchar",
    "p_value": "double",
    "effect_size": "double",
    "effect_measure": "varchar",
}
TYPES = (
    dict.fromkeys((*KEYS, "early_until"), "varchar")
    | FIGURES
    | {"p_adjusted": "double", "n_tests": "bigint"}
)


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave that can be halved and indicator of which both halves may be shown.

    A total of half of the responses says nothing of anything, and is left out.
    """
    rules = dbt.ref("publication_rules")
    sorted_weights = dbt.ref("cln_weights").order("wave, response_key")
    kept = dbt.ref("cln_responses").project("wave, response_key, submitted_on")
    known = dbt.ref("indicators").project("indicator_id, kind")
    values = dbt.ref("cln_indicator_values")
    minimum = float(rules.filter("rule_id = 'minimum_base'").project("value").fetchall()[0][0])
    weights = sorted_weights.fetchnumpy()
    design, weight = numbers(weights["design_weight"]), numbers(weights["weight"])
    # Neither sampled by cluster nor calibrated: of those the halves have no variance here.
    is_stratified = (texts(weights["cluster_id"]) == None) & np.isclose(weight, design)  # noqa: E711
    days = {(wave, key): day for wave, key, day in kept.fetchall()}
    kinds = dict(known.fetchall())
    found: dict[str, list[Any]] = {name: [] for name in TYPES}
    for wave in np.unique(texts(weights["wave"]).astype(str)):
        of = texts(weights["wave"]) == wave
        keys = texts(weights["response_key"])[of].astype(str)
        halved = late_half(np.array([days[wave, key] for key in keys], dtype="datetime64[D]"))
        if halved is None or not is_stratified[of].all():
            continue
        until, is_late = halved
        _, stratum = np.unique(texts(weights["stratum_id"])[of].astype(str), return_inverse=True)
        responses = Responses(
            is_late,
            stratum,
            numbers(weights["sampled_fraction"])[of],
            numbers(weights["weight"])[of],
        )
        indicators = _answers(values, str(wave), keys, kinds)
        figures = compare_halves(responses, indicators)
        shown = np.minimum(figures["n_answered_late"], figures["n_answered_early"]) >= minimum
        found["wave"] += [wave] * int(shown.sum())
        found["indicator_id"] += [name for name, may in zip(indicators, shown, strict=True) if may]
        found["early_until"] += [str(until)] * int(shown.sum())
        for name in FIGURES:
            found[name] += figures[name][shown].tolist()
    tested = ~np.isnan(np.array(found["p_value"], dtype=np.float64))
    adjusted = np.full(len(tested), np.nan)
    if tested.any():
        adjusted[tested] = false_discovery_control(np.array(found["p_value"])[tested])
    found["p_adjusted"] = adjusted.tolist()
    found["n_tests"] = [int(tested.sum())] * len(tested)
    return to_relation(session, TYPES, found)


def _answers(
    values: Any, wave: str, keys: np.ndarray[Any, Any], kinds: dict[str, str]
) -> dict[str, Answers]:
    """Return the answers of a wave by indicator, in the order of their names."""
    rows = (
        values.filter(f"wave = '{wave}' and status = 'answered'")
        .order("indicator_id, response_key")
        .fetchnumpy()
    )
    indicator = texts(rows["indicator_id"]).astype(str)
    response = np.searchsorted(keys, texts(rows["response_key"]).astype(str))
    value, denominator = numbers(rows["value"]), numbers(rows["denominator"])
    return {
        str(name): Answers(kinds[name], response[of], value[of], denominator[of])
        for name in np.unique(indicator)
        if kinds[name] != "total"
        for of in [indicator == name]
    }
