"""Who answers: a simple random sample within every stratum, of a fixed size.

Strata differ in how willingly they answer, as in real surveys. Every organisation keeps one
random number for all waves, moved a little per wave, so that waves overlap more than by chance.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping

from examples.frames import Organisation

Stratum = tuple[str, str]

RESPONSES = {
    "2021": {
        "uitvoeringsorganisaties": 63,
        "rechtswezen": 14,
        "overig_rijk": 49,
        "gemeenten": 115,
        "provincies": 7,
        "waterschappen": 11,
        "gemeenschappelijke_regelingen": 107,
    },
    "2023": {
        "uitvoeringsorganisaties": 61,
        "rechtswezen": 13,
        "overig_rijk": 47,
        "gemeenten": 113,
        "provincies": 8,
        "waterschappen": 11,
        "gemeenschappelijke_regelingen": 105,
    },
    "2025": {
        "uitvoeringsorganisaties": 60,
        "rechtswezen": 15,
        "overig_rijk": 46,
        "gemeenten": 109,
        "provincies": 7,
        "waterschappen": 12,
        "gemeenschappelijke_regelingen": 98,
    },
}
WILLINGNESS = {"klein": 0.7, "middel": 1.0, "groot": 1.35}
# One response in a stratum: the pipeline has to collapse it with the rest of its group.
TOO_FEW = {("2023", "waterschappen", "middel"): 1}
SHIFT_PER_WAVE = 0.12


def allocate(wave: str, population: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """Return the number of responses of every (group, size class)."""
    result: dict[Stratum, int] = {}
    for group, total in RESPONSES[wave].items():
        open_strata = {s: n for s, n in population.items() if s[0] == group}
        remaining = total
        for stratum in list(open_strata):
            fixed = TOO_FEW.get((wave, *stratum))
            if fixed is not None:
                result[stratum] = fixed
                remaining -= fixed
                del open_strata[stratum]
        weights = {s: n * WILLINGNESS[s[1]] for s, n in open_strata.items()}
        whole = sum(weights.values())
        wanted = {s: remaining * weight / whole for s, weight in weights.items()}
        given = {s: min(population[s], max(2, int(wanted[s]))) for s in wanted}
        while sum(given.values()) != remaining:
            step = 1 if sum(given.values()) < remaining else -1
            free = [s for s in given if 2 <= given[s] + step <= population[s]]
            chosen = max(free, key=lambda s: (step * (wanted[s] - given[s]), s))
            given[chosen] += step
        result.update(given)
    return result


def draw(
    wave: str,
    place: int,
    organisations: Mapping[str, Organisation],
    strata: Mapping[str, Stratum],
    seed: int,
) -> list[str]:
    """Return the keys of the organisations that answer, sorted.

    Args:
        wave: the wave.
        place: 0 for the first wave, 1 for the second, and so on.
        organisations: the frame by key.
        strata: stratum by key.
        seed: the seed of the response process.
    """
    by_stratum: dict[Stratum, list[tuple[float, str]]] = defaultdict(list)
    for key in organisations:
        lasting = random.Random(f"{seed}|answers|{key}").random()
        by_stratum[strata[key]].append(((lasting - SHIFT_PER_WAVE * place) % 1, key))
    numbers = allocate(wave, {stratum: len(found) for stratum, found in by_stratum.items()})
    return sorted(
        key for stratum, found in by_stratum.items() for _, key in sorted(found)[: numbers[stratum]]
    )
