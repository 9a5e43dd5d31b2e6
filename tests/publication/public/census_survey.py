"""A census of libraries, made up in memory: amounts that add up, zeros, and large ones."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from built_skeleton import Released, rates_of, released, write_build
from registry_folder import write_registries

from barometer.settings import Settings, load_settings
from publication.public import release as public_release
from publication.public.audit.amounts import amount_problems
from publication.public.method.counts import Respondent, WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import WaveRules, wave_rules
from publication.public.release import BuildFile
from publication.public.tables.figures import figures
from publication.public.tables.lookups import Lookup, Rate, public_lookups
from publication.sources import Source
from registry import TABLES, Registry, load_registry

WAVE = "2021"
DBT_LAYERS = ("local", "state", "federal", "other")
LEAVES = {"a": "north", "b": "north", "c": "south", "d": "south", "e": "south"}
TOTALS = (*DBT_LAYERS, "income", "visits")
INDICATORS = frozenset({*TOTALS, "income_per_visit", "growth", "loans"})
QUESTIONS = (*TOTALS, "growth", "loans")


def row(table: str, **values: object) -> str:
    """Return a row of a registry, whatever columns it has beside these."""
    return ",".join(str(values.get(column, "")) for column in TABLES[table].header)


ROWS = {
    "surveys": "census,Telling,Census,bibliotheken,libraries,report,made up,CC0",
    "waves": "2021,Meting,Wave,2020-01-01,2020-12-31,,,1,500,,export,",
    "deliveries": "2021,export,main,*.csv,csv,generic,,,,,,,,true,plain",
    "columns": "\n".join(
        [
            "2021,export,id,response_id,,,,,,",
            "2021,export,id,organisation_key,,,,,,",
            *(f"2021,export,{name},answer,{name},,,,," for name in QUESTIONS),
        ]
    ),
    "questions": "\n".join(
        row(
            "questions",
            question_id=name,
            block="all",
            position=at,
            answer_type="number",
            wording_nl=name,
            wording_en=name,
            first_wave=WAVE,
            minimum="" if name == "growth" else 0,
            is_personal="false",
            is_sensitive="false",
        )
        for at, name in enumerate(QUESTIONS, 1)
    ),
    "classifications": "region,Regio,Region,1,true,",
    "organisation_groups": "\n".join(
        [
            "region,all,,Alle,All,1,false",
            "region,north,all,Noord,North,2,true",
            "region,south,all,Zuid,South,3,false",
            *(
                f"region,{leaf},{above},{leaf},{leaf},{at},false"
                for at, (leaf, above) in enumerate(LEAVES.items(), 4)
            ),
        ]
    ),
    "organisation_membership": "\n".join(
        f"region,{leaf},organisation_key,{leaf},,,,,10," for leaf in LEAVES
    ),
    "indicators": "\n".join(
        [
            *(
                f"{name},money,{at},total,{name},{name},,,1,neutral,euro,,,,,false"
                for at, name in enumerate(QUESTIONS, 1)
            ),
            "income_per_visit,money,20,ratio,per bezoek,per visit,,,1,neutral,euro,,,,,false",
        ]
    ),
    "indicator_items": "\n".join(
        [
            *(f"{name},numerator,{name}," for name in QUESTIONS),
            "income_per_visit,numerator,income,",
            "income_per_visit,denominator,visits,",
        ]
    ),
    "strata_design": "2021,1,region",
    "test_families": "regions,Gebieden,Regions,false,false,family_wise",
    "comparisons": "north_south,region,north,south,,regions,,true",
    "disclosure_rules": "\n".join(
        [
            "income,,true,,,,,,,income,union,,",
            *(f"{part},,true,,,,,,,income,part,," for part in DBT_LAYERS),
            "visits,,true,,,,,,,,,,",
            "growth,,true,,,,,,,,,,",
        ]
    ),
    "publication_rules": """
