"""What every organisation of a frame would answer: the declared truth behind the example.

Everybody in a frame gets an answer to everything it would be asked, so the truth of the finite
population is known. Two traits of an organisation last over the waves (innovativeness and
climate), which is why waves correlate. `EFFECTS` declares what is planted.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from examples.frames import Organisation
from examples.registries import Registries

Answer = str | int | tuple[str, ...]
Answers = dict[str, Answer]

UO = ("overheidslaag", "uitvoeringsorganisaties")
JUDICIARY = ("overheidslaag", "rechtswezen")
OTHER_CENTRAL = ("overheidslaag", "overig_rijk")
ZBO = ("uo_rechtsvorm", "zbo")
AGENCY = ("uo_rechtsvorm", "agentschap_dienst")
INTERNAL = ("uo_dienstverlening", "overheid_intern")


@dataclass(frozen=True)
class Effect:
    """One planted difference.

    Attributes:
        target: `innovation` (log-odds of every type), `question.option` (log-odds of an option),
            a climate item (points on the latent scale) or `climate_spread` (log of a factor).
        group: (classification, group) it holds for.
        shift: size, in the unit of the target.
    """

    target: str
    group: tuple[str, str]
    shift: float


EFFECTS = (
    Effect("innovation", UO, 1.00),
    Effect("innovation", JUDICIARY, 0.35),
    Effect("innovation", OTHER_CENTRAL, -0.25),
    Effect("innovation", ("overheidslaag", "gemeenten"), 0.55),
    Effect("innovation", ("overheidslaag", "provincies"), 1.20),
    Effect("innovation", ("overheidslaag", "waterschappen"), 1.00),
    Effect("innovation", ("overheidslaag", "gemeenschappelijke_regelingen"), -0.05),
    Effect("innovation", INTERNAL, -1.10),
    Effect("innovation", ("organisatiegrootte", "klein"), -0.30),
    Effect("innovation", ("organisatiegrootte", "groot"), 0.35),
    Effect("novelty.first_developed", UO, 1.00),
    Effect("novelty.first_developed", ZBO, 0.50),
    Effect("novelty.first_developed", AGENCY, -0.50),
    Effect("triggers.citizens", ZBO, 1.10),
    Effect("triggers.examples_abroad", ZBO, 1.70),
    Effect("partners.education_research", ZBO, 0.90),
    Effect("partners.education", ZBO, 0.90),
    Effect("partners.research", ZBO, 0.90),
    Effect("partners.companies", ZBO, 0.90),
    Effect("partners.municipalities", ("overheidslaag", "gemeenten"), 0.80),
    Effect("climate_citizens_perspective", UO, 0.50),
    Effect("climate_spread", JUDICIARY, -0.45),
)

CLIMATE_ON_INNOVATIVENESS = 0.60
SUCCESS_ON_CLIMATE = 0.85
INNOVATIVENESS_ON_TYPES = 1.20
PERSISTENCE = 0.80
DONT_KNOW = {"inn_": 0.012, "climate_": 0.04, "factor_": 0.05, "": 0.05}
SKIPPED = {"inn_": 0.004, "climate_": 0.01, "": 0.02}

TYPE_BASE = {"inn_product": -1.30, "inn_service": -0.15, "inn_process": 0.70}
TYPE_BASE["inn_interaction"] = -0.35
OPTION_ODDS = {
    "novelty": {"first_developed": -0.75, "inspired": 0.25, "copied": -0.70},
    "technology": {"is_solution": 0.0, "important_part": 0.5, "small_part": -0.4, "none": -0.9},
    "spread": {"adopted": -0.6, "shared": 0.1, "no": 0.0},
    "evaluation": {"internal": 0.3, "external": -0.9, "planned": -0.2, "no": -0.3},
    "under_way": {"yes": -0.4, "no": 0.6},
    "innovation_budget": {"yes": -0.2, "no": 0.3},
    "ai_use": {"yes": -0.3, "no": 0.2},
}
TICK_ODDS = {
    "triggers": {
        "management": 0.0,
        "employees": -0.1,
        "citizens": -1.2,
        "politics": -1.1,
        "legislation": -1.2,
        "technology": -0.9,
        "budget": -1.7,
        "crisis": -2.2,
        "covid": -0.7,
        "labour_shortage": -1.2,
        "examples_home": -1.3,
        "examples_abroad": -2.6,
        "other": -2.6,
    },
    "partners": {
        "other_government": 0.2,
        "municipalities": -0.6,
        "education_research": -1.1,
        "education": -1.8,
        "research": -1.5,
        "citizens": -1.3,
        "volunteers": -2.8,
        "companies": -0.5,
        "foreign_governments": -2.8,
        "other": -2.3,
    },
    "value_achieved": {
        "quality": 0.6,
        "efficiency": 0.1,
        "employee_satisfaction": -0.3,
        "citizen_influence": -1.2,
        "political_goals": -1.0,
        "other": -2.4,
    },
}
EXCLUSIVE = {"partners": ("none", 0.17), "value_achieved": ("none_yet", 0.08)}
AT_MOST = {"triggers": 3}
FACTOR_MEANS = {
    "factor_leadership": 0.9,
    "factor_employees": 1.0,
    "factor_resources": -0.3,
    "factor_legislation": -0.5,
    "factor_technology": 0.5,
    "factor_collaboration": 0.6,
    "factor_politics": 0.2,
    "factor_culture": 0.0,
}
CLIMATE_MEANS = {
    "climate_learning": 3.70,
    "climate_safety": 3.85,
    "climate_appreciation": 3.90,
    "climate_vision": 3.55,
    "climate_room": 3.30,
    "climate_collaboration_inside": 3.60,
    "climate_collaboration_outside": 3.90,
    "climate_citizens_perspective": 3.65,
    "climate_adopt_solutions": 3.75,
}
TEXTS = (
    "Een digitaal loket; inwoners kunnen hun aanvraag zelf volgen.",
    'Wij noemen het "de werkplaats": één team, één opdracht.',
    "Samen met onderzoekers een model dat drukte voorspelt, geen naam.",
    "Nieuwe werkwijze voor coördinatie\nen een kortere doorlooptijd.",
    "Een app, ontwikkeld met bedrijven en vrijwilligers",
    "Geen idee, het zijn er te veel om te noemen",
)


@dataclass
class Respondent:
    """One organisation in one wave while its answers are drawn."""

    organisation: Organisation
    wave: str
    groups: frozenset[tuple[str, str]]
    rng: random.Random
    innovativeness: float
    climate: float
    answers: Answers = field(default_factory=dict)

    def shift(self, target: str) -> float:
        """Return the sum of the planted effects on a target."""
        return sum(e.shift for e in EFFECTS if e.target == target and e.group in self.groups)


def potential_answers(
    registries: Registries,
    wave: str,
    organisation: Organisation,
    groups: Sequence[tuple[str, str]],
    population_seed: int,
) -> Answers:
    """Draw everything an organisation would answer in a wave, routing respected."""
    lasting = random.Random(f"{population_seed}|{organisation.key}")
    rng = random.Random(f"{population_seed}|{wave}|{organisation.key}")
    trait, mood = lasting.gauss(0, 1), lasting.gauss(0, 1)
    fresh = math.sqrt(1 - PERSISTENCE**2)
    own_climate = math.sqrt(1 - CLIMATE_ON_INNOVATIVENESS**2)
    climate = CLIMATE_ON_INNOVATIVENESS * trait + own_climate * mood
    person = Respondent(
        organisation=organisation,
        wave=wave,
        groups=frozenset(groups),
        rng=rng,
        innovativeness=PERSISTENCE * trait + fresh * rng.gauss(0, 1),
        climate=PERSISTENCE * climate + fresh * rng.gauss(0, 1),
    )
    chosen: dict[str, str] = {}
    for question_id, question in registries.questions.items():
        exists = question["first_wave"] <= wave
        if not exists or not registries.is_asked(question_id, chosen):
            continue
        answer = _answer(registries, person, question_id)
        if answer is not None:
            person.answers[question_id] = answer
            if isinstance(answer, str):
                chosen[question_id] = answer
    return person.answers


def _answer(registries: Registries, person: Respondent, question_id: str) -> Answer | None:
    rng = person.rng
    prefix = next(p for p in ("inn_", "climate_", "factor_", "") if question_id.startswith(p))
    if question_id == "open_example":
        return rng.choice(TEXTS) if rng.random() < 0.3 else None
    if rng.random() < SKIPPED.get(prefix, SKIPPED[""]):
        return None
    if question_id == "employees":
        return max(1, round(person.organisation.fte * rng.uniform(1.0, 1.25)))
    offered = [row["option_id"] for row in registries.offered(question_id, person.wave)]
    if question_id in TICK_ODDS:
        return _ticks(person, question_id, offered)
    if "dont_know" in offered and rng.random() < DONT_KNOW[prefix]:
        return "dont_know"
    if "not_relevant" in offered and rng.random() < 0.06:
        return "not_relevant"
    if question_id in TYPE_BASE:
        odds = TYPE_BASE[question_id] + person.shift("innovation")
        odds += INNOVATIVENESS_ON_TYPES * person.innovativeness
        return "yes" if rng.random() < logistic(odds) else "no"
    if question_id in OPTION_ODDS:
        return _one_of(person, question_id, offered)
    scored = [row for row in registries.offered(question_id, person.wave) if row["score"]]
    scores = [int(row["score"]) for row in scored]
    latent = _latent(person, question_id, len(scores))
    nearest = min(range(len(scores)), key=lambda place: abs(scores[place] - latent))
    return scored[nearest]["option_id"]


def _latent(person: Respondent, question_id: str, points: int) -> float:
    noise = person.rng.gauss(0, 1)
    if question_id == "success":
        lift = SUCCESS_ON_CLIMATE * person.climate + noise
        return 0.5 + points * (0.62 + 0.16 * lift)
    if question_id in FACTOR_MEANS:
        return FACTOR_MEANS[question_id] + 0.3 * person.climate + 0.9 * noise
    spread = math.exp(person.shift("climate_spread"))
    centre = CLIMATE_MEANS[question_id] + person.shift(question_id)
    return centre + spread * (0.62 * person.climate + 0.72 * noise)


def _one_of(person: Respondent, question_id: str, offered: Sequence[str]) -> str:
    odds = OPTION_ODDS[question_id]
    options = [option for option in offered if option in odds]
    weights = [math.exp(odds[o] + person.shift(f"{question_id}.{o}")) for o in options]
    point = person.rng.random() * sum(weights)
    for option, weight in zip(options, weights, strict=True):
        point -= weight
        if point < 0:
            return option
    return options[-1]


def _ticks(person: Respondent, question_id: str, offered: Sequence[str]) -> tuple[str, ...]:
    rng, odds = person.rng, TICK_ODDS[question_id]
    exclusive, probability = EXCLUSIVE.get(question_id, ("", 0.0))
    if rng.random() < probability:
        return (exclusive,)
    options = [option for option in offered if option in odds]
    ticked = [
        o for o in options if rng.random() < logistic(odds[o] + person.shift(f"{question_id}.{o}"))
    ]
    limit = AT_MOST.get(question_id, len(options))
    if len(ticked) > limit:
        # Sorting by a random number keeps the draw the same in every Python version.
        ticked = sorted(sorted(ticked, key=lambda _: rng.random())[:limit], key=options.index)
    return tuple(ticked) or (options[0],)


def logistic(value: float) -> float:
    """Turn log-odds into a probability."""
    return 1 / (1 + math.exp(-value))
