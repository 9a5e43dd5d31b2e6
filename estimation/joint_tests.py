"""One test of what several surveys, in part of the same organisations, were each tested for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import special


@dataclass(frozen=True)
class WaveTest:
    """The test of a claim in one wave.

    Attributes:
        wave: wave.
        p_value: two-sided.
        direction: above 0 where the answers point where the claim says, below 0 where not.
    """

    wave: str
    p_value: float
    direction: float


@dataclass(frozen=True)
class JointTest:
    """The test of a claim over its waves: how many, two-sided p-value, and where it points."""

    n_waves: int
    p_value: float
    direction: float


def joint_test(
    tests: Sequence[WaveTest], overlaps: Mapping[frozenset[str], float]
) -> JointTest | None:
    """Return the test over all waves together; None without a wave.

    The sum of the normal scores of the p-values, signed by direction (Stouffer et al. 1949), over
    the largest standard deviation that it can have: that of scores which correlate as much as the
    organisations in both waves allow. An estimate of the correlation would be closer; this one
    does not depend on the answers, and whatever the tests are, no more is claimed than they say.

    Args:
        tests: one per wave.
        overlaps: by pair of waves how far they rest on the same organisations, from 0 to 1 as
            `estimation.contrasts.overlap`; a pair that is missing has none in common.
    """
    if not tests:
        return None
    scores = np.array([np.sign(test.direction) for test in tests]) * -special.ndtri(
        np.array([test.p_value for test in tests]) / 2
    )
    pairs = sum(overlaps.get(frozenset((a.wave, b.wave)), 0.0) for a, b in combinations(tests, 2))
    score = float(scores.sum() / np.sqrt(len(tests) + 2 * pairs))
    return JointTest(len(tests), float(2 * special.ndtr(-abs(score))), score)


def overlap_of(
    weight_products: npt.ArrayLike, squares_a: npt.ArrayLike, squares_b: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Return how far two estimates rest on the same organisations, from 0 to 1.

    The correlation that they would have if all of these gave one answer on both sides.

    Args:
        weight_products: Σ w_a w_b over the organisations in both.
        squares_a: Σ w_a² over all of side a.
        squares_b: Σ w_b² over all of side b.
    """
    products = np.asarray(weight_products, dtype=np.float64)
    scale = np.sqrt(np.asarray(squares_a) * np.asarray(squares_b))
    return np.asarray(np.minimum(1.0, products / scale))
