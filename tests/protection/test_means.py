"""A mean leaves at least three counts of every option, also for whoever knows the sum."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest

from protection.ranges.means import end_width, mean_range


def counts_by_sum(base: int, scale: range) -> dict[tuple[int, int], set[int]]:
    """Counts of each option that go with each sum of the answers."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for option in scale:
        reached = [{0}]
        for _ in range(base):
            reached.append({s + x for s in reached[-1] for x in scale if x != option})
        for count in range(base + 1):
            for rest in reached[base - count]:
                found[rest + count * option, option].add(count)
    return found


@pytest.mark.parametrize("candidates", [3, 4])
@pytest.mark.parametrize("scale", [range(1, 6), range(1, 5), range(-2, 3)])
@pytest.mark.parametrize("base", [10, 12, 14, 21])
def test_every_option_keeps_enough_counts(base: int, scale: range, candidates: int) -> None:
    possible = counts_by_sum(base, scale)
    ends = (scale[0], scale[-1])
    width = end_width(base, ends, candidates)
    together: dict[object, set[int]] = defaultdict(set)
    for total in range(base * scale[0], base * scale[-1] + 1):
        mean = Fraction(total, base)
        shown = mean_range(mean, base, ends, candidates)
        assert shown is not None
        assert shown.lower <= mean <= shown.upper
        for option in scale:
            together[shown.lower, option] |= possible[total, option]
            if ends[0] + width <= mean < ends[1] - width:
                assert len(possible[total, option]) >= candidates
    assert min(len(counts) for counts in together.values()) >= candidates


def test_below_ten_there_is_no_mean() -> None:
    assert mean_range(Fraction(3), 9, (1, 5), 3) is None
    assert mean_range(Fraction(3), 10, (1, 5), 3) is not None
