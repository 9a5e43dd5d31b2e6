"""How often the claims planted in the example survey come out, survey after survey.

Nothing of the pipeline is used: populations and respondents come from the example's generator, the
estimates and tests are written out here a second time, from the registries alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy import stats

from estimation.firth import firth_logistic
from examples.registries import SEEDS, Registries
from examples.sampling import draw
from examples.survey import DEFAULT_SEED, WavePopulation, build_population

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ALPHA = 0.05
SUPPORTED, NOT_SHOWN, CONTRADICTED = "supported", "not_shown", "contradicted"
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
    p_values: dict[str, float] = {}
    directions: dict[str, float] = {}
    families: dict[str, list[str]] = defaultdict(list)
    for claim in registries.claims:
        if np.isnan(population.values[claim["indicator_id"]]).all():
            continue
        if claim["expected_direction"] in _RELATIONS:
            p_value, direction = _relation(population, answered, claim)
        else:
            p_value, direction = _groups(registries, population, answered, weights, claim)
        name = claim["claim_id"]
        p_values[name], directions[name] = p_value, direction
        families[claim["family_id"]].append(name)
    adjusted: dict[str, float] = {}
    for names in families.values():
        adjusted.update(_holm({name: p_values[name] for name in names}))
    expected = {claim["claim_id"]: claim["expected_direction"] for claim in registries.claims}
    return {
        name: _verdict(p_value, directions[name], expected[name])
        for name, p_value in adjusted.items()
    }


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
    degrees: int
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
        degrees=len(y) - len(set(population.strata[base])),
        is_equally_weighted=bool(w.max() <= w.min() * (1 + 1e-9)),
    )


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
) -> tuple[float, float]:
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
        pooled = (size_a * a.estimate + size_b * b.estimate) / (size_a + size_b)
        unit = 1 / size_a + 1 / size_b - 2 * joint / sqrt(size_a * size_b)
        error = sqrt(max(0.0, pooled * (1 - pooled) * unit))
        if abs(difference) < 1e-12 or error == 0:
            return 1.0, 0.0
        return float(2 * stats.norm.sf(abs(difference) / error)), difference
    error = sqrt(variance_a + variance_b - 2 * covariance)
    if error == 0:
        return 1.0, 0.0
    parts = ((variance_a, a.degrees), (variance_b, b.degrees))
    freedom = (variance_a + variance_b) ** 2 / sum(v * v / d for v, d in parts)
    freedom = min(freedom, a.degrees + b.degrees)
    return float(2 * stats.t.sf(abs(difference) / error, freedom)), difference


def _relation(
    population: Surveyed, answered: Flags, claim: Mapping[str, str]
) -> tuple[float, float]:
    score = population.values[claim["indicator_id"]]
    outcome = population.values[claim["indicator_b"]]
    inside = population.members[claim["classification_id"], claim["group_a"]]
    base = answered & inside & ~np.isnan(score) & ~np.isnan(outcome)
    columns = [np.ones(int(base.sum())), stats.zscore(score[base], ddof=1)]
    for leaves in population.leaves.values():
        columns.extend((leaves[base] == leaf).astype(float) for leaf in np.unique(leaves[base])[1:])
    found = firth_logistic(np.column_stack(columns), outcome[base], 1)
    return (1.0, 0.0) if found.p_value is None else (found.p_value, found.coefficient or 0.0)


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
