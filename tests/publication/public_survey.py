"""Surveys at real sizes, made up in memory, and a public release of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from banded_survey import banded_registry, write_banded
from built_skeleton import Released, rates_of, released, write_build

from barometer.settings import Settings, load_settings
from publication.public import release as public_release
from publication.public.method.counts import Respondent, WaveResponses
from publication.public.method.protect import ProtectedWave
from publication.public.release import BuildFile
from publication.public.tables.lookups import Lookup, Rate, public_lookups
from publication.sources import Source
from registry import Registry

LAYERS = {
    "uitvoeringsorganisaties": ("rijk",),
    "rechtswezen": ("rijk_overige", "rijk"),
    "overig_rijk": ("rijk_overige", "rijk"),
}
SIZES = {"uitvoeringsorganisaties": 63, "rechtswezen": 14, "overig_rijk": 49}
TYPES = ("innovated_product", "innovated_service", "innovated_process", "innovated_interaction")
NOVELTY = ("novelty_own_development", "novelty_inspired", "novelty_copied")
MEANS = ("climate_vision", "climate_score")
INDICATORS = frozenset(
    {"innovated", *TYPES, *NOVELTY, "spread", "ai_use", "breadth", "novelty", *MEANS}
) - {"novelty"}
YES, NO = Fraction(1), Fraction(0)


def registry() -> Registry:
    """Return the registries of the example survey by bands, which these surveys are made for."""
    return banded_registry()


def survey(seed: int, wave: str = "2025") -> WaveResponses:
    """Return a wave whose shares lie anywhere, also near 0 and 100 %."""
    chance = random.Random(seed)
    likely = {name: chance.betavariate(0.9, 0.9) for name in (*TYPES, "spread", "ai_use")}
    novelty = [chance.random() ** 2 + 0.02 for _ in NOVELTY]
    silent = chance.choice([0.0, 0.0, 0.02])
    weights = {layer: [Fraction(chance.choice([4, 5, 6]), 3)] * 2 for layer in LAYERS}
    if seed % 2:
        weights = {layer: [each[0], each[0] * 2] for layer, each in weights.items()}
    found = []
    for layer, size in SIZES.items():
        for number in range(size):
            small = number % 2
            form = chance.choice(["zbo", "agentschap_dienst"])
            inside = {f"overheidslaag.{name}" for name in (layer, *LAYERS[layer], "overheid")}
            if layer == "uitvoeringsorganisaties":
                inside |= {f"uo_rechtsvorm.{form}", "uo_rechtsvorm.uo_alle"}
            found.append(
                Respondent(
                    f"{layer}_{small}",
                    weights[layer][small],
                    frozenset(inside),
                    _answers(chance, likely, novelty, silent),
                )
            )
    return WaveResponses(wave, INDICATORS, tuple(found))


def _answers(
    chance: random.Random, likely: dict[str, float], novelty: list[float], silent: float
) -> dict[str, Fraction | None]:
    def maybe(value: Fraction) -> Fraction | None:
        return None if chance.random() < silent else value

    def drawn(name: str) -> Fraction:
        return YES if chance.random() < likely[name] else NO

    values: dict[str, Fraction | None] = {name: drawn(name) for name in TYPES}
    if chance.random() < silent:
        values = dict.fromkeys(TYPES)
    breadth = sum((value for value in values.values() if value), Fraction(0))
    values["breadth"] = breadth
    values["innovated"] = None if None in values.values() else min(YES, breadth)
    asked = values["innovated"] == YES
    chosen = maybe(YES) and chance.choices(NOVELTY, novelty)[0]
    for name in NOVELTY:
        values[name] = None if not asked or chosen is None else (YES if name == chosen else NO)
    values["spread"] = maybe(drawn("spread")) if asked else None
    values["ai_use"] = maybe(drawn("ai_use"))
    for name in MEANS:
        values[name] = maybe(Fraction(chance.randint(1, 5)))
    return values


def redrawn(responses: WaveResponses, seed: int, changes: int, layer: str | None = None):
    """Return the wave with the answers of some responses drawn anew; who responded stays."""
    chance = random.Random(seed)
    other = survey(seed + 1_000_003, responses.wave).respondents
    places = [
        at
        for at, one in enumerate(responses.respondents)
        if layer is None or f"overheidslaag.{layer}" in one.groups
    ]
    found = list(responses.respondents)
    for at in chance.sample(places, changes):
        found[at] = replace(found[at], values=chance.choice(other).values)
    return replace(responses, respondents=tuple(found))


def rates(waves: Sequence[WaveResponses]) -> list[Rate]:
    """Return how many there are and responded, of every group."""
    return rates_of(registry(), waves, 2)


def lookups(waves: Sequence[ProtectedWave], responses: Sequence[WaveResponses]):
    """Return what is public of some waves."""
    return public_lookups(waves, rates(responses), registry())


def release_of(
    responses: WaveResponses, found: Sequence[Lookup], own: Registry | None = None
) -> Released:
    """Return a public release of a wave in memory, as the tables that are given fill it."""
    return released(own or registry(), [responses], rates([responses]), found)


def filled_otherwise(
    found: Sequence[Lookup], name: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[Lookup, ...]:
    """Return what is public as faulty code would make it: the rows of one lookup otherwise."""
    made = []
    for lookup in found:
        if lookup.name == name:
            rows = [change(row) for row in lookup.dicts()]
            values = tuple(tuple(row[column] for column in lookup.columns) for row in rows)
            lookup = replace(lookup, rows=values)
        made.append(lookup)
    return tuple(made)


def build_file(*waves: WaveResponses, content: str = "abc") -> BuildFile:
    """Return what is read from a build database with these waves."""
    sources = tuple(
        Source(wave.wave, "export", "main", "answers.csv", content, len(wave.respondents), True)
        for wave in waves
    )
    return BuildFile({wave.wave: wave for wave in waves}, tuple(rates(waves)), sources)


def settings_in(home: Path) -> Settings:
    """Return the settings of the example survey by bands; a home that is there stays as it is."""
    folder = write_banded(home / "registries")
    settings = replace(load_settings("ibo", home=home), registries=folder)
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings


def publish(settings: Settings, *waves: WaveResponses, content: str = "abc"):
    """Publish the public edition of some waves."""
    write_build(settings, registry(), waves, rates(waves))
    original = public_release.read_build
    public_release.read_build = lambda *_: build_file(*waves, content=content)
    try:
        return public_release.publish_public(settings)
    finally:
        public_release.read_build = original


def cells(wave: ProtectedWave) -> object:
    """Return everything a release of the wave may depend on."""
    return wave.edition.cells, wave.means, wave.edition.constants
