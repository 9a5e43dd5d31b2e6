"""Which ranges of a weighted share leave enough counts possible, also per stratum.

With weights w_h public, a range [A, B) of the weighted total x = sum w_h k_h says something about
each stratum count k_h and about their sum k. Let M be the largest weight and W the sum of all.

**Sufficient** (any size): a range within [0, W] at least m * M long leaves at least m values of k,
and of each k_h at least min(m, n_h + 1). Add the answers one by one, in any order: x goes from 0 to
W in steps of at most M, so at least m successive totals lie in the range, each with another k. For
k_h, fix k_h = v and add the others one by one: v is possible when
(A - (W - w_h n_h)) / w_h <= v < B / w_h, a half-open range at least m long; its upper end leaves
0 .. m - 1 and, because B <= W, its lower end leaves n_h - m .. n_h.

**Exact** (few strata, few answers): every vector of stratum counts is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from protection.ranges.bands import SMALLEST_BASE, WIDTHS, band_width
from protection.ranges.rules import Shape

VECTORS = 60_000
PATTERNS = 200
_WHOLE_WEIGHTS_UP_TO = 10**12


@lru_cache(maxsize=100_000)
def share_width(shape: Shape, minimum_candidates: int) -> int | None:
    """Return the width of the bands of one share in a group, fixed by public constants.

    Returns:
        Percentage points out of `WIDTHS`, or None where no width is safe.
    """
    if shape.smallest < SMALLEST_BASE:
        return None
    if shape.is_equal:
        return band_width(shape.smallest, minimum_candidates)
    for width in WIDTHS:
        if width >= minimum_candidates * shape.coarsest_unit:
            return width
        answered = _few_answered(shape)
        if answered and all(
            _all_bands_are_safe(pattern, shape.weights, width, minimum_candidates)
            for pattern in answered
        ):
            return width
    return None


@lru_cache(maxsize=200_000)
def range_is_safe(shape: Shape, low: Fraction, high: Fraction, minimum_candidates: int) -> bool:
    """Say whether a range of the share leaves enough counts, whichever answers are missing.

    Args:
        shape: what is public about the group.
        low: percentage points, included.
        high: percentage points, not included, except 100.
        minimum_candidates: values every count needs.
    """
    if high <= low:
        return False
    if high - low >= minimum_candidates * shape.coarsest_unit:
        return True
    answered = _few_answered(shape)
    return bool(answered) and all(
        _exactly_safe(pattern, shape.weights, low, high, minimum_candidates) for pattern in answered
    )


@lru_cache(maxsize=256)
def _few_answered(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Return the answers per stratum that can be tried one by one; none where they are too many."""
    if prod(n + 1 for n in shape.responses) > VECTORS:
        return ()
    answered = tuple(islice(_answered(shape), PATTERNS + 1))
    return answered if len(answered) <= PATTERNS else ()


def _answered(shape: Shape) -> Iterator[tuple[int, ...]]:
    """Return the answers per stratum that leave a base that is published."""
    lowest = [max(0, n - shape.missing) for n in shape.responses]
    for pattern in product(
        *(range(low, n + 1) for low, n in zip(lowest, shape.responses, strict=True))
    ):
        if sum(pattern) >= shape.smallest:
            yield pattern


def _all_bands_are_safe(
    answered: tuple[int, ...], weights: tuple[Fraction, ...], width: int, minimum: int
) -> bool:
    """Say of every band of a width at once what `_exactly_safe` says of one range."""
    vectors = _vectors(answered, weights)
    if vectors is None:
        return False
    scaled, everything, counts = vectors
    n_bands = 100 // width
    band = np.minimum(scaled // (width * everything), n_bands - 1)

    def fewest(values: NDArray[np.int64], most: int) -> int:
        met = np.zeros((n_bands, most + 1), dtype=bool)
        met[band.ravel(), values.ravel()] = True
        return int(met.sum(axis=1).min())

    if fewest(counts, sum(answered)) < minimum:
        return False
    grids = np.indices(scaled.shape)
    return all(fewest(grids[axis], n) >= min(minimum, n + 1) for axis, n in enumerate(answered))


def _exactly_safe(
    answered: tuple[int, ...],
    weights: tuple[Fraction, ...],
    low: Fraction,
    high: Fraction,
    minimum: int,
) -> bool:
    vectors = _vectors(answered, weights)
    if vectors is None:
        return False
    scaled, everything, counts = vectors
    inside = scaled >= -(-low.numerator * everything // low.denominator)
    if high < 100:
        inside &= scaled <= -(-high.numerator * everything // high.denominator) - 1
    if len(np.unique(counts[inside])) < minimum:
        return False
    for axis, n in enumerate(answered):
        others = tuple(other for other in range(len(answered)) if other != axis)
        if int(inside.any(axis=others).sum()) < min(minimum, n + 1):
            return False
    return True


@lru_cache(maxsize=256)
def _vectors(
    answered: tuple[int, ...], weights: tuple[Fraction, ...]
) -> tuple[NDArray[np.int64], int, NDArray[np.int64]] | None:
    """Return 100 times the weighted total of every vector of counts, of all, and the counts."""
    scale = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in weights]
    everything = sum(w * n for w, n in zip(whole, answered, strict=True))
    if everything > _WHOLE_WEIGHTS_UP_TO:
        return None
    scaled = np.zeros(tuple(n + 1 for n in answered), dtype=np.int64)
    counts = np.zeros_like(scaled)
    for grid, weight in zip(np.indices(scaled.shape), whole, strict=True):
        scaled += 100 * weight * grid
        counts += grid
    return scaled, everything, counts
