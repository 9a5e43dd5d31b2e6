"""A small survey made so that much would come back by subtraction, built by the models.

Eleven water boards, ten of them large; a province alone in its layer; a law that holds for exactly
the water boards, as a second classification of the same organisations; a question behind a filter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import duckdb
import pytest
from built_survey import build_survey, described_survey
from region_attack import smallest_sum

pytestmark = pytest.mark.xdist_group("awkward_survey")

MINIMUM = 5
REGISTRIES = {
    "surveys": "boards,Besturen,Boards,besturen,boards,error,made up,none",
    "waves": "2021,2021,2021,2020-01-01,2020-12-31,,,1,99,,export,",
    "deliveries": "2021,export,main,2021.csv,csv,,,,,,,,,true,plain",
    "columns": """
2021,export,id,response_id,,,,,,
2021,export,layer,attribute,,,layer,,,
2021,export,size,attribute,,,size,,,
2021,export,uses,answer,uses,,,,,
2021,export,often,answer,often,,,,,
""",
    "questions": """
uses,core,1,single,Uses it,Uses it,2021,,,,,false,false,,,
often,core,2,single,Often,Often,2021,,,,,false,false,,,
""",
    "options": "\n".join(
        f"{question},{option},{position},{option},{option},,false,,false,,"
        for question in ("uses", "often")
        for position, option in enumerate(("yes", "no"), start=1)
    ),
    "codes": "\n".join(
        [*(f"{q},,{o},{o}," for q in ("uses", "often") for o in ("yes", "no")), ",,NA,,no_answer"]
    ),
    "routing": "often,any_of,uses,yes",
    "classifications": """
layer,Laag,Layer,1,true,
law,Wet,Law,2,false,
size,Omvang,Size,3,true,
""",
    "organisation_groups": """
layer,all,,Alle,All,1,false
layer,water,all,Water,Water,2,false
layer,cities,all,Steden,Cities,3,false
layer,states,all,Staten,States,4,false
layer,province,all,Provincie,Province,5,false
law,water_act,,Waterwet,Water act,1,false
size,large,,Groot,Large,1,false
size,small,,Klein,Small,2,false
""",
    "organisation_membership": "\n".join(
        [
            *(f"layer,{x},layer,{x},,,,,10," for x in ("water", "cities", "states", "province")),
            "law,water_act,layer,water,,,,,10,",
            *(f"size,{size},size,{size},,,,,10," for size in ("large", "small")),
        ]
    ),
    "crossings": "layer,size",
    "strata_design": "2021,1,layer",
    "indicators": """
uses,core,1,share,Uses it,Uses it,,,1,neutral,share,,,,,false
often,core,2,share,Often,Often,,,1,neutral,share,,,,,false
""",
    "indicator_items": "uses,numerator,uses,yes\noften,numerator,often,yes",
    "publication_rules": f"""
minimum_base,{MINIMUM},Rule.
minimum_stratum_responses,1,Rule.
minimum_answered_questions,1,Rule.
""",
}
# Layer, size, how many use it and how many do not.
CELLS = (
    ("water", "large", 6, 4),
    ("water", "small", 1, 0),
    ("cities", "large", 9, 6),
    ("cities", "small", 7, 5),
    ("states", "large", 2, 1),
    ("states", "small", 12, 9),
    ("province", "large", 0, 1),
)


def export() -> str:
    lines = ["id,layer,size,uses,often"]
    for layer, size, using, others in CELLS:
        for number in range(using + others):
            answers = "yes,yes" if number % 2 == 0 and number < using else "yes,no"
            lines.append(f"{len(lines)},{layer},{size},{answers if number < using else 'no,NA'}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("boards")
    settings = described_survey(folder, "boards", REGISTRIES, {"2021.csv": export()})
    build_survey(settings, "fct_estimates")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


def groups(layer: str, size: str) -> frozenset[tuple[str, str]]:
    law = [("law", "water_act")] if layer == "water" else []
    crossed = [("layer_x_size", f"{one}_x_{size}") for one in ("all", layer)]
    return frozenset([("layer", "all"), ("layer", layer), ("size", size), *law, *crossed])


def shown(warehouse: duckdb.DuckDBPyConnection) -> dict[str, dict[tuple[str, str], int]]:
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for indicator, *group, base in warehouse.execute(
        "select indicator_id, classification_id, group_id, n_answered from core.fct_estimates"
        " where suppression_status = 'published'"
    ).fetchall():
        found[indicator][*group,] = base
    return found


def test_nothing_small_follows_from_any_combination(warehouse) -> None:
    cells = {
        "uses": Counter({groups(layer, size): y + n for layer, size, y, n in CELLS}),
        # How many were asked what is behind the filter is how many passed it.
        "often": Counter({groups(layer, size): y for layer, size, y, _ in CELLS}),
    }
    for indicator, known in shown(warehouse).items():
        for group, base in known.items():
            assert base == sum(n for held, n in cells[indicator].items() if group in held)
        assert smallest_sum(cells[indicator], known) >= MINIMUM
        everybody = {group for held in cells[indicator] for group in held}
        assert smallest_sum(cells[indicator], everybody) == 1


def test_what_stays_blank_is_what_would_give_the_small_ones(warehouse) -> None:
    known = shown(warehouse)
    plain = {group for classification, group in known["uses"] if classification != "layer_x_size"}

    # With the water boards the rest of all would be the province; under the law they are the same.
    assert plain == {"all", "cities", "states", "large", "small"}
    # Of the states three are large: they would follow from those that are small.
    assert ("layer_x_size", "states_x_small") not in known["uses"]
    assert ("layer_x_size", "cities_x_large") in known["uses"]


def test_every_blank_says_the_same_and_nothing_else(warehouse) -> None:
    rows = warehouse.execute(
        "select suppression_reason, count(n_responses), count(n_asked), count(n_not_asked),"
        " count(n_answered), count(estimate), count(bound_lower), count(*) > 5"
        " from core.fct_estimates where suppression_status <> 'published' group by 1"
    ).fetchall()

    assert rows == [("base_below_minimum", 0, 0, 0, 0, 0, 0, True)]
