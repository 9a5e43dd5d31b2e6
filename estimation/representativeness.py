"""How alike those who responded and those who did not are, by what the frame says of them.

R-indicators of Schouten, Cobben & Bethlehem (2009) and partial ones of Schouten, Shlomo & Skinner
(2011), with bias adjustment and standard error of Shlomo, Skinner & Schouten (2012), for a survey
of which every organisation of the frame was approached. With response propensities ρ from a
logistic regression on the variables of the frame, R = 1 - 2 S(ρ): 1 where all are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.errors import require
from estimation.method import LEVEL

Floats = npt.NDArray[np.float64]
Labels = Sequence[str] | npt.NDArray[np.object_]

ITERATIONS = 100
# Change of the log likelihood per organisation at which it has come to rest.
RESTS = 1e-13
# A category in which all responded, or nobody, has a propensity as near to 1 or 0 as this.
FURTHEST = 25.0


@dataclass(frozen=True)
class Category:
    """One category of a variable.

    Attributes:
        unconditional: √(N_k/N) (ρ̄_k - ρ̄): above 0 where the category is overrepresented.
        conditional: √(Σ (ρ - ρ̄_l)² / N) over its organisations, ρ̄_l being the mean of those that
            are the same by all other variables.
    """

    name: str
    n_population: int
    n_responses: int
    unconditional: float
    conditional: float


@dataclass(frozen=True)
class Variable:
    """One variable of the frame.

    Attributes:
        unconditional: how much of S lies between its categories, bias adjusted.
        conditional: how much of S is left between them within what the other variables tell.
    """

    name: str
    unconditional: float
    conditional: float
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Representativeness:
    """The indicators of one wave; nan where there is none.

    Attributes:
        r_indicator: 1 - 2 S, S² being adjusted for the bias of estimated propensities.
        r_unadjusted: the same without adjustment.
        standard_error: of the indicator, as responses would come again from the same frame.
        coefficient_of_variation: adjusted S over the response rate: no mean of those who responded
            is off by more standard deviations than this, if the variables tell all.
    """

    n_population: int
    n_responses: int
    r_indicator: float
    r_unadjusted: float
    standard_error: float
    r_lower: float
    r_upper: float
    coefficient_of_variation: float
    variables: tuple[Variable, ...]


def representativeness(
    variables: Mapping[str, Labels], responded: npt.NDArray[np.bool_]
) -> Representativeness:
    """Return the indicators of one wave.

    Args:
        variables: by name the category of every organisation of the frame.
        responded: whether each of them did.
    """
    require(bool(variables), "There is no variable of the frame.", "at least one")
    require(bool(responded.any()), "Nobody responded.", "at least one response")
    codes = {
        name: np.unique(np.asarray(labels, "U"), return_inverse=True)
        for name, labels in variables.items()
    }
    table = np.column_stack([code for _, code in codes.values()])
    cells, place, numbers = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    sizes = numbers.astype(np.float64)
    counts = np.bincount(place.ravel(), weights=responded).astype(np.float64)
    design = _design(cells)
    propensities = _propensities(design, sizes, counts)
    frame = _Frame(cells, sizes, counts, propensities)
    bias, variance = _error(design, frame)
    factor = max(0.0, 1 - bias / frame.variance) if frame.variance > 0 else 0.0
    spread = sqrt(frame.variance * factor)
    r_indicator = 1 - 2 * spread
    error = sqrt(variance) if variance > 0 else nan
    margin = float(special.ndtri((1 + LEVEL) / 2)) * error
    return Representativeness(
        n_population=len(responded),
        n_responses=int(responded.sum()),
        r_indicator=r_indicator,
        r_unadjusted=1 - 2 * sqrt(frame.variance),
        standard_error=error,
        r_lower=max(0.0, r_indicator - margin) if margin == margin else nan,
        r_upper=min(1.0, r_indicator + margin) if margin == margin else nan,
        coefficient_of_variation=spread / frame.mean,
        variables=tuple(
            _variable(name, at, names, frame, factor)
            for at, (name, (names, _)) in enumerate(codes.items())
        ),
    )


@dataclass(frozen=True)
class _Frame:
    """The organisations of a frame by cell: those that all variables say the same of."""

    cells: npt.NDArray[np.int64]
    sizes: Floats
    counts: Floats
    propensities: Floats

    @property
    def total(self) -> float:
        return float(self.sizes.sum())

    @property
    def mean(self) -> float:
        return float(self.sizes @ self.propensities) / self.total

    @property
    def variance(self) -> float:
        """S² of the propensities; what is left of it by rounding is none."""
        if self.total < 2:
            return 0.0
        found = float(self.sizes @ (self.propensities - self.mean) ** 2) / (self.total - 1)
        return found if found > 1e-20 else 0.0


def _design(cells: npt.NDArray[np.int64]) -> Floats:
    """Return one row per cell: a one, and per variable every category but the first."""
    columns = [np.ones(len(cells))]
    for code in cells.T:
        columns += [(code == category).astype(np.float64) for category in range(1, code.max() + 1)]
    return np.column_stack(columns)


def _propensities(design: Floats, sizes: Floats, counts: Floats) -> Floats:
    """Return the propensity per cell by maximum likelihood.

    Iterated until the likelihood rests: where a category says for certain who responded, the
    coefficient goes on for ever and the propensity does not.
    """
    if counts.sum() in (0, sizes.sum()):
        return np.full(len(sizes), counts.sum() / sizes.sum())
    linear = special.logit((counts + 0.5) / (sizes + 1))
    before = -inf
    for _ in range(ITERATIONS):
        chance = special.expit(linear)
        weight = np.maximum(sizes * chance * (1 - chance), 1e-300)
        wanted = linear + (counts - sizes * chance) / weight
        root = np.sqrt(weight)
        coefficients = np.linalg.lstsq(design * root[:, None], wanted * root, rcond=None)[0]
        linear = np.clip(design @ coefficients, -FURTHEST, FURTHEST)
        likelihood = float(
            -counts @ np.logaddexp(0, -linear) - (sizes - counts) @ np.logaddexp(0, linear)
        )
        if abs(likelihood - before) <= RESTS * sizes.sum():
            break
        before = likelihood
    return special.expit(linear)


def _error(design: Floats, frame: _Frame) -> tuple[float, float]:
    """Return the bias of S² and the variance of R that estimating the propensities brings.

    With z = ρ(1-ρ)x and Σ the covariance of the coefficients: the mean of z'Σz, and
    (4 a'Σa + 2 tr BΣBΣ) / S², a being the covariance of ρ and z, B that of z.
    """
    if frame.variance == 0:
        return 0.0, 0.0
    weight = frame.propensities * (1 - frame.propensities)
    # Columns of length one: those of a category that is certain are close to nought.
    length = np.sqrt((frame.sizes * weight) @ design**2)
    scaled = design / np.where(length > 0, length, 1.0)
    sigma = np.linalg.pinv(scaled.T @ (scaled * (frame.sizes * weight)[:, None]), rcond=1e-12)
    z = scaled * weight[:, None]
    share = frame.sizes / frame.total
    bias = float(share @ np.einsum("ij,jk,ik->i", z, sigma, z))
    off, z_off = frame.propensities - frame.mean, z - share @ z
    a = (share * off) @ z_off
    product = (z_off.T @ (z_off * share[:, None])) @ sigma
    squared = float(share @ off**2)
    return bias, float(4 * a @ sigma @ a + 2 * np.trace(product @ product)) / squared


def _variable(
    name: str, at: int, names: npt.NDArray[np.str_], frame: _Frame, factor: float
) -> Variable:
    code, share = frame.cells[:, at], frame.sizes / frame.total
    number = len(names)
    size = np.bincount(code, weights=share, minlength=number)
    mean = np.bincount(code, weights=share * frame.propensities, minlength=number) / size
    unconditional = np.sqrt(size) * (mean - frame.mean)
    others = np.delete(frame.cells, at, axis=1)
    # Of one variable nothing else is told: all organisations are one cell.
    others = np.column_stack([others, np.zeros(len(others), np.int64)])
    _, place = np.unique(others, axis=0, return_inverse=True)
    place = place.ravel()
    mean_of_others = np.bincount(place, weights=share * frame.propensities) / np.bincount(
        place, weights=share
    )
    left = share * (frame.propensities - mean_of_others[place]) ** 2
    conditional = np.bincount(code, weights=left, minlength=number)
    population = np.bincount(code, weights=frame.sizes, minlength=number)
    responses = np.bincount(code, weights=frame.counts, minlength=number)
    return Variable(
        name=name,
        unconditional=sqrt(float((unconditional**2).sum()) * factor),
        conditional=sqrt(float(conditional.sum()) * factor),
        categories=tuple(
            Category(
                str(names[k]),
                round(population[k]),
                round(responses[k]),
                float(unconditional[k]),
                sqrt(float(conditional[k])),
            )
            for k in range(number)
        ),
    )
