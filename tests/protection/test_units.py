"""What the parts of a group say about the whole, and a share about who is counted in it."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest

from protection.ranges.bands import Band
from protection.ranges.rules import Shape
from protection.ranges.units import Part, fewest_counted, implied_range, shape_behind


def part(chance: random.Random) -> Part:
    low, high = sorted(Fraction(chance.randint(0, 300), 3) for _ in range(2))
    lightest = Fraction(chance.randint(0, 40), chance.randint(1, 4))
    return Part(low, high, lightest, lightest + Fraction(chance.randint(0, 30), 7))


def by_trying(parts: list[Part]) -> tuple[int, int] | None:
    """Return the range over every choice of the lightest or heaviest weight of each part."""
    means = [
        (
            sum(w * each.low for w, each in zip(weights, parts, strict=True)) / sum(weights),
            sum(w * each.high for w, each in zip(weights, parts, strict=True)) / sum(weights),
        )
        for weights in product(*((each.lightest, each.heaviest) for each in parts))
        if sum(weights)
    ]
    if not means:
        return None
    return floor(min(low for low, _ in means)), ceil(max(high for _, high in means))


@pytest.mark.parametrize("seeds", [range(0, 100), range(100, 200)])
def test_the_implied_range_holds_every_mean_that_the_parts_allow_and_no_more(seeds: range) -> None:
    for seed in seeds:
        chance = random.Random(seed)
        parts = [part(chance) for _ in range(chance.randint(1, 6))]
        assert implied_range(parts) == by_trying(parts)


def test_parts_without_weight_say_nothing() -> None:
    nothing = Part(Fraction(0), Fraction(100), Fraction(0), Fraction(0))
    assert implied_range([nothing]) is None


MISSING, NOT_COUNTED, COUNTED = range(3)


def fewest_by_trying(shape: Shape, lower: int) -> int:
    """Return the fewest counted over every way to be missing, not counted or counted."""
    weights = [w for w, n in zip(shape.weights, shape.responses, strict=True) for _ in range(n)]
    found = []
    for roles in product(range(3), repeat=len(weights)):
        if roles.count(MISSING) > shape.missing:
            continue
        counted = sum(w for w, role in zip(weights, roles, strict=True) if role == COUNTED)
        answered = sum(w for w, role in zip(weights, roles, strict=True) if role != MISSING)
        if 100 * counted >= lower * answered:
            found.append(roles.count(COUNTED))
    return min(found)


@pytest.mark.parametrize("seed", range(40))
def test_the_fewest_counted_are_the_fewest_of_every_way_to_answer(seed: int) -> None:
    chance = random.Random(seed)
    responses = tuple(chance.randint(1, 3) for _ in range(chance.randint(1, 3)))
    weights = tuple(Fraction(chance.randint(1, 12), chance.randint(1, 3)) for _ in responses)
    shape = Shape(responses, weights, max(0, sum(responses) - chance.randint(0, 3)))
    for lower in range(0, 100, chance.choice([5, 10, 20])):
        band = Band(lower, lower + 1)
        assert fewest_counted(shape, band) == fewest_by_trying(shape, lower)


def test_a_light_answer_is_not_taken_for_a_heavy_one() -> None:
    """One heavy response of many: 80 % of the weight is not reached by a handful."""
    shape = Shape((1, 100), (Fraction(20), Fraction(1)), 101)
    assert fewest_counted(shape, Band(80, 85)) == 1 + 76
    assert fewest_counted(Shape((101,), (Fraction(1),), 99), Band(80, 85)) == 80


@pytest.mark.parametrize("lower", [0, 50, 75, 90])
def test_the_base_behind_a_filter_is_never_more_than_passed(lower: int) -> None:
    own = Shape((3, 4, 3), (Fraction(5), Fraction(2), Fraction(1)), 3)
    of_filter = Shape(own.responses, own.weights, 9)
    for candidates in (3, 4):
        behind = shape_behind(own, of_filter, Band(lower, 100), candidates)
        fewest = fewest_by_trying(of_filter, lower)
        assert behind.smallest == max(3, min(ceil(0.925 * fewest), fewest - candidates + 1))
        assert (behind.responses, behind.weights) == (own.responses, own.weights)
