"""Tests of differences written from their definitions, with scipy and statsmodels."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from scipy import optimize, special, stats
from statsmodels.stats.multitest import multipletests
from textbook_intervals import wilson


def score(p_a: float, n_a: float, p_b: float, n_b: float, correlation: float = 0.0) -> float:
    """Statistic of the pooled score test; a correlation of the estimates lowers its variance."""
    pooled = (p_a * n_a + p_b * n_b) / (n_a + n_b)
    unit = pooled * (1 - pooled)
    variance = unit / n_a + unit / n_b - 2 * correlation * unit / np.sqrt(n_a * n_b)
    if abs(p_a - p_b) < 1e-15:
        return 0.0
    return float(abs(p_a - p_b) / np.sqrt(variance))


def score_of_margin(
    p_a: float, n_a: float, p_b: float, n_b: float, correlation: float, margin: float
) -> float:
    """Statistic of the score test of a difference of `margin`, its shares found by search."""

    def unlikely(share: float) -> float:
        return -(
            n_a * (special.xlogy(p_a, share + margin) + special.xlogy(1 - p_a, 1 - share - margin))
            + n_b * (special.xlogy(p_b, share) + special.xlogy(1 - p_b, 1 - share))
        )

    low, high = max(0.0, -margin), min(1.0, 1 - margin)
    found = optimize.minimize_scalar(
        unlikely, bounds=(low + 1e-12, high - 1e-12), method="bounded", options={"xatol": 1e-13}
    )
    spread_a = np.sqrt((found.x + margin) * (1 - found.x - margin) / n_a)
    spread_b = np.sqrt(found.x * (1 - found.x) / n_b)
    variance = spread_a**2 + spread_b**2 - 2 * correlation * spread_a * spread_b
    return float(abs(p_a - p_b - margin) / np.sqrt(variance))


GRID = np.linspace(0, 1, 1001)


@lru_cache
def _chances(n: int) -> np.ndarray:
    return np.asarray(stats.binom.pmf(np.arange(n + 1), n, GRID[:, None]))


@cache
def _one_sided(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Boschloo (1970), alternative p_a > p_b: Fisher's p as statistic, worst common share."""
    a, b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)[None, :]
    fisher = stats.hypergeom.sf(a - 1, n_a + n_b, n_a, a + b)
    region = (fisher <= fisher[x_a, x_b] * (1 + 1e-9)).astype(float)

    def size(share: float) -> float:
        return float(
            stats.binom.pmf(a, n_a, share).ravel() @ region @ stats.binom.pmf(b, n_b, share).ravel()
        )

    sizes = ((_chances(n_a) @ region) * _chances(n_b)).sum(axis=1)
    best = sizes.max()
    for peak in np.argsort(sizes)[-4:]:
        near = (GRID[max(peak - 1, 0)], GRID[min(peak + 1, len(GRID) - 1)])
        found = optimize.minimize_scalar(
            lambda share: -size(share), bounds=near, method="bounded", options={"xatol": 1e-9}
        )
        best = max(best, -found.fun)
    return float(best)


def boschloo(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Twice the one-sided p-value of the side that the shares point to, at most 1."""
    if x_a * n_b < x_b * n_a:
        x_a, n_a, x_b, n_b = x_b, n_b, x_a, n_a
    return min(1.0, 2 * _one_sided(x_a, n_a, x_b, n_b))


def newcombe(
    p_a: float, n_a: float, p_b: float, n_b: float, correlation: float = 0.0
) -> tuple[float, float]:
    """Hybrid score interval (Newcombe 1998, method 10 of both papers; Zou & Donner 2008)."""
    (low_a, up_a), (low_b, up_b) = wilson(p_a, n_a), wilson(p_b, n_b)
    difference = p_a - p_b

    def reach(x: float, y: float) -> float:
        return float(np.sqrt(max(x * x + y * y - 2 * correlation * x * y, 0.0)))

    return (
        difference - reach(p_a - low_a, up_b - p_b),
        difference + reach(up_a - p_a, p_b - low_b),
    )


def holm(p_values: list[float]) -> list[float]:
    return list(multipletests(p_values, method="holm")[1])


def benjamini_hochberg(p_values: list[float]) -> list[float]:
    return list(multipletests(p_values, method="fdr_bh")[1])


def cohen_h(p_a: float, p_b: float) -> float:
    return float(2 * np.arcsin(np.sqrt(p_a)) - 2 * np.arcsin(np.sqrt(p_b)))
