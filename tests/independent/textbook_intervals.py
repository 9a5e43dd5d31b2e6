"""Intervals written from their definitions, with scipy distributions and nothing cleverer."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

Z = float(stats.norm.ppf(0.975))


@lru_cache
def _tables(sample: int, population: int) -> tuple[np.ndarray, np.ndarray]:
    """Chance of x successes for every count in the population, and how far out each x lies."""
    x = np.arange(sample + 1)
    counts = np.arange(population + 1)[:, None]
    chance = stats.hypergeom.pmf(x[None, :], population, counts, sample)
    below, above = np.cumsum(chance, axis=1), np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    return chance, np.minimum(below, above)


@lru_cache
def blaker(
    successes: int, sample: int, population: int, level: float = 0.95
) -> tuple[float, float]:
    """Smallest and largest accepted share of the population (Blaker 2000), every count tried.

    A count D is accepted for x when P_D[min(P(X ≤ X'), P(X ≥ X')) ≤ min(P(X ≤ x), P(X ≥ x))],
    X' drawn from the same hypergeometric, exceeds 1 − level.
    """
    chance, tail = _tables(sample, population)
    as_rare = tail <= tail[:, [successes]] * (1 + 1e-9)
    acceptable = (chance * as_rare).sum(axis=1) > 1 - level
    acceptable &= chance[:, successes] > 0
    accepted = np.flatnonzero(acceptable)
    return float(accepted[0] / population), float(accepted[-1] / population)


def beta(share: float, size: float) -> tuple[float, float]:
    """Clopper-Pearson limits at a size that need not be whole (Korn & Graubard 1998)."""
    hits = share * size
    low = 0.0 if hits <= 1e-12 else stats.beta.ppf(0.025, hits, size - hits + 1)
    high = 1.0 if size - hits <= 1e-12 else stats.beta.ppf(0.975, hits + 1, size - hits)
    return float(low), float(high)


def wilson(share: float, size: float) -> tuple[float, float]:
    """Roots of (p̂ − p)² = z² p(1 − p)/n, found as the roots of the quadratic (Wilson 1927)."""
    z2 = Z**2
    a, b, c = 1 + z2 / size, -(2 * share + z2 / size), share**2
    root = np.sqrt(max(b * b - 4 * a * c, 0.0))
    return float((-b - root) / (2 * a)), float((-b + root) / (2 * a))


def students_t(estimate: float, error: float, freedom: float) -> tuple[float, float]:
    reach = stats.t.ppf(0.975, freedom) * error
    return estimate - reach, estimate + reach