minimum_base,1,A census.
minimum_stratum_responses,1,A census.
minimum_answered_questions,0,A census.
public_edition,1,Made.
public_method,bands,Strict.
""",
}


KEY = b"secret"


@cache
def registry(**changes: str) -> Registry:
    """Return the registries, with some of them otherwise."""
    folder = Path(tempfile.mkdtemp())
    return load_registry(write_registries(folder, ROWS | changes))


@cache
def rules() -> WaveRules:
    """Return what is decided about the wave."""
    return wave_rules(registry(), WAVE, INDICATORS)


def census(seed: int, sizes: tuple[int, ...] = (1, 2, 5, 9, 14)) -> WaveResponses:
    """Return a wave in which every library answered, and amounts are skewed."""
    chance = random.Random(seed)
    found = []
    for leaf in LEAVES:
        for _ in range(chance.choice(sizes)):
            found.append(respondent(leaf, chance))
    return WaveResponses(WAVE, INDICATORS, tuple(found))


def respondent(leaf: str, chance: random.Random) -> Respondent:
    """Return one library of a group."""
    scale = chance.choice([1, 10, 10, 40])
    values: dict[str, Fraction | None] = {
        part: Fraction(chance.choice([0, 0, 3, 7, 12]) * scale * 100, chance.choice([1, 4]))
        for part in DBT_LAYERS
    }
    values["income"] = sum((values[part] or Fraction(0) for part in DBT_LAYERS), Fraction(0))
    values["visits"] = Fraction(chance.randint(0, 9) * scale)
    values["growth"] = values["loans"] = Fraction(chance.randint(0, 9))
    groups = {f"region.{name}" for name in (leaf, LEAVES[leaf], "all")}
    return Respondent(f"s_{leaf}", Fraction(1), frozenset(groups), values)


def changed(wave: WaveResponses, **amounts: dict[int, int]) -> WaveResponses:
    """Return the wave with something added to amounts of some responses, by position."""
    found = list(wave.respondents)
    for name, additions in amounts.items():
        for at, more in additions.items():
            values = dict(found[at].values)
            values[name] = (values[name] or Fraction(0)) + more
            if name in DBT_LAYERS:
                values["income"] = (values["income"] or Fraction(0)) + more
            found[at] = replace(found[at], values=values)
    return replace(wave, respondents=tuple(found))


def inside(wave: WaveResponses, leaf: str) -> list[int]:
    """Return the positions of the responses of a group."""
    return [at for at, one in enumerate(wave.respondents) if f"region.{leaf}" in one.groups]


def rates(wave: WaveResponses) -> list[Rate]:
    """Return how many there are and responded, of every group: everybody."""
    return rates_of(registry(), [wave], 1)


def lookups(wave: ProtectedWave, responses: WaveResponses) -> tuple[Lookup, ...]:
    """Return what is public of a wave."""
    return public_lookups([wave], rates(responses), registry())


def release_of(responses: WaveResponses, found: Sequence[Lookup]) -> Released:
    """Return a public release of a wave in memory, as what is given fills it."""
    return released(registry(), [responses], rates(responses), found)


def settings_in(home: Path) -> Settings:
    """Return the settings of the census with an empty home."""
    folder = write_registries(home / "registries", ROWS)
    settings = replace(load_settings("ibo", home=home), survey="census", registries=folder)
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings


def publish(settings: Settings, wave: WaveResponses):
    """Publish the public edition of a wave."""
    source = Source(wave.wave, "export", "main", "a.csv", "abc", len(wave.respondents), True)
    original = public_release.read_build
    build = BuildFile({wave.wave: wave}, tuple(rates(wave)), (source,))
    write_build(settings, registry(), [wave], rates(wave))
    public_release.read_build = lambda *_: build
    try:
        return public_release.publish_public(settings)
    finally:
        public_release.read_build = original


def protected(wave: WaveResponses, *earlier: ProtectedWave) -> ProtectedWave:
    """Return the wave as the public edition shows it, after earlier releases."""
    return protect_wave(wave, rules(), list(earlier), KEY)


def printed(wave: ProtectedWave) -> dict[tuple[str, str], float]:
    """Return the amounts that a file with this wave shows."""
    found = figures([wave], registry())
    return {
        (name, group): figure.amount
        for (_, group, name), figure in found.items()
        if figure.amount is not None
    }


def problems(wave: ProtectedWave, shown: dict[tuple[str, str], float], *earlier) -> list[str]:
    """Return what the audit says of a file that shows these amounts."""
    return list(amount_problems(wave, earlier, shown))


@cache
def example() -> tuple[WaveResponses, ProtectedWave]:
    """Return a census and its first public release."""
    responses = census(1)
    return responses, protected(responses)
