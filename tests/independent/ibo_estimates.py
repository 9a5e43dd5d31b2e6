"""Estimates of the example survey by the textbook: weights, linearised variance, intervals."""

from __future__ import annotations

from functools import cache, lru_cache
from types import SimpleNamespace

import numpy as np
from ibo_population import by_indicator, design, indicators, scale_of
from textbook_intervals import beta, blaker, students_t, wilson

ROUNDING = 1e-12
STATES = ("dont_know", "not_applicable", "no_answer", "not_asked")


@cache
def columns(wave: str, indicator: str) -> tuple[np.ndarray, np.ndarray]:
    """Value and state of one indicator for every response of the wave, in the design's order."""
    table = by_indicator(wave)[indicator].loc[design(wave).table.index]
    return table.y.to_numpy(dtype=float), table.state.to_numpy(dtype=str)


@cache
def inside(wave: str, organisations: frozenset[str]) -> np.ndarray:
    """Which responses of the wave come from these organisations."""
    return np.array([name in organisations for name in design(wave).table.index])


@cache
def weights(wave: str) -> np.ndarray:
    return design(wave).table.w.to_numpy(dtype=float)


@lru_cache
def estimate(wave: str, organisations: frozenset[str], indicator: str) -> SimpleNamespace:
    """Every figure of one domain and indicator, and its linearised values per response."""
    values, states = columns(wave, indicator)
    member = inside(wave, organisations)
    base = member & ~np.isnan(values)
    row = SimpleNamespace(
        kind=indicators(wave)[indicator].kind,
        scale=scale_of(wave, indicator),
        n_responses=int(member.sum()),
        n_answered=int(base.sum()),
        y=values[base],
        w=weights(wave)[base],
        base=base,
        **{f"n_{state}": int((states[member] == state).sum()) for state in STATES},
    )
    row.n_asked = row.n_answered + row.n_dont_know + row.n_not_applicable + row.n_no_answer
    if row.n_asked:
        row.dont_know_share = row.n_dont_know / row.n_asked
    if row.n_responses:
        row.not_asked_share = row.n_not_asked / (row.n_asked + row.n_not_asked)
    if row.n_answered:
        _estimate(wave, row)
    return row


def linear(row: SimpleNamespace, size: int) -> np.ndarray:
    """The value z of every response of the wave: weighted residual inside the base, else nought."""
    z = np.zeros(size)
    residual = row.y - row.estimate
    scale = max(1.0, abs(row.estimate))
    residual[np.abs(residual) < ROUNDING * scale] = 0.0
    z[row.base] = row.w * residual / row.total_weight
    return z


