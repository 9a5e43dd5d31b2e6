"""What the waves of a claim say together."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from estimation.joint_tests import WaveTest, joint_test, overlap_of


def waves(*tests: tuple[float, float]) -> list[WaveTest]:
    return [WaveTest(str(place), *test) for place, test in enumerate(tests)]


def test_waves_that_share_nobody_are_combined_as_scipy_does():
    found = joint_test(waves((0.04, 1.0), (0.3, 0.2), (0.12, 3.0)), {})

    one_sided = [0.02, 0.15, 0.06]
    expected = stats.combine_pvalues(one_sided, method="stouffer").pvalue
    assert found.n_waves == 3
    assert found.p_value == pytest.approx(2 * expected, rel=1e-12)
    assert found.direction > 0


def test_waves_of_the_same_organisations_say_no_more_than_one_of_them():
    overlaps = {frozenset(pair): 1.0 for pair in (("0", "1"), ("0", "2"), ("1", "2"))}

    found = joint_test(waves((0.04, 1.0), (0.04, 1.0), (0.04, 1.0)), overlaps)

    assert found.p_value == pytest.approx(0.04)


def test_waves_that_point_the_other_way_count_against():
    found = joint_test(waves((0.01, -1.0), (0.3, 0.5)), {frozenset(("0", "1")): 0.5})

    score = (-stats.norm.isf(0.005) + stats.norm.isf(0.15)) / sqrt(3)
    assert found.p_value == pytest.approx(2 * stats.norm.cdf(score))
    assert found.direction < 0


def test_one_wave_is_itself_and_none_is_nothing():
    assert joint_test(waves((0.2, 1.0)), {}).p_value == pytest.approx(0.2)
    assert joint_test([], {}) is None


def test_an_overlap_is_the_correlation_of_answers_that_stay_the_same():
    """Of 60 and 50 organisations with weights, 30 are in both and answer alike both times."""
    random = np.random.default_rng(1)
    first, second = random.uniform(1, 4, 60), random.uniform(1, 4, 50)
    values = random.normal(size=(80, 100_000))
    sums = first @ values[:60], second @ values[30:]

    found = overlap_of(first[30:] @ second[:30], first @ first, second @ second)

    assert found == pytest.approx(np.corrcoef(*sums)[0, 1], abs=0.01)


def test_it_errs_no_more_often_than_its_level_whatever_stays_the_same():
    """A wave shares half of its organisations with the next one; their answers stay, or do not."""
    random = np.random.default_rng(2)
    for persistence in (0.0, 0.6, 1.0):
        lasting = random.normal(size=(20_000, 60))
        tests = []
        for _ in range(3):
            new = random.normal(size=lasting.shape)
            # Half of the organisations of every wave are those of the others.
            kept = np.arange(60) < 30
            scale = np.where(kept, persistence, 0.0)
            answers = np.sqrt(scale) * lasting + np.sqrt(1 - scale) * new
            tests.append(answers.sum(axis=1) / sqrt(60))
        overlaps = {frozenset(pair): 0.5 for pair in (("0", "1"), ("0", "2"), ("1", "2"))}
        rejected = np.mean(
            [
                joint_test(
                    waves(*((2 * stats.norm.sf(abs(score)), score) for score in scores)), overlaps
                ).p_value
                <= 0.05
                for scores in np.transpose(tests)[:5_000]
            ]
        )
        assert rejected <= 0.06
