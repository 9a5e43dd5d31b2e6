"""The interval shown beside a band: the union of the intervals of every count it may hold."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, sqrt

from scipy import stats

from estimation.intervals import blaker, korn_graubard
from protection.rules import Shape

LEVEL = 0.95
WILSON_FROM = 30
"""Smallest base of Wilson's interval; below it the beta interval, as in the internal edition."""


def interval_of(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    """Return the widest limits of any count in a range of the share, for any possible base.

    The methods are those of the internal edition (docs/methodology.md). Their limits rise with the
    share, so the edges of the range decide; wherever the number of answers, or Kish's effective
    number, is not public, the smallest possible one is taken, which gives the widest interval.

    Args:
        shape: what is public about the group.
        low: smallest share, 0 to 1.
        high: largest share.

    Returns:
        Lower and upper limit, 0 to 1.
    """
    return _interval(shape, low, high)


@lru_cache(maxsize=50_000)
def _interval(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    if all(weight == 1 for weight in shape.weights):
        return float(low), float(high)
    if shape.is_equal:
        return _equal(shape, low, high)
    size = _smallest_effective(shape)
    limits = [_unequal(shape, float(edge), size) for edge in (low, high)]
    return min(lower for lower, _ in limits), max(upper for _, upper in limits)


def _equal(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    lowers, uppers = [], []
    for base in range(max(1, shape.smallest), shape.total + 1):
        population = max(base + 1, round(base * shape.weights[0]))
        fewest, most = min(base, floor(low * base)), min(base, ceil(high * base))
        lowers.append(blaker(fewest, base, population, LEVEL).lower)
        uppers.append(blaker(most, base, population, LEVEL).upper)
    return min(lowers), max(uppers)


def _unequal(shape: Shape, share: float, size: float) -> tuple[float, float]:
    limits = []
    if shape.smallest < WILSON_FROM:
        beta = korn_graubard(share, size, LEVEL)
        limits.append((beta.lower, beta.upper))
    if shape.total >= WILSON_FROM:
        limits.append(_wilson(share, size / (1 - min(0.999, size / _whole(shape)))))
    return min(low for low, _ in limits), max(high for _, high in limits)


def _whole(shape: Shape) -> float:
    return float(sum(w * n for w, n in zip(shape.weights, shape.responses, strict=True)))


def _smallest_effective(shape: Shape) -> float:
    """Return a lower bound of Kish's effective number of answers, whichever are missing."""
    pairs = zip(shape.weights, shape.responses, strict=True)
    heaviest = sorted((float(weight) for weight, n in pairs for _ in range(n)), reverse=True)
    lightest_sum = sum(heaviest[shape.missing :])
    return max(1.0, lightest_sum**2 / sum(weight**2 for weight in heaviest))


def _wilson(share: float, size: float) -> tuple[float, float]:
    z = float(stats.norm.ppf((1 + LEVEL) / 2))
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - half), min(1.0, middle + half)
