"""Comparisons, trends and claims of the example survey equal a computation from its files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ibo_deliveries import seed, waves
from ibo_differences import adjust, compare, family_key, n_both, side, topic_of
from ibo_population import all_groups, complement, domain, indicators
from ibo_scales import regression
from ibo_suppression import shown
from mart_comparing import Comparison, rows
from textbook_scales import Firth

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("example_refresh")]

FIGURES = (
    "difference",
    "difference_lower",
    "difference_upper",
    "interval_method",
    "test_method",
    "p_value",
    "effect_size",
    "effect_measure",
)
SIDES = ("n_answered_a", "n_answered_b", "estimate_a", "estimate_b")


def _is_blank(wave: str, classification: str, groups: set[str], indicator: str) -> bool:
    """Whether one of these groups stays blank, for itself or for what it would give away."""
    return not {(classification, group) for group in groups} <= shown(wave, indicator)


@lru_cache
def comparisons() -> dict:
    """Every registered comparison of every wave and indicator, with its adjusted p-value."""
    found, tests = {}, {}
    for wave in waves():
        for row in seed("comparisons").itertuples():
            a = domain(wave, row.classification_id, row.group_a)
            if row.group_b:
                b = domain(wave, row.classification_id, row.group_b)
            else:
                b = complement(wave, row.classification_id, row.group_a, row.rest_of_group_id)
            for name in indicators(wave):
                if row.topic and topic_of(name) != row.topic:
                    continue
                result = compare(side(wave, a, name), side(wave, b, name), paired=False)
                # A rest is shown where the group and the whole are.
                sides = {row.group_a, row.group_b or row.rest_of_group_id}
                result.too_few |= _is_blank(wave, row.classification_id, sides, name)
                key = (wave, row.comparison_id, name)
                found[key] = result
                if not result.too_few and result.p_value is not None:
                    family = family_key(row.family_id, wave, topic_of(name), row.group_a)
                    tests[key] = (family, result.p_value)
    for key, (p_adjusted, n_tests) in adjust(tests).items():
        found[key].p_adjusted, found[key].n_tests = p_adjusted, n_tests
    return found


def direction(result, up: str, down: str, none: str) -> str:
    p_adjusted = getattr(result, "p_adjusted", None)
    if p_adjusted is None:
        return "too_few"
    if p_adjusted > 0.05:
        return none
    return up if result.difference > 0 else down


def test_every_comparison_equals_the_textbook(example_warehouse: Path) -> None:
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.fct_comparisons")
    for row in published:
        key = (row["wave"], row["comparison_id"], row["indicator_id"])
        result = comparisons()[key]
        blank = result.too_few
        verdict = "too_few" if blank else direction(
            result, "a_higher", "a_lower", "no_difference"
        )  # fmt: skip
        comparison.check(key, "verdict", verdict, row["verdict"])
        comparison.check(
            key, "suppression_status", "suppressed" if blank else "published",
            row["suppression_status"],
        )  # fmt: skip
        for column in (*SIDES, *FIGURES, "p_adjusted", "n_tests"):
            expected = None if blank else getattr(result, column, None)
            comparison.check(key, column, expected, row[column])
    assert {(r["wave"], r["comparison_id"], r["indicator_id"]) for r in published} == set(
        comparisons()
    )
    comparison.must_agree(at_least=30_000)


def _latest_break(indicator: str, wave_from: str, wave: str) -> list:
    items = seed("indicator_items")
    questions = set(items[items.indicator_id == indicator].question_id)
    return [
        row
        for row in seed("comparability_breaks").itertuples()
        if row.question_id in questions and wave_from < row.wave <= wave
    ]


@lru_cache
def comparability(indicator: str, wave_from: str, wave: str) -> str:
    """Broken by any break in between that no bridge of this indicator crosses."""
    breaks = _latest_break(indicator, wave_from, wave)
    bridges = {
        (row.question_id, row.wave)
        for row in seed("comparability_bridges").itertuples()
        if row.indicator_id == indicator
    }
    if not breaks:
        return "comparable"
    return "bridged" if all((b.question_id, b.wave) in bridges for b in breaks) else "broken"


def stands_for_another(classification: str, group: str) -> bool:
    """Whether it is the top of a classification that divides one group: that group again."""
    within = seed("classifications").query("classification_id == @classification").within_group_id
    rows = seed("organisation_groups").query("classification_id == @classification")
    top = set(rows[rows.parent_group_id == ""].group_id)
    return bool(within.iloc[0]) and group in top


@lru_cache
def trends() -> dict:
    """Every trend that is asked for, with its adjusted p-value."""
    found, tests = {}, {}
    for row in seed("trend_rules").itertuples():
        for classification, group in all_groups():
            if classification != row.classification_id or stands_for_another(classification, group):
                continue
            for name in {i for wave in waves() for i in indicators(wave)}:
                having = [w for w in waves() if name in indicators(w)]
                for place, wave in enumerate(having[1:], start=1):
                    wave_from = having[place - 1] if row.from_wave == "previous" else having[0]
                    key = (classification, group, name, wave_from, wave)
                    if key in found:
                        continue
                    a = side(wave, domain(wave, classification, group), name)
                    b = side(wave_from, domain(wave_from, classification, group), name)
                    state = comparability(name, wave_from, wave)
                    result = compare(a, b, paired=True)
                    result.too_few |= _is_blank(wave, classification, {group}, name)
                    result.too_few |= _is_blank(wave_from, classification, {group}, name)
                    result.comparability = state
                    result.n_both = n_both(a, b)
                    found[key] = result
                    if state != "broken" and not result.too_few and result.p_value is not None:
                        family = family_key(row.family_id, wave, topic_of(name), group)
                        tests[key] = (family, result.p_value)
    for key, (p_adjusted, n_tests) in adjust(tests).items():
        found[key].p_adjusted, found[key].n_tests = p_adjusted, n_tests
    return found


def test_every_trend_equals_the_textbook(example_warehouse: Path) -> None:
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.fct_trends")
    names = {
        "n_answered": "n_answered_a",
        "n_answered_from": "n_answered_b",
        "estimate": "estimate_a",
        "estimate_from": "estimate_b",
        "n_both": "n_both",
    }
    tested = (*FIGURES, "correlation", "p_adjusted", "n_tests")
    for row in published:
        key = tuple(
            row[c] for c in ("classification_id", "group_id", "indicator_id", "wave_from", "wave")
        )
        result = trends()[key]
        broken, blank = result.comparability == "broken", result.too_few
        verdict = direction(result, "increased", "decreased", "no_change")
        verdict = "not_comparable" if broken else "too_few" if blank else verdict
        comparison.check(key, "comparability", result.comparability, row["comparability"])
        comparison.check(key, "verdict", verdict, row["verdict"])
        for column, name in names.items():
            expected = None if blank else getattr(result, name)
            comparison.check(key, column, expected, row[column])
        for column in tested:
            expected = None if blank or broken else getattr(result, column, None)
            comparison.check(key, column, expected, row[column])
    comparison.must_agree(at_least=30_000)


def test_every_trend_that_is_asked_for_is_there(example_warehouse: Path) -> None:
    got = {
        (r["classification_id"], r["group_id"], r["indicator_id"], r["wave_from"], r["wave"])
        for r in rows(example_warehouse, "select * from core.fct_trends")
    }
    assert got == set(trends())


def _association(wave: str, claim) -> SimpleNamespace:
    """Firth's odds ratio of a claim about a scale, in the group and with what the registry says."""
    line = next(
        row
        for row in seed("scale_outcomes").itertuples()
        if (row.scale_id, row.outcome_indicator_id) == (claim.indicator_id, claim.indicator_b)
        and (row.classification_id, row.group_id) == (claim.classification_id, claim.group_a)
    )
    standard, outcome, dummies = regression(wave, line)
    matrix = np.column_stack([np.ones(len(outcome)), standard, dummies])
    found = Firth(matrix, outcome, 1)
    low, high = found.limits()
    return SimpleNamespace(
        too_few=False,
        difference=found.estimate,
        p_value=found.p_value,
        effect_size=float(np.exp(found.estimate)),
        effect_lower=float(np.exp(low)),
        effect_upper=float(np.exp(high)),
        effect_measure="odds_ratio",
        test_method="firth",
    )


