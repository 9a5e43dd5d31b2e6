"""The other side of the comparison is right by itself: printed figures and enumerations."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import scipy.stats
from ibo_panel import cell_covariance
from textbook_intervals import beta, blaker, wilson
from textbook_tests import boschloo, newcombe, score, score_of_margin


def test_newcombe_gives_the_figures_of_the_paper() -> None:
    assert newcombe(56 / 70, 70, 48 / 80, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(9 / 10, 10, 3 / 10, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_limits_of_whole_counts_are_those_of_scipy() -> None:
    for successes, size in ((0, 14), (3, 14), (14, 14), (31, 49)):
        result = scipy.stats.binomtest(successes, size)
        exact = result.proportion_ci(method="exact")
        score = result.proportion_ci(method="wilson")
        assert beta(successes / size, size) == pytest.approx((exact.low, exact.high), abs=1e-12)
        assert wilson(successes / size, size) == pytest.approx((score.low, score.high), abs=1e-12)


def test_blaker_covers_every_population_often_enough() -> None:
    population, sample = 50, 14
    limits = [blaker(x, sample, population) for x in range(sample + 1)]
    for count in range(population + 1):
        chance = scipy.stats.hypergeom.pmf(range(sample + 1), population, count, sample)
        held = [low <= count / population <= high for low, high in limits]
        assert chance[held].sum() >= 0.95 - 1e-12


def test_boschloo_is_that_of_scipy() -> None:
    for a, n_a, b, n_b in ((9, 14, 5, 20), (2, 14, 30, 49), (7, 11, 6, 12)):
        expected = scipy.stats.boschloo_exact([[a, b], [n_a - a, n_b - b]], n=64).pvalue
        assert boschloo(a, n_a, b, n_b) == pytest.approx(min(expected, 1.0), abs=1e-6)


@pytest.mark.parametrize(("p_a", "n_a", "p_b", "n_b"), [(0.6, 40, 0.3, 30), (0.1, 25, 0.4, 60)])
def test_the_score_of_no_margin_is_the_pooled_one(p_a, n_a, p_b, n_b) -> None:
    pooled = score(p_a, n_a, p_b, n_b, 0.2)
    assert score_of_margin(p_a, n_a, p_b, n_b, 0.2, 0.0) == pytest.approx(pooled, rel=1e-8)


@pytest.mark.parametrize("both", [1, 2, 3])
def test_covariance_of_two_waves_is_unbiased_over_all_pairs_of_samples(both: int) -> None:
    random = np.random.default_rng(4)
    size, n = 7, 3
    first, second = random.normal(size=(2, size))
    second += first
    means, parts = [], []
    for one in combinations(range(size), n):
        for two in combinations(range(size), n):
            shared = set(one) & set(two)
            if len(shared) != both:
                continue
            a, b = first[list(one)].mean(), second[list(two)].mean()
            products = sum((first[k] - a) * (second[k] - b) for k in shared)
            means.append((a, b))
            parts.append(cell_covariance(products, both, n, n, size / size**2) / n**2)
    true = np.cov(np.array(means).T, ddof=0)[0, 1]
    assert np.mean(parts) == pytest.approx(true, rel=1e-9)
