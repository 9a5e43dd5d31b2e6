"""The interval beside a band holds the interval of whatever was answered."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from estimation.intervals import inferential_size, kish_size, wilson
from protection.ranges.rules import Shape
from publication.public.method.intervals import interval_of
from simulations.designs import AGENCIES, CENTRAL, OTHERS, Design

ROUNDING = 1e-9


def shape_of(design: Design, missing: int) -> Shape:
    pairs = zip(design.populations, design.samples, strict=True)
    return Shape(
        responses=design.samples,
        weights=tuple(Fraction(size, n) for size, n in pairs),
        smallest=design.sample - missing,
    )


def linearised(design: Design, answers: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Weighted share and its variance, response by response; who did not answer counts as zero."""
    samples, sizes = np.array(design.samples), np.array(design.populations)
    weights = sizes / samples
    share = float(weights @ counts / (weights @ answers))
    variance = 0.0
    for n, size, answered, count in zip(samples, sizes, answers, counts, strict=True):
        values = np.zeros(n)
        values[:count] = 1 - share
        values[count:answered] = -share
        variance += size**2 * (1 - n / size) * values.var(ddof=1) / n
    return share, float(variance / (weights @ answers) ** 2)


@pytest.mark.parametrize("width", [5, 20])
@pytest.mark.parametrize("missing", [0, 4])
@pytest.mark.parametrize("design", [OTHERS, AGENCIES, CENTRAL], ids=lambda design: design.label)
def test_a_band_has_an_interval_that_holds_those_of_all_its_answers(design, missing, width):
    random = np.random.default_rng(7)
    shape = shape_of(design, missing)
    weights = np.array(design.populations) / np.array(design.samples)
    for _ in range(400):
        left_out = random.multinomial(random.integers(missing + 1), np.ones(3) / 3)
        answers = np.array(design.samples) - left_out
        # From strata that are alike to strata of which one has all there is.
        counts = random.binomial(answers, random.beta(0.3, 0.3, size=3))
        share, variance = linearised(design, answers, counts)
        whole = float(weights @ answers)
        kish = kish_size(whole**2 / float(weights**2 @ answers), whole)
        own = wilson(share, inferential_size(kish, share, variance))
        low = min(100 - width, int(100 * share) // width * width)
        shown = interval_of(shape, Fraction(low, 100), Fraction(low + width, 100))
        assert shown[0] <= own.lower + ROUNDING
        assert shown[1] >= own.upper - ROUNDING
