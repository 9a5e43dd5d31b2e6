"""Ranges of weighted shares leave enough counts of the group and of every stratum."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest

from protection.ranges.bands import SMALLEST_BASE, WIDTHS, bands
from protection.ranges.rules import Shape
from protection.ranges.weighted import range_is_safe, share_width


def shape_of(seed: int) -> Shape:
    chance = random.Random(seed)
    responses = tuple(chance.randint(3, 9) for _ in range(3))
    weights = tuple(Fraction(chance.randint(2, 9), chance.randint(1, 3)) for _ in responses)
    return Shape(responses, weights, max(1, sum(responses) - chance.choice([0, 1, 2])))


def fewest(shape: Shape, low: Fraction, high: Fraction, minimum: int) -> bool:
    """Say by trying everything whether a range leaves enough counts for every base."""
    for answered in product(*(range(n + 1) for n in shape.responses)):
        if sum(answered) < shape.smallest:
            continue
        whole = sum(w * n for w, n in zip(shape.weights, answered, strict=True))
        per_stratum: dict[int, set[int]] = defaultdict(set)
        totals: set[int] = set()
        for counts in product(*(range(n + 1) for n in answered)):
            share = 100 * sum(w * k for w, k in zip(shape.weights, counts, strict=True)) / whole
            if low <= share and (share < high or high == 100):
                totals.add(sum(counts))
                for at, count in enumerate(counts):
                    per_stratum[at].add(count)
        if len(totals) < minimum:
            return False
        if any(len(per_stratum[at]) < min(minimum, n + 1) for at, n in enumerate(answered)):
            return False
    return True


PUBLISHED = [shape for shape in map(shape_of, range(60)) if share_width(shape, 3) is not None]


def test_some_groups_are_large_enough_and_some_are_not() -> None:
    assert 20 <= len(PUBLISHED) < 60


@pytest.mark.parametrize("shape", PUBLISHED[:20])
def test_published_widths_are_safe_for_every_stratum_and_every_missing_answer(
    shape: Shape,
) -> None:
    width = share_width(shape, 3)
    assert width is not None
    assert all(fewest(shape, Fraction(b.lower), Fraction(b.upper), 3) for b in bands(width))


@pytest.mark.parametrize("seeds", [range(0, 30), range(30, 60)])
def test_the_width_is_the_first_of_which_every_band_is_safe(seeds: range) -> None:
    for shape in map(shape_of, seeds):
        first = next(
            (
                width
                for width in WIDTHS
                if shape.smallest >= SMALLEST_BASE
                and all(
                    range_is_safe(shape, Fraction(b.lower), Fraction(b.upper), 3)
                    for b in bands(width)
                )
            ),
            None,
        )
        assert share_width(shape, 3) == first


def test_a_range_is_called_safe_only_when_it_is() -> None:
    chance = random.Random(9)
    called_safe = []
    for seed in range(30):
        shape = shape_of(seed + 1000)
        low = Fraction(chance.randint(0, 80))
        high = min(Fraction(100), low + chance.randint(10, 60))
        if range_is_safe(shape, low, high, 3):
            called_safe.append((shape, low, high))
    assert len(called_safe) >= 5
    assert all(fewest(shape, low, high, 3) for shape, low, high in called_safe)


@pytest.mark.parametrize("candidates", [3, 4])
def test_a_range_as_long_as_the_heaviest_answers_is_safe_without_trying(candidates: int) -> None:
    shape = Shape((4, 5, 3), (Fraction(5), Fraction(3), Fraction(2)), 11)
    length = candidates * shape.coarsest_unit
    for low in range(0, 100 - int(length), 7):
        assert fewest(shape, Fraction(low), low + length, candidates)
