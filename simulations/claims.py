"""How often the claims planted in the example survey come out, survey after survey.

Nothing of the pipeline is used: populations and respondents come from the example's generator, the
estimates and tests are written out here a second time, from the registries alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from estimation.boschloo import boschloo
from estimation.firth import firth_logistic
from examples.registries import SEEDS, Registries
from examples.sampling import draw
from examples.survey import DEFAULT_SEED, WavePopulation, build_population

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ALPHA = 0.05
# Below so many answers on a side only an exact test decides.
SMALL = 15
SUPPORTED, NOT_SHOWN, CONTRADICTED = "supported", "not_shown", "contradicted"
NOT_TESTED = "not_tested"
_RELATIONS = {"positive": 1.0, "negative": -1.0}
_DIRECTIONS = {"a_higher": 1.0, "a_lower": -1.0}


@dataclass(frozen=True)
class Surveyed:
    """One wave of one population, as arrays over its organisations.

    Attributes:
        keys: organisation keys; the order of all arrays.
        strata: number of the stratum of each.
        members: whether each is in a group, by classification and group.
        leaves: number of the group of each, by classification.
        values: value of each indicator; nan where there is none.
    """

    part: WavePopulation
    keys: tuple[str, ...]
    strata: npt.NDArray[np.int64]
    members: Mapping[tuple[str, str], Flags]
    leaves: Mapping[str, npt.NDArray[np.int64]]
    values: Mapping[str, Floats]


def surveyed(registries: Registries, part: WavePopulation) -> Surveyed:
    """Return the arrays of a population that the claims need."""
    keys = tuple(part.organisations)
    strata = {stratum: number for number, stratum in enumerate(sorted(set(part.strata.values())))}
    groups = {
        (claim["classification_id"], claim[side])
        for claim in registries.claims
        for side in ("group_a", "group_b")
        if claim[side]
    }
    indicators = {
        claim[side]
        for claim in registries.claims
        for side in ("indicator_id", "indicator_b")
        if claim[side]
    }
    found = [part.strata[key] for key in keys]
    return Surveyed(
        part=part,
        keys=keys,
        strata=np.array([strata[stratum] for stratum in found]),
        members={group: np.array([group in part.groups[key] for key in keys]) for group in groups},
        leaves={
            "overheidslaag": _numbers([layer for layer, _ in found]),
            "organisatiegrootte": _numbers([size for _, size in found]),
        },
        values={
            indicator: np.array([part.values[key].get(indicator, np.nan) for key in keys])
            for indicator in indicators
        },
    )


def _numbers(names: Sequence[str]) -> npt.NDArray[np.int64]:
    order = {name: number for number, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names])


def respondents(population: Surveyed, place: int, seed: int) -> Flags:
    """Return who answers, drawn as the example draws it; place 0 is the first wave."""
    part = population.part
    drawn = set(draw(part.wave, place, part.organisations, part.strata, seed))
    return np.array([key in drawn for key in population.keys])


def verdicts(registries: Registries, population: Surveyed, answered: Flags) -> dict[str, str]:
    """Return what one survey says of every claim that its wave can test."""
    weights = _weights(population.strata, answered)
    tests: dict[str, tuple[float, float] | None] = {}
    families: dict[str, list[str]] = defaultdict(list)
    compared = {
        (row["classification_id"], frozenset((row["group_a"], row["group_b"])))
        for row in registries.comparisons
    }
    for claim in registries.claims:
        if np.isnan(population.values[claim["indicator_id"]]).all():
            continue
        name = claim["claim_id"]
        if claim["expected_direction"] in _RELATIONS:
            tests[name] = _relation(population, answered, claim)
            families[claim["family_id"]].append(name)
            continue
        tests[name] = _groups(registries, population, answered, weights, claim, _margin(claim))
        families[claim["family_id"]].append(name)
        pair = claim["classification_id"], frozenset((claim["group_a"], claim["group_b"]))
        if claim["minimum_difference"] and pair in compared:
            # That there is any difference is tested with it.
            beside = f"{name}, any difference"
            tests[beside] = _groups(registries, population, answered, weights, claim, 0.0)
            families[claim["family_id"]].append(beside)
    adjusted: dict[str, float] = {}
    for names in families.values():
        adjusted.update(_holm({name: test[0] for name in names if (test := tests[name])}))
    found = {}
    for claim in registries.claims:
        name = claim["claim_id"]
        if name in tests:
            test = tests[name]
            found[name] = (
                _verdict(adjusted[name], test[1], claim["expected_direction"])
                if test
                else NOT_TESTED
            )
    return found


def _margin(claim: Mapping[str, str]) -> float:
    return _DIRECTIONS[claim["expected_direction"]] * float(claim["minimum_difference"] or 0)


def _verdict(p_adjusted: float, direction: float, expected: str) -> str:
    if p_adjusted > ALPHA:
        return NOT_SHOWN
    sign = (_RELATIONS | _DIRECTIONS)[expected]
    return SUPPORTED if direction * sign > 0 else CONTRADICTED


def _weights(strata: npt.NDArray[np.int64], answered: Flags) -> Floats:
    population = np.bincount(strata)
    responses = np.bincount(strata[answered], minlength=len(population))
    weights = np.divide(population, responses, out=np.zeros(len(population)), where=responses > 0)
    return np.where(answered, weights[strata], 0.0)


@dataclass(frozen=True)
class _Side:
    estimate: float
    size: float
    influence: Floats
    answers: int
    degrees: float
    is_equally_weighted: bool


def _side(population: Surveyed, weights: Floats, group: Flags, values: Floats) -> _Side:
    base = group & (weights > 0) & ~np.isnan(values)
    w, y = weights[base], values[base]
    estimate = float(w @ y / w.sum())
    influence = np.zeros(len(values))
    influence[base] = w * (y - estimate) / w.sum()
    return _Side(
        estimate=estimate,
        size=float(w.sum() ** 2 / (w @ w)),
        influence=influence,
        answers=len(y),
        degrees=_degrees(population.strata[base], w),
        is_equally_weighted=bool(w.max() <= w.min() * (1 + 1e-9)),
    )


def _degrees(strata: npt.NDArray[np.int64], w: Floats) -> float:
    """Satterthwaite's degrees of freedom, with the variances that equal spreads would give."""
    parts = [(w[strata == one] @ w[strata == one], (strata == one).sum()) for one in set(strata)]
    below = sum(squares**2 / max(count - 1, 1) for squares, count in parts)
    return float(min(len(w) - len(parts), (w @ w) ** 2 / below))


