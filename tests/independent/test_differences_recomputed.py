"""Comparisons, trends and claims of the example survey equal a computation from its files."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ibo_deliveries import seed, waves
from ibo_differences import adjust, compare, family_key, n_both, overlap, side, topic_of
from ibo_population import all_groups, complement, domain, indicators
from ibo_scales import regression
from ibo_suppression import shown
from mart_comparing import Comparison, rows
from scipy import stats
from textbook_scales import Firth

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("example_refresh")]

FIGURES = (
    "difference",
    "difference_lower",
    "difference_upper",
    "interval_method",
    "test_method",
    "untested_reason",
    "p_value",
    "effect_size",
    "effect_measure",
)
SIDES = ("n_answered_a", "n_answered_b", "estimate_a", "estimate_b")


def _is_blank(wave: str, classification: str, groups: set[str], indicator: str) -> bool:
    """Whether one of these groups stays blank, for itself or for what it would give away."""
    return not {(classification, group) for group in groups} <= shown(wave, indicator)


@lru_cache
def comparisons() -> tuple[dict, dict]:
    """Every registered comparison of every wave and indicator, and all adjusted p-values.

    Those of the claims too: a difference that both are about is tested once.
    """
    found, tests, same = {}, {}, {}
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
                    claim = claim_about(frozenset((row.group_a, row.group_b)), name)
                    if claim and not claim.minimum_difference:
                        # Tested once, as the claim.
                        same[key] = (wave, claim.claim_id)
                    family_id = claim.family_id if claim else row.family_id
                    family = family_key(family_id, wave, topic_of(name), row.group_a)
                    tests[key] = (family, result.p_value)
    tests |= claim_tests()[1]
    for key in same:
        del tests[key]
    adjusted = adjust(tests)
    for key, result in found.items():
        if (known := adjusted.get(same.get(key, key))) is not None:
            result.p_adjusted, result.n_tests = known
    return found, adjusted


def claim_about(groups: frozenset, indicator: str):
    """The claim that compares these two groups, whichever it names first."""
    for claim in seed("claims").itertuples():
        of_groups = claim.indicator_id == indicator and not claim.indicator_b
        if of_groups and frozenset((claim.group_a, claim.group_b)) == groups:
            return claim
    return None


def direction(result, up: str, down: str, none: str) -> str:
    p_adjusted = getattr(result, "p_adjusted", None)
    if p_adjusted is None:
        return "not_tested"
    if p_adjusted > 0.05:
        return none
    return up if result.difference > result.margin else down


def on_the_list(result, up: str, down: str) -> str:
    """What is so of this year's organisations, by the interval with correction."""
    if result.interval_method == "census" and result.difference == 0:
        return "equal"
    low, high = result.difference_lower, result.difference_upper
    if low is not None and low > 0:
        return up
    return down if high is not None and high < 0 else "uncertain"


# The largest probability is searched for, on both sides in another way.
SEARCHED = {column: {"relative": 1e-5} for column in ("p_value", "p_adjusted")}


def test_every_comparison_equals_the_textbook(example_warehouse: Path) -> None:
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.fct_comparisons")
    for row in published:
        key = (row["wave"], row["comparison_id"], row["indicator_id"])
        result = comparisons()[0][key]
        blank = result.too_few
        verdict = "not_tested" if blank else direction(
            result, "a_higher", "a_lower", "no_difference"
        )  # fmt: skip
        listed = None if blank else on_the_list(result, "a_higher", "a_lower")
        comparison.check(key, "list_verdict", listed, row["list_verdict"])
        comparison.check(key, "verdict", verdict, row["verdict"])
        comparison.check(
            key, "suppression_status", "suppressed" if blank else "published",
            row["suppression_status"],
        )  # fmt: skip
        for column in (*SIDES, *FIGURES, "p_adjusted", "n_tests"):
            expected = None if blank else getattr(result, column, None)
            comparison.check(key, column, expected, row[column], **SEARCHED.get(column, {}))
    assert {(r["wave"], r["comparison_id"], r["indicator_id"]) for r in published} == set(
        comparisons()[0]
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
        verdict = "not_comparable" if broken else "not_tested" if blank else verdict
        listed = None if blank or broken else on_the_list(result, "increased", "decreased")
        comparison.check(key, "list_verdict", listed, row["list_verdict"])
        comparison.check(key, "comparability", result.comparability, row["comparability"])
        comparison.check(key, "verdict", verdict, row["verdict"])
        for column, name in names.items():
            expected = None if blank else getattr(result, name)
            comparison.check(key, column, expected, row[column])
        for column in tested:
            expected = None if blank or broken else getattr(result, column, None)
            comparison.check(key, column, expected, row[column], **SEARCHED.get(column, {}))
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
        untested_reason=None,
        margin=0.0,
    )


