"""Differences between groups and between waves of the example survey, and their families."""

from __future__ import annotations

import gc
from collections.abc import Hashable
from functools import cache
from types import SimpleNamespace

import numpy as np
from ibo_deliveries import rule, seed
from ibo_estimates import estimate, size_with_correction, size_without_correction
from ibo_panel import both_answered, panel_covariance, shared_weight
from scipy import special, stats
from textbook_intervals import students_t
from textbook_tests import (
    benjamini_hochberg,
    boschloo,
    cohen_h,
    holm,
    newcombe,
    score,
    score_of_margin,
)

LEVEL = 0.05
# Below so many answers only an exact test decides.
SMALL = 15


def side(wave: str, organisations: frozenset[str], indicator: str) -> SimpleNamespace:
    row = estimate(wave, organisations, indicator)
    row.wave = wave
    return row


def overlap(a, b) -> float:
    """Part of two weighted samples that is the same: Σw_a w_b / √(Σw_a² Σw_b²)."""
    return shared_weight(a.wave, a, b.wave, b) / np.sqrt((a.w**2).sum() * (b.w**2).sum())


def _correlation(a, b, corrected: bool, paired: bool) -> float:
    """Correlation of two estimates.

    Of two groups of one wave it comes from the strata they share and never makes a difference
    surer than independent samples would. Of two waves it is no larger than the overlap allows.
    """
    covariance = panel_covariance(a.wave, a.z, b.wave, b.z, corrected)
    v_a = a.variance if corrected else a.variance_uncorrected
    v_b = b.variance if corrected else b.variance_uncorrected
    if v_a <= 0 or v_b <= 0:
        return 0.0
    found = float(covariance / np.sqrt(v_a * v_b))
    if not paired:
        return float(np.clip(found, -1, 0))
    both = n_both(a, b)
    most = overlap(a, b) * (1 - 1 / both) if both else 0.0
    return float(np.clip(found, -1.0 if corrected else -most, most))


def _spread(row) -> float:
    n = row.n_answered
    return float(np.average((row.y - row.estimate) ** 2, weights=row.w) * n / (n - 1))


def hedges_g(a, b) -> float | None:
    freedom = a.n_answered + b.n_answered - 2
    pooled = ((a.n_answered - 1) * _spread(a) + (b.n_answered - 1) * _spread(b)) / freedom
    if pooled <= 1e-15:
        return None
    log_j = special.gammaln(freedom / 2) - special.gammaln((freedom - 1) / 2)
    j = np.exp(log_j) / np.sqrt(freedom / 2)
    return float(j * (a.estimate - b.estimate) / np.sqrt(pooled))


def compare(a, b, paired: bool, margin: float = 0.0) -> SimpleNamespace:
    """Difference a − b with interval, p-value without correction, and effect size."""
    found = SimpleNamespace(
        n_answered_a=a.n_answered,
        n_answered_b=b.n_answered,
        too_few=min(a.n_answered, b.n_answered) < rule("minimum_base"),
        margin=margin,
        test_method=None,
        untested_reason=None,
        p_value=None,
    )
    if found.too_few:
        return found
    p_a, p_b = a.estimate, b.estimate
    found.estimate_a, found.estimate_b, found.difference = p_a, p_b, p_a - p_b
    found.correlation = _correlation(a, b, False, paired)
    found.correlation_corrected = _correlation(a, b, True, paired)
    if a.kind == "share":
        _compare_shares(found, a, b, paired)
    else:
        _compare_means(found, a, b)
    if a.census and b.census:
        found.interval_method = "census"
        found.difference_lower = found.difference_upper = found.difference
    return found


