"""How often the tests find a difference where the processes behind the groups do not differ.

Nothing is finite here: every organisation, answering or not, came out by chance from the same
process, which is what the verdicts are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.boschloo import boschloo_one_sided
from estimation.tests_of_difference import score_p_values
from simulations.designs import SHARES, Design, Sizes, process_sizes
from simulations.values import Values

Floats = npt.NDArray[np.float64]

ALPHA = 0.05
# Rows of a large table that are worked on at once.
_ROWS = 256
PROCESS_SHARES = np.round(np.arange(0.01, 0.995, 0.01), 2)


@dataclass(frozen=True)
class Worst:
    """How often a test errs at the share where it errs most, and in the mean over all shares."""

    rate: float
    share: float
    mean: float


def _worst(rates: Floats, shares: Floats) -> Worst:
    position = int(rates.argmax())
    return Worst(float(rates[position]), float(shares[position]), float(rates.mean()))


def boschloo_errors(size_a: int, size_b: int) -> Worst:
    """Error rate of Boschloo's test, enumerated on a fine grid of shares."""
    shares = np.linspace(0.0, 1.0, 2001)
    rates = np.zeros_like(shares)
    for size, other in ((size_a, size_b), (size_b, size_a)):
        critical = _rejected_up_to(size, other)
        pmf = np.asarray(stats.binom.pmf(np.arange(size + 1), size, shares[:, None]))
        cdf = np.asarray(stats.binom.cdf(critical, other, shares[:, None]))
        rates += (pmf * cdf).sum(axis=1)
    return _worst(rates, shares)


def _rejected_up_to(size: int, other: int) -> npt.NDArray[np.int64]:
    """Return, per count of one group, up to which count of the other its share is called larger."""
    critical = np.full(size + 1, -1)
    count = -1
    for successes in range(size + 1):
        while count < other and boschloo_one_sided(successes, size, count + 1, other) <= ALPHA / 2:
            count += 1
        critical[successes] = count
    return critical


def score_errors(
    design_a: Design, design_b: Design, odds_ratio: float, sizes: Sizes = process_sizes
) -> Worst:
    """Error rate of the score test of two weighted shares, enumerated.

    Args:
        design_a: one group.
        design_b: the other.
        odds_ratio: of the first stratum over the last, in both groups.
        sizes: gives the size that the test takes for each of the estimates of a group.
    """
    rejected = _score_rejections(design_a, design_b, sizes)
    probabilities = []
    for design in (design_a, design_b):
        found = [
            design.process_probabilities(design.stratum_shares(float(share), odds_ratio))
            for share in PROCESS_SHARES
        ]
        probabilities.append(np.stack(found, axis=1))
    rates = np.zeros(len(PROCESS_SHARES))
    for start in range(0, len(rejected), _ROWS):
        rows = slice(start, start + _ROWS)
        tails = rejected[rows].astype(np.float64) @ probabilities[1]
        rates += (probabilities[0][rows] * tails).sum(axis=0)
    return _worst(rates, PROCESS_SHARES)


def score_power(
    design_a: Design,
    design_b: Design,
    share_a: float,
    share_b: float,
    sizes: Sizes = process_sizes,
) -> float:
    """Return how often the score test finds a difference; strata do not matter to the shares."""
    rejected = _score_rejections(design_a, design_b, sizes)
    first = design_a.process_probabilities(design_a.stratum_shares(share_a, 1.0))
    second = design_b.process_probabilities(design_b.stratum_shares(share_b, 1.0))
    found = 0.0
    for start in range(0, len(rejected), _ROWS):
        rows = slice(start, start + _ROWS)
        found += float(first[rows] @ (rejected[rows].astype(np.float64) @ second))
    return found


