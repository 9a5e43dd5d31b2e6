"""The groups that the simulations survey: strata, how many answer, and what is true of them.

In the unequal designs half of the first stratum answers, three in ten of the second and three in
twenty of the third; in the equal ones the same part of each. How many answer in a stratum is fixed,
as it is in the estimates; who answers is chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from estimation.intervals import inferential_sizes, kish_size

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# A size for each of the estimates of a design.
Sizes = Callable[["Design"], Floats]
SHARES = tuple(round(0.05 * step, 2) for step in range(1, 20))
# Odds of the first stratum over those of the last: shares that do not depend on the stratum, that
# depend on it, and that depend on it strongly, in both directions.
ODDS_RATIOS = (1.0, 2.7, 7.4)


@dataclass(frozen=True)
class Design:
    """A group of organisations and its answers per stratum."""

    populations: tuple[int, ...]
    samples: tuple[int, ...]

    @property
    def population(self) -> int:
        """Organisations in the group."""
        return sum(self.populations)

    @property
    def sample(self) -> int:
        """Answers in the group."""
        return sum(self.samples)

    @property
    def effective_size(self) -> float:
        """Kish's effective number of answers."""
        squares = sum(N * N / n for N, n in zip(self.populations, self.samples, strict=True))
        return self.population**2 / squares

    @property
    def degrees_of_freedom(self) -> float:
        """Of the variance of a mean, where the strata are equally spread (Satterthwaite 1946)."""
        parts = np.array(self.populations) ** 2 / np.array(self.samples)
        below = np.maximum(np.array(self.samples) - 1, 1)
        found = parts.sum() ** 2 / (parts**2 / below).sum()
        return float(min(self.sample - len(self.samples), found))

    @property
    def label(self) -> str:
        """Name in the tables, as in 14 of 50."""
        return f"{self.sample} of {self.population}"

    @cached_property
    def estimates(self) -> Floats:
        """Weighted share for every combination of counts, one axis per stratum, flattened."""
        parts = [
            np.arange(n + 1) * (N / n) for N, n in zip(self.populations, self.samples, strict=True)
        ]
        return np.asarray(reduce(np.add.outer, parts)).ravel() / self.population

    def variances(self, finite: bool) -> Floats:
        """Return the linearised variance of each of the estimates.

        Args:
            finite: with finite population correction.
        """
        parts = []
        for size, n in zip(self.populations, self.samples, strict=True):
            share = np.arange(n + 1) / n
            correction = 1 - n / size if finite else 1.0
            weight = size / self.population
            parts.append(weight**2 * correction * share * (1 - share) / (n - 1))
        return np.asarray(reduce(np.add.outer, parts)).ravel()

    def stratum_shares(self, share: float, odds_ratio: float) -> Floats:
        """Return shares of the strata, of which the group as a whole has the share given."""
        populations = np.array(self.populations, dtype=np.float64)
        spread = np.log(odds_ratio) * np.linspace(0.5, -0.5, len(populations))

        def excess(level: float) -> float:
            return float(populations @ special.expit(level + spread) / populations.sum() - share)

        level = optimize.brentq(excess, -40.0, 40.0, xtol=1e-14)
        return np.asarray(special.expit(level + spread))

    def planted(self, share: float, odds_ratio: float) -> Integers:
        """Return how many of each stratum have the property: whole numbers, nearest to shares."""
        exact = np.array(self.populations) * self.stratum_shares(share, odds_ratio)
        counts = np.floor(exact).astype(np.int64)
        missing = round(float(exact.sum())) - int(counts.sum())
        counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
        return counts

    def finite_probabilities(self, planted: Integers) -> Floats:
        """Return the probability of each of the estimates, drawing from this very population."""
        return _joint(
            [
                np.asarray(stats.hypergeom.pmf(np.arange(n + 1), N, D, n))
                for N, n, D in zip(self.populations, self.samples, planted, strict=True)
            ]
        )

    def process_probabilities(self, shares: Floats) -> Floats:
        """Return the probability of each of the estimates, every organisation left to chance."""
        return _joint(
            [
                np.asarray(stats.binom.pmf(np.arange(n + 1), n, share))
                for n, share in zip(self.samples, shares, strict=True)
            ]
        )


def finite_kish(design: Design) -> Floats:
    """Kish's size with finite population correction, whatever was answered."""
    return np.full(
        len(design.estimates), kish_size(design.effective_size, float(design.population))
    )


def finite_kish_by_response(design: Design) -> Floats:
    """Kish's size with the correction that is right for equal weights, 1 - n / N."""
    fraction = design.sample / design.population
    return np.full(len(design.estimates), design.effective_size / (1 - fraction))


def finite_sizes(design: Design) -> Floats:
    """The size in an interval: Kish's, or what the linearised variance leaves of it."""
    shares = np.clip(design.estimates, 0.0, 1.0)
    return inferential_sizes(finite_kish(design), shares, design.variances(finite=True))


def process_kish(design: Design) -> Floats:
    """Kish's size without correction, whatever was answered."""
    return np.full(len(design.estimates), design.effective_size)


def process_sizes(design: Design) -> Floats:
    """The size in a test: Kish's, or what the linearised variance leaves of it."""
    shares = np.clip(design.estimates, 0.0, 1.0)
    return inferential_sizes(process_kish(design), shares, design.variances(finite=False))


def _joint(parts: list[Floats]) -> Floats:
    return np.asarray(reduce(np.multiply.outer, parts)).ravel()


COURTS = Design((12, 15, 23), (6, 5, 3))
OTHERS = Design((38, 60, 82), (19, 18, 12))
AGENCIES = Design((45, 79, 116), (22, 24, 17))
CENTRAL = Design((94, 154, 222), (47, 46, 33))
UNEQUAL = (COURTS, OTHERS, AGENCIES, CENTRAL)
# Seven of twelve provinces, and all others that answered, in the strata of the others.
PROVINCES = Design((4, 4, 4), (3, 2, 2))
ALL_OTHERS = Design((1060,), (290,))
# The same part of every stratum answers, which needs whole numbers; 49 of 180 has none.
EQUAL = (
    Design((25, 25), (7, 7)),
    Design((80, 80, 80), (21, 21, 21)),
    Design((235, 235), (63, 63)),
)
