"""Bands of a share: how wide, where they begin, which counts they hold.

A band is a range of percentages. It holds a count k of a base n when k out of n lies in it. The
width is fixed in advance from the smallest base possible, never from an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from protection.errors import ProtectionError

WIDTHS = (1, 5, 10, 20, 25)
"""Widths a band may have, in percentage points."""

SMALLEST_BASE = 10
"""Below this base nothing is published, whatever the width."""

CANDIDATES = 3
CANDIDATES_SENSITIVE = 4
"""Counts that must stay possible; one more where a respondent can subtract his own answer."""


@dataclass(frozen=True, order=True)
class Band:
    """A range of percentages, lower edge included, upper edge only where it is 100.

    Attributes:
        lower: percentage points, 0 to 99.
        upper: percentage points, above `lower`, at most 100.
    """

    lower: int
    upper: int

    def __post_init__(self) -> None:
        if not 0 <= self.lower < self.upper <= 100:
            raise ProtectionError(
                f"{self.lower} to {self.upper} is not a band of a share.",
                expected="0 <= lower < upper <= 100, in percentage points",
            )

    @property
    def width(self) -> int:
        """Width in percentage points."""
        return self.upper - self.lower

    def holds(self, share: Fraction) -> bool:
        """Say whether a share, between 0 and 1, lies in the band."""
        points = share * 100
        return self.lower <= points and (points < self.upper or self.upper == 100)

    def counts(self, base: int) -> range:
        """Return the counts out of `base` that lie in the band."""
        first = -(-self.lower * base // 100)
        last = base if self.upper == 100 else -(-self.upper * base // 100) - 1
        return range(first, last + 1)


def bands(width: int) -> tuple[Band, ...]:
    """Return the bands of one width, which together hold every share from 0 to 100 % once."""
    if 100 % width:
        raise ProtectionError(
            f"Bands {width} points wide do not end at 100.", expected=f"one of {WIDTHS}"
        )
    return tuple(Band(lower, lower + width) for lower in range(0, 100, width))


def band_of(share: Fraction, width: int) -> Band:
    """Return the band of this width that holds the share (between 0 and 1)."""
    if not 0 <= share <= 1:
        raise ProtectionError(f"{share} is not a share.", expected="between 0 and 1")
    lower = min(int(share * 100 // width) * width, 100 - width)
    return Band(lower, lower + width)


@cache
def fewest_counts(base: int, width: int) -> int:
    """Return the number of counts in the emptiest band of a base."""
    return min(len(band.counts(base)) for band in bands(width))


@cache
def band_width(smallest_base: int, minimum_candidates: int = CANDIDATES) -> int | None:
    """Return the smallest width that is safe for this base and for every larger one.

    From 100 * `minimum_candidates` / width on, every half-open band holds enough counts, whatever
    the base; below that each base is tried.

    Returns:
        Percentage points out of `WIDTHS`, or None where no width is safe (or the base is below
        `SMALLEST_BASE`): the group is merged into its parent or not published.
    """
    if smallest_base < SMALLEST_BASE:
        return None
    for width in WIDTHS:
        always_safe_from = -(-100 * minimum_candidates // width)
        if all(
            fewest_counts(base, width) >= minimum_candidates
            for base in range(smallest_base, always_safe_from)
        ):
            return width
    return None


def smallest_base(responses: int, percent: Fraction) -> int:
    """Return the smallest base a question is published on: a public share of public responses."""
    return -(-responses * percent.numerator // (100 * percent.denominator))
