"""Bands are safe for every base at or above the smallest, and depend on nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from protection.errors import ProtectionError
from protection.ranges.bands import WIDTHS, Band, band_of, band_width, bands, smallest_base
from protection.ranges.shown import ordered, unanimous


def counts_by_hand(base: int, width: int) -> list[int]:
    """Counts per band, by sorting each count into its band."""
    held = [0] * (100 // width)
    for count in range(base + 1):
        held[min(100 * count // (base * width), len(held) - 1)] += 1
    return held


@pytest.mark.parametrize("candidates", [3, 4])
def test_every_band_holds_enough_counts_for_every_base_from_the_smallest_on(
    candidates: int,
) -> None:
    for smallest in range(1, 420):
        width = band_width(smallest, candidates)
        if width is None:
            continue
        for base in range(smallest, 430):
            assert min(counts_by_hand(base, width)) >= candidates


@pytest.mark.parametrize("candidates", [3, 4])
def test_no_narrower_width_is_safe(candidates: int) -> None:
    for smallest in range(10, 420):
        width = band_width(smallest, candidates)
        for narrower in WIDTHS:
            if width is not None and narrower >= width:
                break
            assert any(
                min(counts_by_hand(base, narrower)) < candidates for base in range(smallest, 430)
            )


@pytest.mark.parametrize(
    ("responses", "smallest", "width"), [(63, 59, 5), (49, 46, 10), (14, 12, 25)]
)
def test_bands_at_the_sizes_of_the_survey(responses: int, smallest: int, width: int) -> None:
    assert band_width(smallest) == width
    assert band_width(responses) in {width, 20}


@pytest.mark.parametrize(
    ("candidates", "first_bases"),
    [
        (3, {25: 11, 20: 14, 10: 29, 5: 59, 1: 299}),
        (4, {25: 15, 20: 19, 10: 39, 5: 79, 1: 399}),
    ],
)
def test_the_smallest_base_of_each_width(candidates: int, first_bases: dict[int, int]) -> None:
    for width, first in first_bases.items():
        assert band_width(first, candidates) == width
        assert band_width(first - 1, candidates) != width


def test_below_ten_nothing_is_published() -> None:
    assert all(band_width(base) is None for base in range(10))


def test_bands_hold_every_share_once_and_never_the_ends_alone() -> None:
    for width in WIDTHS:
        for base in (12, 14, 49, 63):
            for count in range(base + 1):
                share = Fraction(count, base)
                assert sum(band.holds(share) for band in bands(width)) == 1
                assert band_of(share, width).holds(share)
                assert count in band_of(share, width).counts(base)
        assert bands(width)[0].lower == 0
        assert bands(width)[-1].upper == 100


def test_a_larger_width_is_needed_where_an_answer_may_be_missing() -> None:
    assert band_width(14) == 20
    assert band_width(13) == 25


def test_the_smallest_base_rounds_up() -> None:
    assert smallest_base(63, Fraction(185, 2)) == 59
    assert smallest_base(14, Fraction(185, 2)) == 13


def test_a_band_that_ends_outside_the_shares_is_refused() -> None:
    with pytest.raises(ProtectionError):
        Band(90, 110)


def test_a_verdict_is_withheld_unless_every_count_gives_it() -> None:
    def verdict(first: object, second: object) -> str:
        return "higher" if int(str(first)) - int(str(second)) >= 5 else "no_difference"

    assert unanimous(verdict, range(20, 23), range(10, 13)) == "higher"
    assert unanimous(verdict, range(14, 17), range(10, 13)) is None
    assert ordered(Band(50, 75), Band(25, 50)) == "higher"
    assert ordered(Band(25, 50), Band(40, 60)) is None
