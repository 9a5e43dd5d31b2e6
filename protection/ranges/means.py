"""Means of answers on a scale: one decimal, wide ends, and only from a base of ten.

The mean of a scale question gives its sum. In the middle of the scale a sum leaves many ways in
which the answers can be spread; at its ends it leaves one. So the ends are ranges wide enough that
every option keeps enough possible counts, fixed in advance from the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from protection.ranges.bands import SMALLEST_BASE

STEP = Fraction(1, 10)


@dataclass(frozen=True)
class MeanRange:
    """A published mean: it lies from `lower` to `upper`, on the scale of the answers."""

    lower: Fraction
    upper: Fraction


def end_width(smallest_base: int, scale: tuple[int, int], candidates: int) -> Fraction:
    """Return the width of the range at each end of the scale.

    At the end, sums differ from the extreme by at most base * width. An option at the other end
    costs the whole length of the scale per answer, so `candidates` counts of it (from 0) need
    (candidates - 1) times that length. One more step leaves room for answers that are missing.
    """
    length = scale[1] - scale[0]
    needed = Fraction((candidates - 1) * length, smallest_base) + STEP
    return ceil(needed / STEP) * STEP


def mean_range(
    mean: Fraction, smallest_base: int, scale: tuple[int, int], candidates: int
) -> MeanRange | None:
    """Return what is published of a mean.

    Args:
        mean: of the answers; weighted: with the smallest base in units of the heaviest answer.
        smallest_base: smallest base on which it is published, fixed in advance.
        scale: lowest and highest score.
        candidates: counts of every option that must stay possible.

    Returns:
        A range of a tenth (the mean to one decimal), a wide range at the ends, or None where the
        base is too small or the ends meet.
    """
    low, high = Fraction(scale[0]), Fraction(scale[1])
    width = end_width(max(1, smallest_base), scale, candidates)
    if smallest_base < SMALLEST_BASE or 2 * width >= high - low:
        return None
    if mean < low + width:
        return MeanRange(low, low + width)
    if mean >= high - width:
        return MeanRange(high - width, high)
    tenth = (mean - low) // STEP
    return MeanRange(low + tenth * STEP, low + (tenth + 1) * STEP)
