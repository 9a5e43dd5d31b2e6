"""The sampling frames: invented organisations, the same for every seed.

The registries name some of these organisations (curated memberships, mergers), so the list is
fixed; only what organisations answer, and which of them answer, follows the seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from examples.registries import Registries

STRUCTURE_SEED = "ibo-example-organisations"


@dataclass(frozen=True)
class Organisation:
    """One organisation of a frame."""

    key: str
    name: str
    organisation_type: str
    legal_form: str
    serves: str
    main_task: str
    fte: int

    @property
    def attributes(self) -> Mapping[str, str]:
        """Values the membership rules look at."""
        return {
            "organisation_key": self.key,
            "organisation_type": self.organisation_type,
            "legal_form": self.legal_form,
            "serves": self.serves,
            "main_task": self.main_task,
            "fte": str(self.fte),
        }


@dataclass(frozen=True)
class Kind:
    """A run of organisations of one register type: keys, size classes, name."""

    organisation_type: str
    first_key: int
    count: int
    name: str
    sizes: tuple[float, float, float]
    is_executive: bool = False
    main_tasks: tuple[str, ...] = ("",)
    legal_form: str = "Publiekrechtelijk - Onderdeel Staat der Nederlanden"


OWN_BODY = "Publiekrechtelijk - Eigen rechtspersoonlijkheid"
MIXED = (0.35, 0.40, 0.25)
SMALL = (0.70, 0.25, 0.05)
COURTS = (0.30, 0.45, 0.25)
POLICY, STAFF, OPERATIONS = ("beleid",), ("staf",), ("uitvoering",)
# What the directorates of a ministry are for, in turns.
ANY_TASK = ("beleid", "uitvoering", "staf")

KINDS_2021 = (
    Kind("provincie", 21, 12, "Voorbeeldprovincie", (0, 0, 1), legal_form=OWN_BODY),
    Kind("waterschap", 51, 21, "Voorbeeldwaterschap", (0, 0.3, 0.7), legal_form=OWN_BODY),
    Kind(
        "zelfstandig bestuursorgaan",
        101,
        128,
        "Voorbeeld-zbo",
        MIXED,
        is_executive=True,
        legal_form=OWN_BODY,
    ),
    Kind("agentschap", 229, 28, "Voorbeeldagentschap", (0.1, 0.4, 0.5), is_executive=True),
    Kind("dienst", 257, 78, "Voorbeelddienst", MIXED, is_executive=True),
    Kind("organisatieonderdeel", 335, 6, "Voorbeelduitvoering", MIXED, is_executive=True),
    Kind("rechtbank", 401, 11, "Voorbeeldrechtbank", (0, 0.3, 0.7)),
    Kind("gerechtshof", 412, 4, "Voorbeeldgerechtshof", (0, 0.5, 0.5)),
    Kind("bijzonder rechtscollege", 416, 5, "Voorbeeldrechtscollege", COURTS),
    Kind("tuchtcollege", 421, 15, "Voorbeeldtuchtcollege", (0.8, 0.2, 0)),
    Kind("arrondissementsparket", 436, 10, "Voorbeeldparket", (0, 0.8, 0.2)),
    Kind("organisatieonderdeel", 446, 4, "Voorbeeldonderdeel OM", COURTS),
    Kind("hoog college van staat", 450, 1, "Voorbeeldcollege van Staat met rechtspraak", (0, 0, 1)),
    Kind("ministerie", 501, 12, "Voorbeeldministerie", (0, 0, 1), main_tasks=POLICY),
    Kind("inspectie", 513, 15, "Voorbeeldinspectie", (0.2, 0.5, 0.3), main_tasks=OPERATIONS),
    Kind("adviescollege", 528, 45, "Voorbeeldadviescollege", (0.9, 0.1, 0), main_tasks=POLICY),
    Kind(
        "hoog college van staat",
        573,
        5,
        "Voorbeeldcollege van Staat",
        (0.2, 0.6, 0.2),
        main_tasks=OPERATIONS,
    ),
    Kind("planbureau", 578, 3, "Voorbeeldplanbureau", (0, 1, 0), main_tasks=POLICY),
    Kind("politie", 581, 2, "Voorbeeldpolitie-eenheid", (0, 0, 1), main_tasks=OPERATIONS),
    Kind(
        "organisatieonderdeel",
        583,
        98,
        "Voorbeelddirectie Coördinatie",
        (0.35, 0.5, 0.15),
        main_tasks=ANY_TASK,
    ),
    Kind("gemeente", 1001, 352, "Voorbeeldgemeente", (0.2, 0.55, 0.25), legal_form=OWN_BODY),
    Kind(
        "gemeenschappelijke regeling",
        2001,
        505,
        "Voorbeeldregeling Coöperatie",
        SMALL,
        legal_form=OWN_BODY,
    ),
)
NEW_IN_2023 = (
    Kind(
        "zelfstandig bestuursorgaan",
        681,
        1,
        "Nieuw voorbeeld-zbo",
        MIXED,
        is_executive=True,
        legal_form=OWN_BODY,
    ),
    Kind(
        "gemeenschappelijke regeling",
        2516,
        3,
        "Nieuwe voorbeeldregeling",
        SMALL,
        legal_form=OWN_BODY,
    ),
)
NEW_IN_2025 = (
    Kind("ministerie", 682, 1, "Nieuw voorbeeldministerie", (0, 0, 1), main_tasks=POLICY),
    Kind(
        "gemeenschappelijke regeling",
        2519,
        5,
        "Nieuwe voorbeeldregeling",
        SMALL,
        legal_form=OWN_BODY,
    ),
)
DISSOLVED = {
    "2023": frozenset(f"{key:05d}" for key in range(2101, 2111)),
    "2025": frozenset(f"{key:05d}" for key in range(2201, 2209)),
}
# Whom a unit serves is known only while it counts as an executive agency.
NOW_SERVES = {"2023": {"00600": "burgers en bedrijven"}, "2025": {"00340": ""}}
# The main task of a unit is known only while it counts as other central government.
NOW_TASKED = {"2023": {"00600": ""}, "2025": {"00340": "uitvoering"}}
NEW_BY_WAVE = {"2021": KINDS_2021, "2023": NEW_IN_2023, "2025": NEW_IN_2025}
SIZE_RANGES = ((5, 99), (100, 499), (500, 6000))


def build_frames(registries: Registries) -> dict[str, tuple[Organisation, ...]]:
    """Return the frame of every wave, sorted by key."""
    frames: dict[str, tuple[Organisation, ...]] = {}
    current: dict[str, Organisation] = {}
    before = date.min
    for wave, row in registries.waves.items():
        until = date.fromisoformat(row["fieldwork_start"])
        for kind in NEW_BY_WAVE[wave]:
            current.update({item.key: item for item in _organisations(kind)})
        _merge(current, registries, before, until)
        for key in DISSOLVED.get(wave, frozenset()):
            del current[key]
        for key, serves in NOW_SERVES.get(wave, {}).items():
            current[key] = replace(current[key], serves=serves)
        for key, main_task in NOW_TASKED.get(wave, {}).items():
            current[key] = replace(current[key], main_task=main_task)
        if frames:
            current = {key: _with_new_size(item, wave) for key, item in current.items()}
        frames[wave] = tuple(current[key] for key in sorted(current))
        before = until
    return frames


def _organisations(kind: Kind) -> list[Organisation]:
    rng = random.Random(f"{STRUCTURE_SEED}|{kind.organisation_type}|{kind.first_key}")
    small, medium, _ = (round(share * kind.count) for share in kind.sizes)
    classes = [0] * small + [1] * medium
    classes = (classes + [2] * kind.count)[: kind.count]
    rng.shuffle(classes)
    result = []
    for number, size in enumerate(classes, start=1):
        low, high = SIZE_RANGES[size]
        # Small organisations outnumber large ones within a size class too.
        fte = int(low * (high / low) ** rng.random())
        serves = ""
        if kind.is_executive:
            serves = "burgers en bedrijven" if rng.random() < 0.64 else "overheid"
        result.append(
            Organisation(
                key=f"{kind.first_key + number - 1:05d}",
                name=f"{kind.name} {number:03d} (synthetisch)",
                organisation_type=kind.organisation_type,
                legal_form=kind.legal_form,
                serves=serves,
                main_task=kind.main_tasks[(number - 1) % len(kind.main_tasks)],
                fte=fte,
            )
        )
    return result


def _merge(
    current: dict[str, Organisation], registries: Registries, before: date, until: date
) -> None:
    merged = 0
    for row in registries.succession:
        effective = date.fromisoformat(row["effective_date"])
        gone = current.get(row["organisation_key"])
        if gone is None or not before < effective <= until:
            continue
        del current[gone.key]
        heir = current.get(row["successor_key"])
        if heir is None:
            merged += 1
            name = f"Nieuwe voorbeeldgemeente {merged:03d} (synthetisch)"
            heir = replace(gone, key=row["successor_key"], name=name, fte=0)
        current[heir.key] = replace(heir, fte=heir.fte + gone.fte)


def _with_new_size(organisation: Organisation, wave: str) -> Organisation:
    rng = random.Random(f"{STRUCTURE_SEED}|{wave}|{organisation.key}")
    return replace(organisation, fte=max(3, round(organisation.fte * rng.uniform(0.96, 1.05))))
