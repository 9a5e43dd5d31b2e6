"""Bands of tied shares: every possible survey of small groups, sorted by what is published."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest

from protection.ranges.bands import Band
from protection.ranges.partition import SetShape, implied_exclusive, set_bands
from protection.ranges.rules import Shape

EQUAL = Shape((14,), (Fraction(1),), 12)
WEIGHTED = Shape((5, 7), (Fraction(2), Fraction(3, 2)), 12)


def options(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in options(total - first, parts - 1):
            yield (first, *rest)


@pytest.mark.parametrize("parts", [2, 3, 4])
@pytest.mark.parametrize("base", [12, 13, 14])
def test_options_of_one_question_keep_three_counts_in_everything_published(
    parts: int, base: int
) -> None:
    tied = SetShape("exclusive", parts, False, EQUAL, 3)
    published: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(parts)])
    for counts in options(base, parts):
        node = set_bands(tied, [Fraction(count, base) for count in counts])
        for seen, count in zip(published[node], counts, strict=True):
            seen.add(count)
    assert len(published) > 2
    assert min(len(seen) for node in published.values() for seen in node) >= 3


def test_options_with_weights_keep_three_counts_in_every_stratum() -> None:
    tied = SetShape("exclusive", 3, False, WEIGHTED, 3)
    published: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(9)])
    whole = sum(w * n for w, n in zip(WEIGHTED.weights, WEIGHTED.responses, strict=True))
    for light, heavy in product(options(5, 3), options(7, 3)):
        shares = [
            (WEIGHTED.weights[0] * a + WEIGHTED.weights[1] * b) / whole
            for a, b in zip(light, heavy, strict=True)
        ]
        node = set_bands(tied, shares)
        values = (*light, *heavy, *(a + b for a, b in zip(light, heavy, strict=True)))
        for seen, value in zip(published[node], values, strict=True):
            seen.add(value)
    assert len(published) > 2
    assert min(len(seen) for node in published.values() for seen in node) >= 3


@pytest.mark.parametrize("base", [12, 14])
def test_a_union_and_its_parts_keep_three_counts_in_everything_published(base: int) -> None:
    tied = SetShape("cover", 2, True, EQUAL, 3)
    published: dict[object, list[set[int]]] = defaultdict(lambda: [set(), set(), set()])
    for union in range(base + 1):
        for first, second in product(range(union + 1), repeat=2):
            if first + second >= union:
                counts = (union, first, second)
                node = set_bands(tied, [Fraction(count, base) for count in counts])
                for seen, count in zip(published[node], counts, strict=True):
                    seen.add(count)
    assert min(len(seen) for node in published.values() for seen in node) >= 3


def test_a_union_with_weights_keeps_three_counts_in_every_stratum() -> None:
    shape = Shape((4, 8), (Fraction(2), Fraction(3, 2)), 12)
    tied = SetShape("cover", 2, True, shape, 3)
    whole = sum(w * n for w, n in zip(shape.weights, shape.responses, strict=True))
    published: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(6)])
    strata = [
        [
            (union, first, second)
            for union in range(n + 1)
            for first, second in product(range(union + 1), repeat=2)
            if first + second >= union
        ]
        for n in shape.responses
    ]
    for light, heavy in product(*strata):
        shares = [(2 * a + Fraction(3, 2) * b) / whole for a, b in zip(light, heavy, strict=True)]
        node = set_bands(tied, shares)
        for seen, value in zip(published[node], (*light, *heavy), strict=True):
            seen.add(value)
    assert min(len(seen) for node in published.values() for seen in node) >= 3


def test_bands_of_their_own_would_give_options_away() -> None:
    """Why the bands are cut together: 80 %, 0 % and 20 % up leave one answer at fifteen."""
    bands = (Band(80, 100), Band(0, 20), Band(20, 40))
    left = [
        counts
        for counts in options(15, 3)
        if all(band.holds(Fraction(k, 15)) for band, k in zip(bands, counts, strict=True))
    ]
    assert left == [(12, 0, 3)]


def test_what_is_shown_of_options_holds_the_true_shares() -> None:
    chance = random.Random(4)
    tied = SetShape("exclusive", 4, False, Shape((63,), (Fraction(1),), 59), 3)
    for _ in range(200):
        cuts = sorted(chance.randint(0, 63) for _ in range(3))
        counts = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 63 - cuts[2]]
        node = set_bands(tied, [Fraction(count, 63) for count in counts])
        assert node is not None
        for band, shown, count in zip(node, implied_exclusive(node), counts, strict=True):
            assert band.holds(Fraction(count, 63))
            assert shown.lower <= Fraction(100 * count, 63) <= shown.upper
            assert shown.lower >= band.lower
            assert shown.upper <= band.upper
