"""Weights of samples that might have been drawn instead: variances without the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from estimation.errors import require

Floats = npt.NDArray[np.float64]

JACKKNIFE: Final = "jackknife"
BOOTSTRAP: Final = "bootstrap"


@dataclass(frozen=True)
class Sample:
    """How the responses of a wave were sampled.

    Attributes:
        weights: one per response.
        strata: its weighting stratum.
        units: what was sampled with it: its cluster, or its own key.
        fractions: the sampled fraction of its stratum, for the finite population correction.
    """

    weights: Floats
    strata: Sequence[str]
    units: Sequence[str]
    fractions: Floats


@dataclass(frozen=True)
class ReplicateWeights:
    """The variance of a figure is scale × Σ rscale × (figure of the replicate − figure)².

    Attributes:
        weights: responses by replicates, each weight as it is used.
        scale: factor of all replicates.
        rscales: factor of each.
    """

    weights: Floats
    scale: float
    rscales: Floats


@dataclass(frozen=True)
class _Stratum:
    rows: npt.NDArray[np.int64]
    units: npt.NDArray[np.int64]
    n_units: int
    fraction: float


def jackknife(sample: Sample) -> ReplicateWeights:
    """Leave out one unit after the other, in strata (JKn).

    For a total that is the linearised variance itself. A stratum with one unit loses it, which is
    what our variance of it is; one that answered in full varies by nothing and has no replicate.
    """
    columns: list[Floats] = []
    rscales: list[float] = []
    for stratum in _strata(sample):
        if stratum.fraction >= 1:
            continue
        n = stratum.n_units
        for unit in range(n):
            replicate = sample.weights.copy()
            if n > 1:
                replicate[stratum.rows] *= n / (n - 1)
            replicate[stratum.rows[stratum.units == unit]] = 0.0
            columns.append(replicate)
            rscales.append((1 - stratum.fraction) * ((n - 1) / n if n > 1 else 1.0))
    weights = np.column_stack(columns) if columns else np.empty((len(sample.weights), 0))
    return ReplicateWeights(weights, 1.0, np.array(rscales))


def bootstrap(sample: Sample, replicates: int, seed: int) -> ReplicateWeights:
    """Draw n − 1 units anew in every stratum of n, and rescale (Rao, Wu & Yue 1992).

    On average over the replicates the variance of a total is the linearised one, with finite
    population correction. The weight of the only unit of a stratum goes up or down, by chance.

    Raises:
        EstimationError: fewer than two replicates are asked for.
    """
    require(replicates >= 2, f"{replicates} replicates were asked for.", "two or more")
    random = np.random.default_rng(seed)
    factors = np.ones((len(sample.weights), replicates))
    for stratum in _strata(sample):
        n = stratum.n_units
        strength = np.sqrt(max(0.0, 1 - stratum.fraction))
        if n == 1:
            factors[stratum.rows] = 1 + strength * random.choice([-1.0, 1.0], replicates)
            continue
        drawn = random.multinomial(n - 1, np.full(n, 1 / n), size=replicates).T
        rescaled = 1 + strength * (drawn * (n / (n - 1)) - 1)
        factors[stratum.rows] = rescaled[stratum.units]
    return ReplicateWeights(sample.weights[:, None] * factors, 1 / replicates, np.ones(replicates))


def _strata(sample: Sample) -> list[_Stratum]:
    names = np.array(sample.strata, dtype=object)
    units = np.array(sample.units, dtype=object)
    found = []
    for name in sorted(set(sample.strata)):
        rows = np.flatnonzero(names == name)
        own, codes = np.unique(units[rows].astype(str), return_inverse=True)
        found.append(_Stratum(rows, codes, len(own), float(sample.fractions[rows[0]])))
    return found
