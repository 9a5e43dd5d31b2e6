"""Intervals of shares, against their definitions, scipy, statsmodels and printed figures."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from estimation.acceptability import acceptability
from estimation.errors import EstimationError
from estimation.intervals import (
    blaker,
    inferential_size,
    kish_size,
    korn_graubard,
    wilson,
)

GROUPS = [(14, 50), (49, 180), (63, 240)]


def brute_force_blaker(successes: int, sample: int, population: int) -> tuple[float, float]:
    """Blaker's definition in whole numbers, without rounding: the hull of the accepted numbers."""
    every = comb(population, sample)
    accepted = []
    for number in range(successes, population - sample + successes + 1):
        ways = {
            count: comb(number, count) * comb(population - number, sample - count)
            for count in range(max(0, sample - population + number), min(sample, number) + 1)
        }
        smaller = {}
        below = 0
        for count, way in ways.items():
            below += way
            smaller[count] = min(below, every - below + way)
        extreme = sum(way for count, way in ways.items() if smaller[count] <= smaller[successes])
        if Fraction(extreme, every) > Fraction(1, 20):
            accepted.append(number)
    return accepted[0] / population, accepted[-1] / population


@pytest.mark.parametrize(
    ("sample", "population"), [(14, 50), (1, 2), (5, 5), (7, 8), (20, 40), (30, 97), (49, 180)]
)
def test_blaker_equals_its_definition_in_whole_numbers(sample, population):
    for successes in range(sample + 1):
        found = blaker(successes, sample, population)
        assert (found.lower, found.upper) == brute_force_blaker(successes, sample, population)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.data())
def test_blaker_equals_its_definition_by_scipy(data):
    population = data.draw(st.integers(1, 400))
    sample = data.draw(st.integers(1, population))
    successes = data.draw(st.integers(0, sample))
    numbers = np.arange(successes, population - sample + successes + 1)
    counts = np.arange(sample + 1)
    accepted = []
    for number in numbers:
        below = stats.hypergeom.cdf(counts, population, number, sample)
        above = stats.hypergeom.sf(counts - 1, population, number, sample)
        smaller = np.minimum(below, above)
        extreme = smaller <= smaller[successes] * (1 + 1e-9)
        if stats.hypergeom.pmf(counts[extreme], population, number, sample).sum() > 0.05:
            accepted.append(number)
    found = blaker(successes, sample, population)
    assert (found.lower, found.upper) == (accepted[0] / population, accepted[-1] / population)


@pytest.mark.parametrize(
    ("successes", "sample", "lower", "upper"),
    [
        (3, 10, 0.08726443, 0.61941066),
        (6, 13, 0.2158050, 0.7395922),
        (29, 99, 0.2097022, 0.3929079),
        (59, 355, 0.1300807, 0.2090809),
    ],
)
def test_acceptability_in_a_vast_population_ends_at_the_printed_binomial_limits(
    successes, sample, lower, upper
):
    """Printed in the manual of the R package BlakerCI (Klaschka 2010).

    Two of the upper limits end an accepted stretch of its own, shorter than 0.0001.
    """
    population = 10**11
    for limit, inwards in ((lower, 1e-7), (upper, -1e-7)):
        inside, outside = (round((limit + step) * population) for step in (inwards, -inwards))
        assert acceptability(successes, sample, population, inside) > 0.05
        assert acceptability(successes, sample, population, outside) < 0.05


def test_blaker_of_a_large_population_is_the_printed_binomial_interval():
    found = blaker(3, 10, 1_000_000)
    assert (found.lower, found.upper) == pytest.approx((0.08726443, 0.61941066), abs=1e-5)


@pytest.mark.parametrize(("sample", "population"), [*GROUPS, (126, 470), (28, 30)])
def test_blaker_limits_rise_with_the_count_contain_the_share_and_mirror(sample, population):
    found = [blaker(successes, sample, population) for successes in range(sample + 1)]
    assert all(one.lower <= other.lower for one, other in pairwise(found))
    assert all(one.upper <= other.upper for one, other in pairwise(found))
    for successes, interval in enumerate(found):
        mirror = found[sample - successes]
        assert interval.lower <= successes / sample <= interval.upper
        assert interval.lower == pytest.approx(1 - mirror.upper, abs=1e-15)


def test_blaker_of_a_census_is_the_share_itself():
    found = blaker(5, 14, 14)
    assert (found.lower, found.upper) == (5 / 14, 5 / 14)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.99])