def _size(side: _Side, variance: float) -> float:
    """The smaller of Kish's size and that of the variance, where weights differ."""
    unit = side.estimate * (1 - side.estimate)
    # Where nobody or everybody has it, what is left of both is rounding.
    if side.is_equally_weighted or variance <= 0 or unit <= 1e-12:
        return side.size
    return min(side.size, 1 + unit / variance)


def _covariance(population: Surveyed, answered: Flags, one: Floats, other: Floats) -> float:
    """Stratified covariance of two sums over the respondents, without finite correction."""
    total = 0.0
    for stratum in np.unique(population.strata[answered]):
        inside = answered & (population.strata == stratum)
        a, b = one[inside], other[inside]
        n = len(a)
        total += float(a @ b if n == 1 else (a @ b - a.sum() * b.sum() / n) * n / (n - 1))
    # What equal values leave is rounding.
    return total if abs(total) > 1e-12 * float(np.abs(one) @ np.abs(other)) else 0.0


def _groups(
    registries: Registries,
    population: Surveyed,
    answered: Flags,
    weights: Floats,
    claim: Mapping[str, str],
    margin: float,
) -> tuple[float, float] | None:
    values = population.values[claim["indicator_id"]]
    a, b = (
        _side(
            population, weights, population.members[claim["classification_id"], claim[side]], values
        )
        for side in ("group_a", "group_b")
    )
    variance_a = _covariance(population, answered, a.influence, a.influence)
    variance_b = _covariance(population, answered, b.influence, b.influence)
    covariance = min(0.0, _covariance(population, answered, a.influence, b.influence))
    difference = a.estimate - b.estimate
    kinds = {row["indicator_id"]: row["kind"] for row in registries.indicators}
    if kinds[claim["indicator_id"]] == "share":
        scale = sqrt(variance_a * variance_b)
        joint = covariance / scale if scale > 0 else 0.0
        size_a, size_b = _size(a, variance_a), _size(b, variance_b)
        if not margin:
            return _exact(a, size_a, b, size_b, joint), difference
        if min(a.answers, b.answers) < SMALL:
            return None
        return _score(a.estimate, size_a, b.estimate, size_b, margin, joint), difference - margin
    error = sqrt(variance_a + variance_b - 2 * covariance)
    if min(a.answers, b.answers) < SMALL or min(variance_a, variance_b) <= 0:
        return None
    away = abs(difference - margin) / error
    return float(2 * stats.t.sf(away, min(a.degrees, b.degrees))), difference - margin


