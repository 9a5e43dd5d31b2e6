"""Generated surveys at real sizes: 63 agencies, 14 of the judiciary, 49 others, in strata."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from protection.edition.cells import Count
from protection.ranges.rules import Atom, Constants, Group, IndicatorRule, LinkedSet, Plan

T = TypeVar("T")
SIZES = {"layer.agencies": 63, "layer.judiciary": 14, "layer.other": 49}
GROUPS = (
    Group("layer.central", "layer"),
    Group("layer.agencies", "layer", "layer.central"),
    Group("layer.rest", "layer", "layer.central"),
    Group("layer.judiciary", "layer", "layer.rest"),
    Group("layer.other", "layer", "layer.rest"),
    Group("form.known", "form"),
    Group("form.independent", "form", "form.known"),
    Group("form.agency", "form", "form.known"),
)
TYPES = ("product", "service", "process", "interaction")
NOVELTY = ("own", "inspired", "copied")
TRIGGERS = ("managers", "employees", "citizens", "politics", "crisis")
EVALUATED = ("evaluated", "evaluation_planned", "not_evaluated")
SPREAD = ("spread", "not_spread")
ROUTED_BASE = Fraction(45)


def plan(*, small: bool = False) -> Plan:
    """Every kind of tie: union, options, several answers, filter, two classifications.

    The small plan leaves out the second question of each kind.
    """

    def rule(name: str, question: str, **more: object) -> IndicatorRule:
        return replace(IndicatorRule(name, question, "layer"), **more)

    def behind(name: str, question: str) -> IndicatorRule:
        return rule(name, question, filter_id="innovated", smallest_base_percent=ROUTED_BASE)

    if small:
        return Plan(
            GROUPS,
            (
                rule("innovated", "types"),
                *(rule(name, "types") for name in TYPES),
                *(behind(name, "novelty") for name in NOVELTY),
                *(rule(name, "evaluation") for name in EVALUATED),
                rule("safe_to_speak", "safety", is_sensitive=True),
                rule("vision", "vision", further_classifications=("form",)),
                rule("learns", "learns"),
            ),
            (
                LinkedSet("types", "cover", TYPES, "innovated"),
                LinkedSet("novelty", "exclusive", NOVELTY),
                LinkedSet("evaluation", "exclusive", EVALUATED),
            ),
        )
    return Plan(
        GROUPS,
        (
            rule("innovated", "types"),
            *(rule(name, "types") for name in TYPES),
            *(behind(name, "novelty") for name in NOVELTY),
            *(behind(name, "triggers") for name in TRIGGERS),
            *(behind(name, "spread") for name in SPREAD),
            *(rule(name, "evaluation") for name in EVALUATED),
            rule("safe_to_speak", "safety", is_sensitive=True),
            rule("vision", "vision", further_classifications=("form",)),
            rule("learns", "learns", total="fine", fine_group_id="layer.central"),
        ),
        (
            LinkedSet("types", "cover", TYPES, "innovated"),
            LinkedSet("novelty", "exclusive", NOVELTY),
            LinkedSet("triggers", "cover", TRIGGERS),
            LinkedSet("spread", "exclusive", SPREAD),
            LinkedSet("evaluation", "exclusive", EVALUATED),
        ),
    )


@dataclass(frozen=True)
class Response:
    """Answers of one organisation; None where it did not answer or was not asked."""

    atom_id: str
    types: frozenset[str] | None
    novelty: str | None
    triggers: frozenset[str] | None
    spread: str | None
    evaluation: str | None
    speaks: bool | None
    vision: bool | None
    learns: bool | None


@dataclass(frozen=True)
class Survey:
    """One wave: who answered what, and what everybody knows of it."""

    wave: str
    responses: tuple[Response, ...]
    populations: dict[str, int]

    @cached_property
    def constants(self) -> Constants:
        number: dict[str, int] = defaultdict(int)
        for response in self.responses:
            number[response.atom_id] += 1
        return Constants(
            tuple(
                Atom(
                    self.wave,
                    atom_id,
                    n,
                    Fraction(self.populations[atom_id.rsplit("/", 1)[0]], self._stratum(atom_id)),
                    _groups_of(atom_id),
                )
                for atom_id, n in sorted(number.items())
            )
        )

    def _stratum(self, atom_id: str) -> int:
        stratum = atom_id.rsplit("/", 1)[0]
        return sum(r.atom_id.rsplit("/", 1)[0] == stratum for r in self.responses)

    @cached_property
    def counts(self) -> dict[tuple[str, str, str], Count]:
        counted: dict[tuple[str, str], int] = defaultdict(int)
        answered: dict[tuple[str, str], int] = defaultdict(int)
        for response in self.responses:
            for names, given in _answers(response):
                if given is None:
                    continue
                for name in names:
                    answered[response.atom_id, name] += 1
                    counted[response.atom_id, name] += name in given
        return {
            (self.wave, atom, name): Count(counted[atom, name], n)
            for (atom, name), n in answered.items()
        }

    @cached_property
    def bases(self) -> dict[tuple[str, str, str], int]:
        question = {rule.indicator_id: rule.question_id for rule in plan().indicators}
        return {
            (wave, atom, question[name]): count.answered
            for (wave, atom, name), count in self.counts.items()
        }


def _answers(response: Response) -> Iterable[tuple[tuple[str, ...], frozenset[str] | None]]:
    def one(value: str | None) -> frozenset[str] | None:
        return None if value is None else frozenset([value])

    def yes(name: str, value: bool | None) -> frozenset[str] | None:
        return None if value is None else frozenset([name] if value else [])

    types = response.types
    yield TYPES, types
    yield ("innovated",), None if types is None else frozenset(["innovated"] if types else [])
    yield NOVELTY, one(response.novelty)
    yield TRIGGERS, response.triggers
    yield SPREAD, one(response.spread)
    yield EVALUATED, one(response.evaluation)
    yield ("safe_to_speak",), yes("safe_to_speak", response.speaks)
    yield ("vision",), yes("vision", response.vision)
    yield ("learns",), yes("learns", response.learns)


def _groups_of(atom_id: str) -> frozenset[str]:
    layer, _, form = atom_id.split("/")
    groups = {"layer.central", f"layer.{layer}"}
    if layer != "agencies":
        groups.add("layer.rest")
    if form != "none":
        groups |= {"form.known", f"form.{form}"}
    return frozenset(groups)


def generate(seed: int, wave: str = "2021", *, strata: int = 3) -> Survey:
    """Return a survey whose shares lie anywhere, also near 0 and 100 %."""
    chance = random.Random(seed)
    populations: dict[str, int] = {}
    responses = []
    likely = {name: chance.betavariate(0.8, 0.8) for name in (*TYPES, *TRIGGERS)}
    likely |= {name: chance.betavariate(0.7, 0.7) for name in ("speaks", "vision", "learns")}
    weights = {
        name: [chance.random() ** 2 + 0.02 for _ in names]
        for name, names in (("novelty", NOVELTY), ("evaluation", EVALUATED), ("spread", SPREAD))
    }
    silent = chance.choice([0.0, 0.0, 0.02, 0.05])
    for group_id, size in SIZES.items():
        layer = group_id.split(".")[1]
        for number in range(size):
            stratum = f"{layer}/{number % strata}"
            form = chance.choice(["independent", "agency"]) if layer == "agencies" else "none"
            responses.append(_respond(chance, f"{stratum}/{form}", likely, weights, silent))
        for number in range(min(strata, size)):
            inside = sum(r.atom_id.startswith(f"{layer}/{number}/") for r in responses)
            populations[f"{layer}/{number}"] = round(inside * chance.choice([1, 1.3, 1.7, 2.4]))
    return Survey(wave, tuple(responses), populations)


def _respond(
    chance: random.Random,
    atom_id: str,
    likely: dict[str, float],
    weights: dict[str, list[float]],
    silent: float,
) -> Response:
    def maybe(value: T) -> T | None:
        return None if chance.random() < silent else value

    types = maybe(frozenset(name for name in TYPES if chance.random() < likely[name]))
    # Who left out what decides whether he is asked may have been asked.
    asked = types is None or bool(types)
    triggers = frozenset(name for name in TRIGGERS if chance.random() < likely[name])
    return Response(
        atom_id,
        types,
        maybe(chance.choices(NOVELTY, weights["novelty"])[0]) if asked else None,
        (maybe(triggers) or None) if asked else None,
        maybe(chance.choices(SPREAD, weights["spread"])[0]) if asked else None,
        maybe(chance.choices(EVALUATED, weights["evaluation"])[0]),
        maybe(chance.random() < likely["speaks"]),
        maybe(chance.random() < likely["vision"]),
        maybe(chance.random() < likely["learns"]),
    )


def correct(survey: Survey, seed: int, changes: int, layer: str) -> Survey:
    """Return the survey with the answers of some responses of one layer drawn anew."""
    chance = random.Random(seed)
    other = generate(seed + 1_000_000, survey.wave)
    drawn = {r.atom_id: r for r in other.responses}
    places = [at for at, r in enumerate(survey.responses) if r.atom_id.startswith(f"{layer}/")]
    responses = list(survey.responses)
    for at in chance.sample(places, changes):
        source = chance.choice(list(drawn.values()))
        responses[at] = replace(source, atom_id=responses[at].atom_id)
    return replace(survey, responses=tuple(responses))