def _claim(wave: str, claim) -> SimpleNamespace:
    if claim.expected_direction in ("positive", "negative"):
        return _association(wave, claim)
    assert not claim.indicator_b
    a = domain(wave, claim.classification_id, claim.group_a)
    b = domain(wave, claim.classification_id, claim.group_b)
    sign = -1 if claim.expected_direction == "a_lower" else 1
    margin = sign * float(claim.minimum_difference or 0)
    sides = [side(wave, group, claim.indicator_id) for group in (a, b)]
    result = compare(*sides, paired=False, margin=margin)
    groups = {claim.group_a, claim.group_b}
    result.too_few |= _is_blank(wave, claim.classification_id, groups, claim.indicator_id)
    return result


@lru_cache
def claim_tests() -> tuple[dict, dict]:
    """Every claim of every wave, and the family and p-value of what is tested."""
    found, tests = {}, {}
    for claim in seed("claims").itertuples():
        topic = topic_of(claim.indicator_id)
        for wave in waves():
            key = (wave, claim.claim_id)
            found[key] = _claim(wave, claim)
            if not found[key].too_few and found[key].p_value is not None:
                family = family_key(claim.family_id, wave, topic, claim.group_a)
                tests[key] = (family, found[key].p_value)
    return found, tests


def joint_claims() -> dict[str, tuple[int, float, float, float]]:
    """By claim: tested waves, where they point, p-value of all together, and adjusted.

    The scores of the waves added up. They correlate as far as the same organisations answered.
    """
    found, _ = claim_tests()
    tests, waves_of = {}, {}
    for claim in seed("claims").itertuples():
        sign = 1 if claim.expected_direction in ("a_higher", "positive") else -1
        scored = {}
        for wave in waves():
            result = found[wave, claim.claim_id]
            if not result.too_few and result.p_value is not None:
                away = np.sign(result.difference - result.margin) * sign
                scored[wave] = away * stats.norm.isf(result.p_value / 2)
        if not scored:
            continue
        variance = float(len(scored))
        for earlier, later in combinations(scored, 2):
            variance += 2 * max(
                overlap(
                    side(later, domain(later, claim.classification_id, group), indicator),
                    side(earlier, domain(earlier, claim.classification_id, group), indicator),
                )
                for group, indicator in (
                    (claim.group_a, claim.indicator_id),
                    (claim.group_b or claim.group_a, claim.indicator_b or claim.indicator_id),
                )
            )
        p_value = float(2 * stats.norm.sf(abs(sum(scored.values())) / np.sqrt(variance)))
        family = family_key(claim.family_id, "", topic_of(claim.indicator_id), claim.group_a)
        tests[claim.claim_id] = (family, p_value)
        waves_of[claim.claim_id] = (len(scored), sum(scored.values()))
    return {
        name: (*waves_of[name], tests[name][1], p_adjusted)
        for name, (p_adjusted, _) in adjust(tests).items()
    }


def test_every_claim_gets_the_verdict_of_the_textbook(example_warehouse: Path) -> None:
    found, claims = claim_tests()[0], {c.claim_id: c for c in seed("claims").itertuples()}
    joint = joint_claims()
    for key, known in comparisons()[1].items():
        if key in found:
            found[key].p_adjusted, found[key].n_tests = known
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
        loose = {"relative": 1e-5}
        for column in ("p_value", "p_adjusted", "n_tests", "effect_size", "effect_measure",
                       "test_method", "untested_reason"):  # fmt: skip
            comparison.check(key, column, getattr(result, column, None), row[column], **loose)
        others = ("effect_lower", "effect_upper") if firth else (*SIDES, *FIGURES)
        for column in others:
            comparison.check(key, column, getattr(result, column), row[column], **loose)
        n_waves, direction_of_all, p_value, p_adjusted = joint.get(key[1], (0, 0.0, None, None))
        comparison.check(key, "n_joint_waves", n_waves, row["n_joint_waves"])
        comparison.check(key, "joint_p_value", p_value, row["joint_p_value"], **loose)
        comparison.check(key, "joint_p_adjusted", p_adjusted, row["joint_p_adjusted"], **loose)
        if p_adjusted is None:
            verdict = "not_tested"
        elif p_adjusted > 0.05:
            verdict = "not_shown"
        else:
            verdict = "supported" if direction_of_all > 0 else "contradicted"
        comparison.check(key, "joint_verdict", verdict, row["joint_verdict"])
    assert {(r["wave"], r["claim_id"]) for r in published} == set(found)
    comparison.must_agree(at_least=500)
