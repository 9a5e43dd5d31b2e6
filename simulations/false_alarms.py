"""How often the tests find a difference where the processes behind the groups do not differ.

Nothing is finite here: every organisation, answering or not, came out by chance from the same
process, which is what the verdicts are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.boschloo import ROUNDING, boschloo_one_sided, whole_p_values
from estimation.tests_of_difference import score_p_values
from simulations.designs import SHARES, Design, process_sizes
from simulations.values import Values

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ALPHA = 0.05
# Tests that are adjusted together.
FAMILIES = (1, 12, 24)
# No exact p-value is small where the score test's is above this.
_NEAR = 0.3
# An answer is for seven tenths what it was in the wave before, for the rest chance.
_STAYS, _NEW = sqrt(0.7), sqrt(0.3)
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


@dataclass(frozen=True)
class Answers:
    """What a group can be found to answer, and how likely that is.

    Attributes:
        shares: weighted share.
        sizes: whole answers that the test takes it to rest on.
        probabilities: one row per share and size, one column per share of the process.
    """

    shares: Floats
    sizes: npt.NDArray[np.int64]
    probabilities: Floats


def answers_of(design: Design, processes: Floats, odds_ratio: float) -> Answers:
    """Return what the test of weighted shares makes of the answers of a group."""
    equal = len(set(np.divide(design.populations, design.samples).round(9))) == 1
    estimates = np.clip(design.estimates, 0.0, 1.0)
    found = np.full(len(estimates), design.sample) if equal else process_sizes(design)
    sizes = np.maximum(1, np.rint(found)).astype(np.int64)
    # Shares between the same two whole counts are one to the test.
    counts = estimates * sizes
    whole = np.abs(counts - np.rint(counts)) < ROUNDING
    places = np.where(whole, np.rint(counts), np.floor(counts) + 0.5)
    states, rows = np.unique(np.stack([sizes, places]), axis=1, return_inverse=True)
    probabilities = np.zeros((states.shape[1], len(processes)))
    for column, share in enumerate(processes.tolist()):
        found = design.process_probabilities(design.stratum_shares(share, odds_ratio))
        probabilities[:, column] = np.bincount(rows, found, states.shape[1])
    return Answers(states[1] / states[0], states[0].astype(np.int64), probabilities)


def share_p_values(a: Answers, b: Answers) -> Floats:
    """Return the p-value of every pair of answers; those that are nowhere near small as 1."""
    rows, columns = np.indices((len(a.sizes), len(b.sizes))).reshape(2, -1)
    near = score_p_values(a.shares[rows], a.sizes[rows], b.shares[columns], b.sizes[columns])
    p_values = np.ones(len(rows))
    near_rows, near_columns = (places[near <= _NEAR] for places in (rows, columns))
    p_values[near <= _NEAR] = whole_p_values(
        a.shares[near_rows], a.sizes[near_rows], b.shares[near_columns], b.sizes[near_columns]
    )
    return p_values.reshape(len(a.sizes), len(b.sizes))


def share_errors(
    design_a: Design, design_b: Design, odds_ratio: float, families: Sequence[int] = FAMILIES
) -> list[Worst]:
    """Error rate of the test of two weighted shares in families of so many tests, enumerated.

    The chance that any of so many independent tests finds a difference where none has one.

    Args:
        design_a: one group.
        design_b: the other.
        odds_ratio: of the first stratum over the last, in both groups.
        families: numbers of tests that are adjusted together.
    """
    a, b = (answers_of(design, PROCESS_SHARES, odds_ratio) for design in (design_a, design_b))
    p_values = share_p_values(a, b)
    found = []
    for tests in families:
        rejected = (p_values <= ALPHA / tests).astype(np.float64)
        rates = (a.probabilities * (rejected @ b.probabilities)).sum(axis=0)
        found.append(_worst(1 - (1 - rates) ** tests, PROCESS_SHARES))
    return found


def share_power(design_a: Design, design_b: Design, share_a: float, share_b: float) -> float:
    """Return how often the test finds a difference; strata do not matter to the shares."""
    a = answers_of(design_a, np.array([share_a]), 1.0)
    b = answers_of(design_b, np.array([share_b]), 1.0)
    found = share_p_values(a, b) <= ALPHA
    return float((a.probabilities[:, 0] @ found) @ b.probabilities[:, 0])


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
    families: Sequence[int] = FAMILIES,
) -> list[float]:
    """Error rates of the t test between two weighted means in families of so many tests, simulated.

    Args:
        designs: the two groups.
        values: what is answered.
        replications: pairs of groups.
        seed: of the random numbers.
        families: numbers of tests that are adjusted together.
    """
    random = np.random.default_rng(seed)
    difference = np.zeros(replications)
    variance = np.zeros(replications)
    for sign, design in zip((1, -1), designs, strict=True):
        for size, n in zip(design.populations, design.samples, strict=True):
            weight = size / design.population
            drawn = values(random, replications * n).reshape(replications, n)
            difference += sign * weight * drawn.mean(axis=1)
            variance += weight**2 * drawn.var(axis=1, ddof=1) / n
    freedom = min(design.degrees_of_freedom for design in designs)
    p_values = 2 * stats.t.sf(np.abs(difference) / np.sqrt(variance), freedom)
    rates = [float(np.mean(p_values <= ALPHA / tests)) for tests in families]
    return [1 - (1 - rate) ** tests for rate, tests in zip(rates, families, strict=True)]


def false_discoveries(
    size: int, changing: float, overlap: float, indicators: int, replications: int, seed: int
) -> tuple[float, float]:
    """False discovery rate and power of the trends of a release, simulated.

    Answers of an organisation to all questions go together, and those of both waves do. A question
    that changes goes from 40 to 60 %; the others stay anywhere between 20 and 80 %.

    Args:
        size: answers in each wave.
        changing: part of the questions that change.
        overlap: part of the answers from organisations that answered in both waves.
        indicators: questions, each of which is one test.
        replications: releases.
        seed: of the random numbers.

    Returns:
        The share of false ones among the changes declared, in the mean over the releases; and the
        part of the true ones that is declared.
    """
    random = np.random.default_rng(seed)
    both = round(overlap * size)
    moved = np.arange(indicators) < round(changing * indicators)
    level = np.where(moved, 0.4, np.linspace(0.2, 0.8, indicators))
    cuts = (stats.norm.ppf(level), stats.norm.ppf(np.where(moved, 0.6, level)))
    false, hits = np.zeros(replications), np.zeros(replications)
    for replication in range(replications):
        lasting = _tendency(random, size, indicators)
        first = lasting * _STAYS + _tendency(random, size, indicators) * _NEW < cuts[0]
        later = _tendency(random, size, indicators)
        later[:both] = lasting[:both]
        second = later * _STAYS + _tendency(random, size, indicators) * _NEW < cuts[1]
        p_values = _wave_p_values(first, second, both)
        declared = stats.false_discovery_control(p_values) <= ALPHA
        false[replication] = (declared & ~moved).sum() / max(1, declared.sum())
        hits[replication] = (declared & moved).sum() / max(1, moved.sum())
    return float(false.mean()), float(hits.mean())


def _tendency(random: np.random.Generator, size: int, indicators: int) -> Floats:
    """Normal scores of organisations on questions, a fifth of which all questions share."""
    common = random.normal(size=(size, 1))
    return np.asarray(sqrt(0.2) * common + sqrt(0.8) * random.normal(size=(size, indicators)))


def _wave_p_values(first: Flags, second: Flags, both: int) -> Floats:
    """P-values of the test between two waves, organisations of both in front, one per column."""
    size = len(first)
    counts = first.sum(axis=0), second.sum(axis=0)
    correlation = _panel_correlation(
        both,
        size,
        (first[:both] & second[:both]).sum(axis=0),
        first[:both].sum(axis=0),
        second[:both].sum(axis=0),
        *counts,
    )
    p_normal = score_p_values(counts[0] / size, size, counts[1] / size, size, correlation)
    # Against Student's t, with the organisations less one.
    return np.asarray(2 * stats.t.sf(stats.norm.isf(p_normal / 2), 2 * size - both - 1))