@lru_cache
def strata_matrices(wave: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Membership of strata (responses × strata), their populations and their responses."""
    sample = design(wave).table
    names = sorted(sample.stratum.unique())
    member = (sample.stratum.to_numpy()[:, None] == np.array(names)[None, :]).astype(float)
    big_n = np.array([sample.big_n[sample.stratum == h].iloc[0] for h in names])
    return member, big_n, member.sum(axis=0)


def stratum_covariance(wave: str, a: np.ndarray, b: np.ndarray, corrected: bool) -> float:
    """Covariance of two sums of linearised values over the stratified sample of one wave."""
    member, big_n, n = strata_matrices(wave)
    from_mean = [v - member @ ((member.T @ v) / n) for v in (a, b)]
    spread = n / np.maximum(n - 1, 1) * (member.T @ (from_mean[0] * from_mean[1]))
    alone = np.where(big_n > 1, member.T @ (a * b), 0.0)
    factor = 1 - n / big_n if corrected else np.ones_like(n)
    return float((factor * np.where(n > 1, spread, alone)).sum())


def _estimate(wave: str, row: SimpleNamespace) -> None:
    n, y, w = row.n_answered, row.y, row.w
    row.total_weight = w.sum()
    row.estimate = float(np.average(y, weights=w))
    row.unweighted_estimate = float(y.mean())
    row.z = linear(row, len(row.base))
    row.variance = stratum_covariance(wave, row.z, row.z, corrected=True)
    row.variance_uncorrected = stratum_covariance(wave, row.z, row.z, corrected=False)
    row.n_effective = float(w.sum() ** 2 / (w**2).sum())
    row.fraction = n / w.sum()
    row.freedom = degrees_of_freedom(strata_matrices(wave)[0][row.base], w)
    row.equal_weights = bool(np.ptp(w) <= 1e-9 * w.max())
    row.census = abs(1 - row.fraction) < 1e-9 and row.n_no_answer + row.n_dont_know == 0
    row.standard_error = float(np.sqrt(row.variance)) if row.census or row.variance > 0 else np.nan
    row.design_effect = np.nan
    spread = float(np.average((y - row.estimate) ** 2, weights=w))
    if n > 1 and spread > ROUNDING and not row.census:
        row.design_effect = row.variance / ((1 - row.fraction) * spread / (n - 1))
    _limits(row)
    if getattr(row, "scale", None):
        for name in ("unweighted_lower", "unweighted_upper", "estimate_lower", "estimate_upper"):
            setattr(row, name, float(np.clip(getattr(row, name), *row.scale)))


def degrees_of_freedom(member: np.ndarray, w: np.ndarray) -> float:
    """Satterthwaite's, with the variances that equal spreads would give the strata.

    A stratum adds Σw² of its answers to the variance and knows it from one answer less; never more
    than answers minus strata.
    """
    parts = [(w[row] ** 2, row.sum()) for row in member.astype(bool).T if row.any()]
    most = len(w) - len(parts)
    if most < 1:
        return 0.0
    below = sum(squares.sum() ** 2 / max(count - 1, 1) for squares, count in parts)
    # What is a whole number stays one.
    return float(min(most, (w**2).sum() ** 2 / below * (1 + 1e-9)))


def size_with_correction(row: SimpleNamespace) -> float:
    """The smaller of two sizes, both with correction.

    One from the variance of a share that is the same everywhere, P(1 − P)(1/n_eff − 1/N); the other
    from the linearised variance v, with p(1 − p) + v for P(1 − P), which is unbiased.
    """
    left = 1 / row.n_effective - 1 / row.total_weight
    return float("inf") if left <= 1e-15 else _size(row, left, row.variance)


def size_without_correction(row: SimpleNamespace) -> float:
    return _size(row, 1 / row.n_effective, row.variance_uncorrected)


def _size(row: SimpleNamespace, same_everywhere: float, variance: float) -> float:
    unit = row.estimate * (1 - row.estimate)
    if row.equal_weights or unit < ROUNDING:
        return 1 / same_everywhere
    return 1 / max(same_everywhere, variance / (unit + variance))


def _limits(row: SimpleNamespace) -> None:
    n, p = row.n_answered, row.estimate
    row.unweighted_lower = row.unweighted_upper = np.nan
    row.estimate_lower = row.estimate_upper = row.interval_size = np.nan
    if row.kind == "share":
        row.unweighted_lower, row.unweighted_upper = wilson(row.unweighted_estimate, n)
    elif n > 1:
        error = row.y.std(ddof=1) / np.sqrt(n)
        row.unweighted_lower, row.unweighted_upper = students_t(
            row.unweighted_estimate, error, n - 1
        )
    if row.census:
        row.interval_method, limits = "census", (p, p)
    elif row.kind != "share":
        row.interval_method, limits = "none_few_answers", (np.nan, np.nan)
        if row.freedom >= 1:
            row.interval_method = "none_no_variation"
        if row.freedom >= 1 and row.variance > 0:
            row.interval_method = "t_linearised"
            # The table of quantiles is of whole degrees.
            limits = students_t(p, row.standard_error, int(row.freedom))
    elif row.equal_weights:
        row.interval_method = "blaker_hypergeometric"
        population = max(n, round(row.total_weight))
        limits = blaker(round(row.y.sum()), n, population)
    elif n >= 30:
        row.interval_method = "wilson_kish"
        row.interval_size = size_with_correction(row)
        limits = wilson(p, row.interval_size)
    else:
        row.interval_method = "beta_kish"
        limits = beta(p, row.n_effective)
    row.estimate_lower, row.estimate_upper = limits


def share_of(wave: str, organisations: frozenset[str], values: np.ndarray) -> SimpleNamespace:
    """Estimate of any share; values are 0 or 1 per response of the wave, nan outside the base."""
    base = inside(wave, organisations) & ~np.isnan(values)
    row = SimpleNamespace(
        kind="share", n_answered=int(base.sum()), base=base, n_no_answer=0, n_dont_know=0
    )
    row.y, row.w = values[base], weights(wave)[base]
    if row.n_answered:
        _estimate(wave, row)
    return row
