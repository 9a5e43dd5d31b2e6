"""Tests of differences written from their definitions, with scipy and statsmodels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import optimize, stats
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


@lru_cache
def _one_sided(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Boschloo (1970), alternative p_a > p_b: Fisher's p as statistic, worst common share."""
    a, b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)[None, :]
    fisher = stats.hypergeom.sf(a - 1, n_a + n_b, n_a, a + b)
    region = fisher <= fisher[x_a, x_b] * (1 + 1e-9)

    def size(share: float) -> float:
        return float(
            stats.binom.pmf(a, n_a, share).ravel() @ region @ stats.binom.pmf(b, n_b, share).ravel()
        )

    grid = np.linspace(0, 1, 1001)
    sizes = [size(share) for share in grid]
    best = max(sizes)
    for peak in np.argsort(sizes)[-12:]:
        near = (grid[max(peak - 1, 0)], grid[min(peak + 1, len(grid) - 1)])
        found = optimize.minimize_scalar(
            lambda share: -size(share), bounds=near, method="bounded", options={"xatol": 1e-12}
        )
        best = max(best, -found.fun)
    return best


def boschloo(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Twice the smaller one-sided p-value, at most 1."""
    up = _one_sided(x_a, n_a, x_b, n_b)
    down = _one_sided(x_b, n_b, x_a, n_a)
    return min(1.0, 2 * min(up, down))


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


def welch(v_a: float, f_a: float, v_b: float, f_b: float) -> float:
    """Degrees of freedom of a difference with unequal variances (Welch 1947)."""
    return (v_a + v_b) ** 2 / (v_a**2 / f_a + v_b**2 / f_b)