def _compare_shares(found, a, b, paired: bool) -> None:
    p_a, p_b = a.estimate, b.estimate
    found.effect_measure, found.effect_size = "cohen_h", cohen_h(p_a, p_b)
    suffix = "_paired" if paired else ""
    found.interval_method = f"newcombe_kish{suffix}"
    found.difference_lower, found.difference_upper = newcombe(
        p_a, size_with_correction(a), p_b, size_with_correction(b), found.correlation_corrected
    )
    small = min(a.n_answered, b.n_answered) < SMALL
    if (paired and not small) or found.margin:
        sizes = size_without_correction(a), size_without_correction(b)
        if small:
            found.untested_reason = "too_few_answers"
        elif found.margin:
            found.test_method = "score_kish"
            z = score_of_margin(p_a, sizes[0], p_b, sizes[1], found.correlation, found.margin)
            found.p_value = float(2 * stats.norm.sf(z))
        else:
            found.test_method = "score_kish_paired"
            z = score(p_a, sizes[0], p_b, sizes[1], found.correlation)
            freedom = a.n_answered + b.n_answered - n_both(a, b) - 1
            found.p_value = float(2 * stats.t.sf(z, freedom))
        return
    equal = a.equal_weights and b.equal_weights
    found.test_method = "boschloo" if equal else "boschloo_kish"
    larger = 1.0
    if not paired and not equal:
        # By how much the variance of the difference is larger than without what the sides share.
        units = 1 / size_without_correction(a), 1 / size_without_correction(b)
        larger = 1 - 2 * found.correlation * np.sqrt(units[0] * units[1]) / sum(units)
    n_a, n_b = (_whole_size(row, larger) for row in (a, b))
    # Counts that lie no further apart than the shares; half a millionth is rounding.
    inwards = (np.floor, np.ceil) if p_a > p_b else (np.ceil, np.floor)
    x_a, x_b = (
        int(towards(round(p * n, 6)))
        for towards, p, n in zip(inwards, (p_a, p_b), (n_a, n_b), strict=True)
    )
    turned = (x_a / n_a - x_b / n_b) * (p_a - p_b) <= 1e-15
    found.p_value = 1.0 if turned else boschloo(x_a, n_a, x_b, n_b)


def _whole_size(row, larger: float) -> int:
    """A whole number of answers, near to what the share rests on."""
    if row.equal_weights and larger == 1:
        return row.n_answered
    return max(1, round(size_without_correction(row) / larger))


def _compare_means(found, a, b) -> None:
    found.effect_measure, found.effect_size = "hedges_g", hedges_g(a, b)
    found.interval_method = "none"
    found.difference_lower = found.difference_upper = None
    freedom = min(a.freedom, b.freedom)
    v_a, v_b = a.variance_uncorrected, b.variance_uncorrected
    small = min(a.n_answered, b.n_answered) < SMALL or freedom < 1
    if small or min(v_a, v_b) <= 0:
        found.untested_reason = "too_few_answers" if small else "no_variation"
    else:
        found.test_method = "t_linearised"
        error = np.sqrt(v_a + v_b - 2 * found.correlation * np.sqrt(v_a * v_b))
        away = abs(found.difference - found.margin)
        found.p_value = float(2 * stats.t.sf(away / error, freedom))
    if freedom < 1 or min(v_a, v_b) <= 0:
        return
    c_a, c_b = a.variance, b.variance
    error = np.sqrt(c_a + c_b - 2 * found.correlation_corrected * np.sqrt(c_a * c_b))
    found.interval_method = "t_linearised"
    limits = students_t(found.difference, error, freedom)
    found.difference_lower, found.difference_upper = limits


def n_both(a, b) -> int:
    """Organisations whose answers enter both sides."""
    if a.wave == b.wave:
        return int((a.base & b.base).sum())
    return both_answered(a.wave, a.base, b.wave, b.base)


@cache
def family_key(family: str, wave: str, topic: str, group: str) -> tuple[str, ...]:
    """The tests that are adjusted together: family and wave, and topic and group if it says so."""
    row = seed("test_families").query("family_id == @family").iloc[0]
    if row.error_rate == "false_discovery":
        return (row.error_rate,)
    return (
        family,
        wave,
        topic if row.per_topic == "true" else "",
        group if row.per_group == "true" else "",
    )


def adjust(
    tests: dict[Hashable, tuple[tuple[str, ...], float]],
) -> dict[Hashable, tuple[float, int]]:
    """Adjusted p-value and number of tests of every test, given its family and p-value."""
    families: dict[tuple[str, ...], list[Hashable]] = {}
    for key, (family, _) in tests.items():
        families.setdefault(family, []).append(key)
    found = {}
    # statsmodels collects garbage at every call; frozen, what is there already is not searched.
    gc.freeze()
    for family, members in families.items():
        adjust_all = benjamini_hochberg if family == ("false_discovery",) else holm
        adjusted = adjust_all([tests[key][1] for key in members])
        for key, value in zip(members, adjusted, strict=True):
            found[key] = (float(value), len(members))
    gc.unfreeze()
    return found


@cache
def topic_of(indicator: str) -> str:
    return dict(zip(seed("indicators").indicator_id, seed("indicators").topic, strict=True))[
        indicator
    ]
