"""What the parts of a group say about the whole."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest

from protection.ranges.units import Part, implied_range


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
