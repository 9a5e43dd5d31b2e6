"""One run of the example survey in memory: frames, potential answers, truth, respondents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from examples.frames import Organisation, build_frames
from examples.model import Answers, potential_answers
from examples.registries import Registries
from examples.sampling import Stratum, draw
from examples.truth import IndicatorRules, TruthRow, finite_population_truth

DEFAULT_SEED = 2021


@dataclass(frozen=True)
class WavePopulation:
    """Everything that is true of one wave, whoever answers.

    Attributes:
        organisations: the frame by organisation key.
        groups: (classification, group) of each organisation, ancestors included.
        strata: (overheidslaag, organisatiegrootte) of each organisation.
        answers: what each organisation would answer.
        values: the indicator values that follow from it.
        truth: those values averaged per group.
    """

    wave: str
    organisations: Mapping[str, Organisation]
    groups: Mapping[str, tuple[tuple[str, str], ...]]
    strata: Mapping[str, Stratum]
    answers: Mapping[str, Answers]
    values: Mapping[str, Mapping[str, float]]
    truth: tuple[TruthRow, ...]


@lru_cache(maxsize=4)
def build_population(registries: Registries, seed: int = DEFAULT_SEED) -> dict[str, WavePopulation]:
    """Build what every organisation would answer, wave by wave."""
    result = {}
    for wave, frame in build_frames(registries).items():
        leaves = {o.key: registries.leaf_groups(o.attributes, wave) for o in frame}
        groups = {key: registries.all_groups(found) for key, found in leaves.items()}
        answers = {
            o.key: potential_answers(registries, wave, o, groups[o.key], seed) for o in frame
        }
        rules = IndicatorRules(registries, wave)
        values = {key: rules.values(given) for key, given in answers.items()}
        result[wave] = WavePopulation(
            wave=wave,
            organisations={o.key: o for o in frame},
            groups=groups,
            strata={
                key: (found["overheidslaag"], found["organisatiegrootte"])
                for key, found in leaves.items()
            },
            answers=answers,
            values=values,
            truth=tuple(finite_population_truth(wave, groups, values, list(rules.rules))),
        )
    return result


def draw_respondents(
    population: Mapping[str, WavePopulation], seed: int = DEFAULT_SEED
) -> dict[str, list[str]]:
    """Return the keys of the organisations that answer, by wave."""
    return {
        wave: draw(wave, place, part.organisations, part.strata, seed)
        for place, (wave, part) in enumerate(population.items())
    }
