"""Which numbers in a finite population Blaker's interval accepts, for many samples at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Probabilities closer together than this, relative, are equal up to rounding.
TIE = 1e-10
# Probabilities held at once.
ROOM = 1_000_000


def smallest_accepted(
    successes: Integers, samples: Integers, populations: Integers, alpha: float
) -> Integers:
    """Return the smallest number in each population that the acceptability does not reject.

    Args:
        successes: count in each sample with the property.
        samples: size of each sample.
        populations: size of each population.
        alpha: numbers with an acceptability above it are accepted.
    """
    found = np.zeros(len(successes), dtype=np.int64)
    for rows in _chunks(samples):
        found[rows] = _smallest(successes[rows], samples[rows], populations[rows], alpha)
    return np.where(successes == 0, 0, found)


def _chunks(samples: Integers) -> Iterator[npt.NDArray[np.intp]]:
    """Yield rows whose samples are about as large, as many as there is room for."""
    order = np.argsort(samples, kind="stable")[::-1]
    start = 0
    while start < len(order):
        many = max(1, ROOM // (int(samples[order[start]]) + 1))
        yield order[start : start + many]
        start += many


def _smallest(
    successes: Integers, samples: Integers, populations: Integers, alpha: float
) -> Integers:
    least, most = successes, populations - samples + successes
    # With few in the population, `successes` or more is the smaller tail, and it grows with their
    # number: up to alpha / 2 everything is rejected, above alpha everything is accepted. One
    # earlier, in case a tail of exactly alpha / 2 was rounded.
    number = np.maximum(least, _first_above(alpha / 2, successes, samples, populations) - 1)
    rows = np.flatnonzero(number < most)
    while len(rows):
        tables = (successes[rows], samples[rows], populations[rows], number[rows])
        rows = rows[acceptabilities(*tables) <= alpha * (1 + TIE)]
        number[rows] += 1
        rows = rows[number[rows] < most[rows]]
    return number


def _first_above(
    probability: float, successes: Integers, samples: Integers, populations: Integers
) -> Integers:
    """Return the smallest numbers for which `successes` or more is likelier than `probability`."""
    least, most = successes.copy(), populations - samples + successes
    while len(rows := np.flatnonzero(least < most)):
        middle = (least[rows] + most[rows]) // 2
        fewest, probabilities = _hypergeometric(samples[rows], populations[rows], middle)
        above = _from_above(probabilities)
        place = (successes[rows] - fewest)[:, None]
        is_above = np.take_along_axis(above, place, axis=1)[:, 0] > probability
        most[rows[is_above]] = middle[is_above]
        least[rows[~is_above]] = middle[~is_above] + 1
    return most


def acceptability(successes: int, sample: int, population: int, number: int) -> float:
    """Return Blaker's acceptability of `number` successes in the population.

    The probability, given that number, of every count in the sample of which the smaller tail
    (this count or less, this count or more) is at most the smaller tail of `successes`.
    """
    table = (np.array([count]) for count in (successes, sample, population, number))
    return float(acceptabilities(*table)[0])


def acceptabilities(
    successes: Integers, samples: Integers, populations: Integers, numbers: Integers
) -> Floats:
    """Return `acceptability`, for arrays of one length."""
    fewest, probabilities = _hypergeometric(samples, populations, numbers)
    smaller = np.minimum(np.cumsum(probabilities, axis=1), _from_above(probabilities))
    observed = np.take_along_axis(smaller, (successes - fewest)[:, None], axis=1)
    return np.asarray((probabilities * (smaller <= observed * (1 + TIE))).sum(axis=1))


def _from_above(probabilities: Floats) -> Floats:
    return np.cumsum(probabilities[:, ::-1], axis=1)[:, ::-1]


def _hypergeometric(
    samples: Integers, populations: Integers, numbers: Integers
) -> tuple[Integers, Floats]:
    """Return the fewest possible successes of each sample, and the probabilities from there on.

    From the ratios of neighbours; a probability of 0 stands for every count that is impossible.
    """
    fewest = np.maximum(0, samples - populations + numbers)
    most = np.minimum(samples, numbers)
    count = fewest[:, None] + np.arange(int((most - fewest).max()))
    sample, population, number = (
        values[:, None].astype(np.float64) for values in (samples, populations, numbers)
    )
    ratios = (number - count) / (count + 1) * (sample - count)
    ratios /= population - number - sample + count + 1
    with np.errstate(divide="ignore"):
        steps = np.log(np.where(count < most[:, None], ratios, 0.0))
    logs = np.zeros((len(samples), count.shape[1] + 1))
    np.cumsum(steps, axis=1, out=logs[:, 1:])
    relative = np.exp(logs - logs.max(axis=1, keepdims=True))
    return fewest, relative / relative.sum(axis=1, keepdims=True)