def test_blaker_intervals_of_a_higher_level_contain_those_of_a_lower(level):
    for successes in range(15):
        narrow, wide = blaker(successes, 14, 50, level), blaker(successes, 14, 50, 0.995)
        assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


@pytest.mark.parametrize("size", [1, 5, 14, 29, 63])
def test_korn_graubard_of_whole_counts_is_clopper_pearson_of_statsmodels(size):
    for count in range(size + 1):
        found = korn_graubard(count / size, size)
        expected = proportion_confint(count, size, method="beta")
        assert (found.lower, found.upper) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("share", "size"), [(0.37, 10.2), (0.9, 12.99), (0.01, 4.4), (0.98, 27.3)])
def test_korn_graubard_limits_leave_half_the_error_on_either_side(share, size):
    """The limits as binomial tails, continued to broken counts by the incomplete beta function."""
    found = korn_graubard(share, size)
    successes = share * size
    below = stats.beta.cdf(found.lower, successes, size - successes + 1)
    above = stats.beta.sf(found.upper, successes + 1, size - successes)
    assert (below, above) == pytest.approx((0.025, 0.025), abs=1e-10)


def test_korn_graubard_of_nobody_and_of_everybody_reaches_the_end():
    nobody, everybody = korn_graubard(0.0, 10.2), korn_graubard(1.0, 10.2)
    assert nobody.lower == 0
    assert everybody.upper == 1
    assert nobody.upper == pytest.approx(1 - 0.025 ** (1 / 10.2), abs=1e-12)
    assert everybody.lower == pytest.approx(0.025 ** (1 / 10.2), abs=1e-12)


@pytest.mark.parametrize("size", [1, 14, 63, 366])
def test_wilson_equals_statsmodels(size):
    for count in range(size + 1):
        found = wilson(count / size, size)
        expected = proportion_confint(count, size, method="wilson")
        assert (found.lower, found.upper) == pytest.approx(expected, abs=1e-12)
        assert found.lower <= count / size <= found.upper


def test_kish_size_gives_the_variance_of_a_stratified_share_its_correction():
    """Summed over the strata by hand, for a share equal in all of them."""
    population, sample = np.array([45.0, 79.0, 116.0]), np.array([22.0, 24.0, 17.0])
    weight = population / population.sum()
    stratified = np.sum(weight**2 * (1 / sample - 1 / population))
    weights = population / sample
    effective = population.sum() ** 2 / np.sum(sample * weights**2)
    assert 1 / kish_size(effective, population.sum()) == pytest.approx(stratified, rel=1e-12)


def test_kish_size_of_a_census_has_no_bound():
    assert kish_size(50.0, 50.0) == float("inf")


def test_a_share_rests_on_no_more_answers_than_its_variance_allows():
    """At 0.3, a variance of 0.0105 is that of 1 + 0.21 / 0.0105 = 21 answers; at 0.004 of 53.5."""
    assert inferential_size(40.0, 0.3, 0.0105) == pytest.approx(21.0, rel=1e-12)
    assert inferential_size(40.0, 0.3, 0.004) == 40.0


@pytest.mark.parametrize("count", range(1, 14))
def test_a_simple_random_sample_is_as_large_as_it_is(count):
    values = np.array([1.0] * count + [0.0] * (14 - count))
    found = inferential_size(float("inf"), count / 14, values.var(ddof=1) / 14)
    assert found == pytest.approx(14, rel=1e-12)


def test_what_replaces_the_variance_of_the_population_is_unbiased():
    """Over every sample of four from ten of whom three have it: p(1 - p) + v averages to 0.21."""
    found = []
    for sample in combinations([1.0] * 3 + [0.0] * 7, 4):
        share, variance = np.mean(sample), np.var(sample, ddof=1) / 4 * (1 - 4 / 10)
        found.append(share * (1 - share) + variance)
    assert np.mean(found) == pytest.approx(0.21, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0, 1 + 1e-16])
def test_where_nothing_varies_within_the_strata_kish_size_stands(share):
    assert inferential_size(40.0, share, 0.0) == 40.0
    assert inferential_size(float("inf"), share, 0.0) == float("inf")


@pytest.mark.parametrize(
    "call",
    [
        lambda: blaker(3, 2, 10),
        lambda: blaker(0, 0, 10),
        lambda: blaker(1, 11, 10),
        lambda: blaker(1, 5, 10, level=1.0),
        lambda: wilson(1.2, 10),
        lambda: wilson(0.5, 0),
        lambda: korn_graubard(-0.1, 10),
    ],
)
def test_an_interval_of_something_impossible_is_refused(call):
    with pytest.raises(EstimationError):
        call()
