"""Covariance of estimates of two waves, through the organisations in both (plain matrices)."""

from __future__ import annotations

from functools import cache

import numpy as np
from ibo_estimates import strata_matrices, stratum_covariance, weights
from ibo_population import design


@cache
def panel(first: str, second: str):
    """Cells of the two stratifications: population of both frames, and positions of respondents."""
    strata_1, strata_2 = design(first).stratum.to_dict(), design(second).stratum.to_dict()
    population: dict[tuple[str, str], int] = {}
    for organisation in set(strata_1) & set(strata_2):
        cell = strata_1[organisation], strata_2[organisation]
        population[cell] = population.get(cell, 0) + 1
    place_1 = {o: i for i, o in enumerate(design(first).table.index)}
    place_2 = {o: i for i, o in enumerate(design(second).table.index)}
    both: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for organisation in sorted(set(place_1) & set(place_2)):
        cell = strata_1[organisation], strata_2[organisation]
        both.setdefault(cell, []).append((place_1[organisation], place_2[organisation]))
    return population, both


@cache
def _sizes(wave: str) -> dict[str, tuple[float, float]]:
    sample = design(wave).table
    return {h: (p.big_n.iloc[0], len(p)) for h, p in sample.groupby("stratum")}


def _from_mean(wave: str, z: np.ndarray) -> np.ndarray:
    """Deviations from the mean of the whole stratum; one response alone keeps its value."""
    member, _, n = strata_matrices(wave)
    centre = np.where(n > 1, (member.T @ z) / n, 0.0)
    return z - member @ centre


def cell_covariance(products: float, m: int, n_1: float, n_2: float, known: float) -> float:
    """Part of the covariance from one pair of strata that m organisations are in.

    products: sum over them of the two deviations from the stratum means. Its expectation is
    m·S (1 − 1/n_1 − 1/n_2 + m/(n_1 n_2)): dividing by the bracket makes it unbiased for m·S.
    known: N_c/(N_1 N_2); of one list the covariance of two samples has m/(n_1 n_2) less that.
    """
    lost_1, lost_2 = float(n_1 > 1), float(n_2 > 1)
    kept = 1 - lost_1 / n_1 - lost_2 / n_2 + lost_1 * lost_2 * m / (n_1 * n_2)
    return products / kept * (1 - known / (m / (n_1 * n_2)))


def panel_covariance(first: str, z_1: np.ndarray, second: str, z_2: np.ndarray, corrected: bool):
    """Covariance of two sums of weighted residuals through the organisations in both samples.

    Summed over pairs of strata (Tam 1984; Qualité & Tillé 2008).
    """
    if first == second:
        return stratum_covariance(first, z_1, z_2, corrected)
    population, both = panel(first, second)
    size_1, size_2 = _sizes(first), _sizes(second)
    a, b = _from_mean(first, z_1), _from_mean(second, z_2)
    total = 0.0
    for (h_1, h_2), pairs in both.items():
        (big_1, n_1), (big_2, n_2) = size_1[h_1], size_2[h_2]
        part = sum(a[i] * b[j] for i, j in pairs)
        known = population[(h_1, h_2)] / (big_1 * big_2) if corrected else 0.0
        total += cell_covariance(part, len(pairs), n_1, n_2, known)
    return float(total)


def both_answered(first: str, base_1: np.ndarray, second: str, base_2: np.ndarray) -> int:
    """Organisations in the base of both waves."""
    _, both = panel(first, second)
    return sum(bool(base_1[i] and base_2[j]) for pairs in both.values() for i, j in pairs)


def shared_weight(first: str, a, second: str, b) -> float:
    """Σ w_1 w_2 over the organisations in the base of both waves."""
    _, both = panel(first, second)
    w_1, w_2 = weights(first), weights(second)
    return float(
        sum(w_1[i] * w_2[j] for pairs in both.values() for i, j in pairs if a.base[i] and b.base[j])
    )