@lru_cache(maxsize=6)
def _score_rejections(design_a: Design, design_b: Design, sizes: Sizes) -> npt.NDArray[np.bool_]:
    """Return for every pair of estimates whether the test finds a difference."""
    estimates_a, estimates_b = (
        np.clip(design.estimates, 0.0, 1.0) for design in (design_a, design_b)
    )
    sizes_a, sizes_b = sizes(design_a), sizes(design_b)
    found = np.zeros((len(estimates_a), len(estimates_b)), dtype=np.bool_)
    for start in range(0, len(found), _ROWS):
        rows = slice(start, start + _ROWS)
        p_values = score_p_values(
            estimates_a[rows, None], sizes_a[rows, None], estimates_b, sizes_b
        )
        found[rows] = p_values <= ALPHA
    return found


def panel_errors(
    size: int, overlap: float, persistence: float, replications: int, seed: int
) -> Worst:
    """Error rate of the test between two waves of `size` answers each, simulated.

    Args:
        size: answers in each wave.
        overlap: part of them from organisations that answered in both waves.
        persistence: correlation of an organisation's two answers.
        replications: surveys per share.
        seed: of the random numbers.
    """
    random = np.random.default_rng(seed)
    both = round(overlap * size)
    rates = []
    for share in SHARES:
        pair = share * (1 - share) * persistence
        cells = np.array(
            [share**2 + pair, share * (1 - share) - pair, share * (1 - share) - pair, 0.0]
        )
        cells[3] = 1 - cells[:3].sum()
        yes_yes, yes_no, no_yes, _ = random.multinomial(both, cells, size=replications).T
        first = yes_yes + yes_no + random.binomial(size - both, share, size=replications)
        second = yes_yes + no_yes + random.binomial(size - both, share, size=replications)
        correlation = _panel_correlation(
            both, size, yes_yes, yes_yes + yes_no, yes_yes + no_yes, first, second
        )
        p_normal = score_p_values(first / size, size, second / size, size, correlation)
        # Against Student's t, with the organisations less one.
        p_values = 2 * stats.t.sf(stats.norm.isf(p_normal / 2), 2 * size - both - 1)
        rates.append(float((p_values <= ALPHA).mean()))
    return _worst(np.array(rates), np.array(SHARES))


def _panel_correlation(
    both: int,
    size: int,
    yes_yes: npt.NDArray[np.int64],
    first_of_both: npt.NDArray[np.int64],
    second_of_both: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
) -> Floats:
    """Return the correlation of the two estimates, from their variances and their covariance.

    At most what the overlap allows, less one degree of freedom.
    """
    if both < 2:
        return np.zeros(len(first))
    covariance = (yes_yes - first_of_both * second_of_both / both) / (both - 1) * both / size**2
    variances = first * (size - first) * second * (size - second) / (size**2 * (size - 1.0)) ** 2
    scale = np.sqrt(variances)
    correlation = np.divide(covariance, scale, out=np.zeros(len(first)), where=scale > 0)
    limit = both / size * (1 - 1 / both)
    return np.clip(correlation, -limit, limit)


def mean_errors(
    designs: tuple[Design, Design],
    values: Values,
    replications: int,
    seed: int,
    per_stratum: bool = False,
) -> float:
    """Error rate of the t test between two weighted means, simulated.

    Degrees of freedom by Satterthwaite from the variance of either side with answers less strata,
    or from the variance within every stratum.
    """
    random = np.random.default_rng(seed)
    difference = np.zeros(replications)
    variance = np.zeros(replications)
    denominator = np.zeros(replications)
    together = 0
    for sign, design in zip((1, -1), designs, strict=True):
        side = np.zeros(replications)
        squares = np.zeros(replications)
        for size, n in zip(design.populations, design.samples, strict=True):
            weight = size / design.population
            drawn = values(random, replications * n).reshape(replications, n)
            difference += sign * weight * drawn.mean(axis=1)
            part = weight**2 * drawn.var(axis=1, ddof=1) / n
            side += part
            squares += part**2 / (n - 1)
        degrees = design.sample - len(design.samples)
        together += degrees
        variance += side
        denominator += squares if per_stratum else side**2 / degrees
    freedom = np.minimum(variance**2 / denominator, together)
    p_values = 2 * stats.t.sf(np.abs(difference) / np.sqrt(variance), freedom)
    return float(np.mean(p_values <= ALPHA))