def _claim(wave: str, claim) -> SimpleNamespace:
    if claim.expected_direction in ("positive", "negative"):
        return _association(wave, claim)
    assert not claim.indicator_b
    a = domain(wave, claim.classification_id, claim.group_a)
    b = domain(wave, claim.classification_id, claim.group_b)
    result = compare(side(wave, a, claim.indicator_id), side(wave, b, claim.indicator_id), False)
    groups = {claim.group_a, claim.group_b}
    result.too_few |= _is_blank(wave, claim.classification_id, groups, claim.indicator_id)
    return result


def test_every_claim_gets_the_verdict_of_the_textbook(example_warehouse: Path) -> None:
    found, tests, claims = {}, {}, {c.claim_id: c for c in seed("claims").itertuples()}
    for wave in waves():
        for claim in claims.values():
            key = (wave, claim.claim_id)
            found[key] = _claim(wave, claim)
            if not found[key].too_few and found[key].p_value is not None:
                topic = topic_of(claim.indicator_id)
                family = family_key(claim.family_id, wave, topic, claim.group_a)
                tests[key] = (family, found[key].p_value)
    for key, (p_adjusted, n_tests) in adjust(tests).items():
        found[key].p_adjusted, found[key].n_tests = p_adjusted, n_tests
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.mart_claims")
    for row in published:
        key = (row["wave"], row["claim_id"])
        result = found[key]
        says_up = claims[row["claim_id"]].expected_direction in ("a_higher", "positive")
        yes, no = ("supported", "contradicted") if says_up else ("contradicted", "supported")
        verdict = direction(result, yes, no, "not_shown")
        comparison.check(key, "verdict", verdict, row["verdict"])
        firth = result.test_method == "firth"
        loose = {"relative": 1e-6} if firth else {}
        for column in ("p_value", "p_adjusted", "n_tests", "effect_size", "effect_measure",
                       "test_method"):  # fmt: skip
            comparison.check(key, column, getattr(result, column), row[column], **loose)
        others = ("effect_lower", "effect_upper") if firth else (*SIDES, *FIGURES)
        for column in others:
            comparison.check(key, column, getattr(result, column), row[column], **loose)
    assert {(r["wave"], r["claim_id"]) for r in published} == set(found)
    comparison.must_agree(at_least=500)
