"""The interval shown beside a band: the union of the intervals of every count it may hold."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, sqrt

from scipy import special

from estimation.intervals import blaker, korn_graubard
from protection.ranges.rules import Shape

LEVEL = 0.95
WILSON_FROM = 30
"""Smallest base of Wilson's interval; below it the beta interval, as in the internal edition."""


def interval_of(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    """Return the widest limits of any count in a range of the share, for any possible base.

    The methods are those of the internal edition (docs/methodology.md). Their limits rise with the
    share, so the edges of the range decide; wherever the number of answers, Kish's effective number
    or the variance is not public, the one is taken that gives the widest interval. For the variance
    this takes weights for N / n of their strata.

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
    size, lightest = _smallest_effective(shape)
    wilson_size = min(
        size / (1 - min(0.999, size / _whole(shape))),
        *(_smallest_linearised(shape, float(edge), lightest) for edge in (low, high)),
    )
    limits = [_unequal(shape, float(edge), size, wilson_size) for edge in (low, high)]
    return min(lower for lower, _ in limits), max(upper for _, upper in limits)


def _equal(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    lowers, uppers = [], []
    for base in range(max(1, shape.smallest), shape.total + 1):
        population = max(base + 1, round(base * shape.weights[0]))
        fewest, most = min(base, floor(low * base)), min(base, ceil(high * base))
        lowers.append(blaker(fewest, base, population, LEVEL).lower)
        uppers.append(blaker(most, base, population, LEVEL).upper)
    return min(lowers), max(uppers)


def _unequal(shape: Shape, share: float, size: float, wilson_size: float) -> tuple[float, float]:
    limits = []
    if shape.smallest < WILSON_FROM:
        beta = korn_graubard(share, size, LEVEL)
        limits.append((beta.lower, beta.upper))
    if shape.total >= WILSON_FROM:
        limits.append(_wilson(share, wilson_size))
    return min(low for low, _ in limits), max(high for _, high in limits)


def _whole(shape: Shape) -> float:
    return float(sum(w * n for w, n in zip(shape.weights, shape.responses, strict=True)))


@lru_cache(maxsize=10_000)
def _smallest_effective(shape: Shape) -> tuple[float, float]:
    """Return a lower bound of Kish's effective number of answers, and one of their weight.

    Whichever are missing.
    """
    pairs = zip(shape.weights, shape.responses, strict=True)
    heaviest = sorted((float(weight) for weight, n in pairs for _ in range(n)), reverse=True)
    squares = sum(weight**2 for weight in heaviest)
    lightest = sum(heaviest[shape.missing :])
    return max(1.0, lightest**2 / squares), lightest


def _smallest_linearised(shape: Shape, share: float, lightest: float) -> float:
    """Return a lower bound of 1 + p(1 - p) / V, whoever answered what and whichever are missing.

    Not centred, V is the sum of w² (1 - 1/w) n/(n - 1) (y - p)² over the answers, divided by the
    square of their weights, and centring makes it no larger. It is largest where those on the
    rarer side of the share have the largest w (1 - 1/w) n/(n - 1): these are filled first. The n of
    a stratum is at least that of an atom in it. The bound falls towards 0 and 1, so that the edges
    of a range decide here too.
    """
    rarer = max(1e-9, min(share, 1 - share))
    parts = []
    for weight, responses in zip(shape.weights, shape.responses, strict=True):
        w, n = float(weight), max(2, responses)
        parts.append((max(0.0, w - 1) * n / (n - 1), w * responses))
    # Everybody at the distance of the commoner side; those on the rarer side are further away.
    largest = rarer**2 * sum(each * mass for each, mass in parts)
    left = rarer * _whole(shape)
    for each, mass in sorted(parts, reverse=True):
        filled = min(left, mass)
        largest += (1 - 2 * rarer) * each * filled
        left -= filled
    if largest <= 0:
        return float("inf")
    return 1 + rarer * (1 - rarer) * lightest**2 / largest


def _wilson(share: float, size: float) -> tuple[float, float]:
    z = float(special.ndtri((1 + LEVEL) / 2))
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - half), min(1.0, middle + half)