def _exact(a: _Side, size_a: float, b: _Side, size_b: float, joint: float) -> float:
    """Boschloo's test on whole counts that differ no more than the shares do."""
    larger = 1.0
    if not (a.is_equally_weighted and b.is_equally_weighted):
        larger = 1 - 2 * joint / (sqrt(size_a * size_b) * (1 / size_a + 1 / size_b))
    n_a, n_b = (max(1, round(size / larger)) for size in (size_a, size_b))
    exact_a, exact_b = (round(side.estimate * n, 6) for side, n in ((a, n_a), (b, n_b)))
    if a.estimate > b.estimate:
        x_a, x_b = floor(exact_a), ceil(exact_b)
    else:
        x_a, x_b = ceil(exact_a), floor(exact_b)
    if (x_a / n_a - x_b / n_b) * (a.estimate - b.estimate) <= 0:
        return 1.0
    return boschloo(x_a, n_a, x_b, n_b)


def _score(
    share_a: float, size_a: float, share_b: float, size_b: float, margin: float, joint: float
) -> float:
    """The score test of a margin, with the shares that are the likeliest under it."""

    def unlikely(share: float) -> float:
        return -float(
            size_a * special.xlogy(share_a, share + margin)
            + size_a * special.xlogy(1 - share_a, 1 - share - margin)
            + size_b * special.xlogy(share_b, share)
            + size_b * special.xlogy(1 - share_b, 1 - share)
        )

    bounds = (max(0.0, -margin) + 1e-12, min(1.0, 1 - margin) - 1e-12)
    share = optimize.minimize_scalar(unlikely, bounds=bounds, options={"xatol": 1e-12}).x
    deviations = (
        sqrt((share + margin) * (1 - share - margin) / size_a),
        sqrt(share * (1 - share) / size_b),
    )
    error = sqrt(sum(d * d for d in deviations) - 2 * joint * deviations[0] * deviations[1])
    return float(2 * stats.norm.sf(abs(share_a - share_b - margin) / error))


def _relation(
    population: Surveyed, answered: Flags, claim: Mapping[str, str]
) -> tuple[float, float] | None:
    score = population.values[claim["indicator_id"]]
    outcome = population.values[claim["indicator_b"]]
    inside = population.members[claim["classification_id"], claim["group_a"]]
    base = answered & inside & ~np.isnan(score) & ~np.isnan(outcome)
    columns = [np.ones(int(base.sum())), stats.zscore(score[base], ddof=1)]
    for leaves in population.leaves.values():
        columns.extend((leaves[base] == leaf).astype(float) for leaf in np.unique(leaves[base])[1:])
    found = firth_logistic(np.column_stack(columns), outcome[base], 1)
    return None if found.p_value is None else (found.p_value, found.coefficient or 0.0)


def _holm(p_values: Mapping[str, float]) -> dict[str, float]:
    adjusted: dict[str, float] = {}
    highest = 0.0
    for place, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[name]))
        adjusted[name] = highest
    return adjusted


def surveys_of(
    registries: Registries, population: Surveyed, place: int, seeds: Sequence[int]
) -> Iterator[dict[str, str]]:
    """Yield the verdicts of one survey of a population per seed."""
    for seed in seeds:
        yield verdicts(registries, population, respondents(population, place, seed))


def power(wave: str, populations: Sequence[int], draws: int) -> dict[str, Counter[str]]:
    """Count the verdicts on every claim over many populations, each surveyed several times.

    Args:
        wave: the wave.
        populations: seeds of the populations.
        draws: surveys of each.
    """
    registries = Registries(SEEDS)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in populations:
        parts = build_population(registries, seed)
        population = surveyed(registries, parts[wave])
        place = list(parts).index(wave)
        seeds = range(seed * draws, (seed + 1) * draws)
        for found in surveys_of(registries, population, place, seeds):
            for claim, verdict in found.items():
                counts[claim][verdict] += 1
    return dict(counts)


def example_verdicts() -> dict[str, dict[str, str]]:
    """Return what the example itself says of every claim, by wave."""
    registries = Registries(SEEDS)
    found = {}
    for place, (wave, part) in enumerate(build_population(registries).items()):
        population = surveyed(registries, part)
        answered = respondents(population, place, DEFAULT_SEED)
        found[wave] = verdicts(registries, population, answered)
    return found
