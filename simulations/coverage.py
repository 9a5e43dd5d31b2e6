"""How often the intervals hold the truth: the share, or mean, of the population surveyed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.intervals import beta_limits, blaker, inferential_sizes, wilson_limits
from simulations.designs import SHARES, Design, Sizes, finite_sizes
from simulations.values import Values

Floats = npt.NDArray[np.float64]
Limits = tuple[Floats, Floats]

# Limits and shares are quotients: the same number can come out a rounding apart.
ROUNDING = 1e-12
# From this many answers on a weighted share gets Wilson's interval, below it the beta interval.
WILSON_FROM = 30


@dataclass(frozen=True)
class Coverage:
    """Coverage over a range of populations, as fractions, and how wide the interval is."""

    mean: float
    minimum: float
    width: float = float("nan")


def blaker_limits(sample: int, population: int) -> Limits:
    """Return the limits of every count from 0 to the sample size."""
    found = [blaker(count, sample, population) for count in range(sample + 1)]
    return np.array([one.lower for one in found]), np.array([one.upper for one in found])


def simple_random(sample: int, population: int) -> Coverage:
    """Coverage of Blaker's interval for every share there can be, in a simple random sample."""
    lower, upper = blaker_limits(sample, population)
    counts = np.arange(sample + 1)
    found = [
        float(
            stats.hypergeom.pmf(counts, population, number, sample)[
                _holds(lower, upper, number / population)
            ].sum()
        )
        for number in range(population + 1)
    ]
    return Coverage(float(np.mean(found)), min(found))


def stratified_blaker(design: Design, odds_ratio: float) -> Coverage:
    """Coverage of Blaker's interval on the count, where strata answer equally well."""
    lower, upper = blaker_limits(design.sample, design.population)
    counts = np.indices([n + 1 for n in design.samples]).sum(axis=0).ravel()
    return _stratified(design, odds_ratio, lower[counts], upper[counts])


def stratified_weighted(design: Design, odds_ratio: float, sizes: Sizes = finite_sizes) -> Coverage:
    """Coverage of the interval of a weighted share: Wilson from 30 answers on, beta below.

    Args:
        design: the group.
        odds_ratio: of the first stratum over the last; both this and its inverse are surveyed.
        sizes: gives the size in Wilson's interval for each of the estimates.
    """
    return _stratified(design, odds_ratio, *weighted_limits(design, sizes))


def weighted_limits(design: Design, sizes: Sizes = finite_sizes) -> Limits:
    """Return the limits of each of the estimates of a design."""
    shares = np.clip(design.estimates, 0.0, 1.0)
    if design.sample < WILSON_FROM:
        return beta_limits(shares, np.full_like(shares, design.effective_size))
    return wilson_limits(shares, sizes(design))


def _stratified(design: Design, odds_ratio: float, lower: Floats, upper: Floats) -> Coverage:
    found, widths = [], []
    for ratio in sorted({odds_ratio, 1 / odds_ratio}):
        for share in SHARES:
            planted = design.planted(share, ratio)
            truth = planted.sum() / design.population
            probabilities = design.finite_probabilities(planted)
            found.append(float(probabilities[_holds(lower, upper, truth)].sum()))
            widths.append(float(probabilities @ (upper - lower)))
    return Coverage(float(np.mean(found)), min(found), float(np.mean(widths)))


def chance_response(design: Design, odds_ratio: float, replications: int, seed: int) -> Coverage:
    """Coverage of the interval of a weighted share when the number of answers is chance too.

    Every organisation answers with the probability of its stratum. Strata with fewer than two
    answers join the one with the most, as in the estimates. The method follows the answers there
    are.
    """
    random = np.random.default_rng(seed)
    populations = np.array(design.populations)
    rates = np.array(design.samples) / populations
    found = []
    for ratio in sorted({odds_ratio, 1 / odds_ratio}):
        for share in SHARES:
            planted = design.planted(share, ratio)
            truth = planted.sum() / design.population
            answers = random.binomial(populations, rates, size=(replications, len(rates)))
            counts = random.hypergeometric(planted, populations - planted, answers)
            lower, upper = _limits_of_answers(populations, answers, counts)
            found.append(float(_holds(lower, upper, truth).mean()))
    return Coverage(float(np.mean(found)), min(found))


def _limits_of_answers(
    populations: npt.NDArray[np.int64],
    answers: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
) -> Limits:
    sizes = np.broadcast_to(populations, answers.shape).copy()
    rows = np.arange(len(answers))
    largest = answers.argmax(axis=1)
    for stratum in range(answers.shape[1]):
        joins = (answers[:, stratum] < 2) & (largest != stratum)
        for table in (sizes, answers, counts):
            table[rows[joins], largest[joins]] += table[joins, stratum]
            table[joins, stratum] = 0
    used = np.maximum(answers, 1)
    shares = (sizes * counts / used).sum(axis=1) / populations.sum()
    effective = populations.sum() ** 2 / (sizes**2 / used).sum(axis=1)
    total = answers.sum(axis=1)
    corrected = effective / (1 - effective / populations.sum())
    within = counts / used * (1 - counts / used) / np.maximum(answers - 1, 1)
    variances = (sizes * (sizes - answers) * within).sum(axis=1) / populations.sum() ** 2
    corrected = inferential_sizes(corrected, np.clip(shares, 0.0, 1.0), variances)
    lower, upper = wilson_limits(np.clip(shares, 0.0, 1.0), corrected)
    small = total < WILSON_FROM
    lower[small], upper[small] = beta_limits(np.clip(shares[small], 0.0, 1.0), effective[small])
    return lower, upper


def means(design: Design, values: Values, replications: int, seed: int) -> float:
    """Coverage of the t interval of a weighted mean; every time another population of values."""
    random = np.random.default_rng(seed)
    mean, variance, truth = (np.zeros(replications) for _ in range(3))
    for size, n in zip(design.populations, design.samples, strict=True):
        weight = size / design.population
        stratum = values(random, replications * size).reshape(replications, size)
        # The values are in no order, so the first ones are as good a sample as any.
        sample = stratum[:, :n]
        truth += weight * stratum.mean(axis=1)
        mean += weight * sample.mean(axis=1)
        variance += weight**2 * (1 - n / size) * sample.var(axis=1, ddof=1) / n
    margin = stats.t.isf(0.025, np.floor(design.degrees_of_freedom)) * np.sqrt(variance)
    return float(_holds(mean - margin, mean + margin, truth).mean())


def _holds(lower: Floats, upper: Floats, truth: float | Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((lower <= truth + ROUNDING) & (truth <= upper + ROUNDING))
