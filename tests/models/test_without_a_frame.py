"""Without a frame who answered is the population: nobody stands for a row that is left out."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from built_survey import build_survey, described_survey

# One build for the whole module, also where tests run in several processes.
pytestmark = pytest.mark.xdist_group("without_a_frame")

REGISTRIES = {
    "surveys": "visitors,Bezoekers,Visitors,bezoekers,visitors,error,made up,none",
    "waves": "2021,2021,2021,2020-01-01,2020-12-31,,,1,20,,export,",
    "deliveries": "2021,export,main,2021.csv,csv,,,,,,,,,true,plain",
    "columns": """
2021,export,id,response_id,,,,,,
2021,export,test,test_flag,,,,,,
2021,export,level,attribute,,,level,,,
2021,export,country,attribute,,,country,,,
2021,export,uses,answer,uses,,,,,
""",
    "questions": "uses,core,1,single,Uses it,Uses it,2021,,,,,false,false,,,",
    "options": "\n".join(
        f"uses,{option},{position},{option},{option},,false,,false,,"
        for position, option in enumerate(("yes", "no"), start=1)
    ),
    "codes": ",,yes,yes,\n,,no,no,",
    "classifications": "country,Land,Country,1,false,\nlevel,Niveau,Level,2,false,",
    "organisation_groups": """
country,nl,,Nederland,Netherlands,1,false
level,expert,,Expert,Expert,1,false
""",
    "organisation_membership": """
country,nl,country,nl,,,,,10,
level,expert,level,expert,,,,,10,
""",
    "strata_design": "2021,1,level",
    "indicators": "uses,core,1,share,Uses it,Uses it,,,1,neutral,,,,,,false",
    "indicator_items": "uses,numerator,uses,yes",
    "publication_rules": """
minimum_base,1,Rule.
minimum_stratum_responses,1,Rule.
minimum_answered_questions,1,Rule.
""",
}
EXPORT = """id,test,level,country,uses
1,,expert,nl,yes
2,,expert,nl,yes
3,,expert,nl,no
4,,,nl,no
5,,,,
6,,,,
7,,,,
8,1,,nl,yes
"""
"""Four answers count; three blank rows and a test do not."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("visitors")
    settings = described_survey(folder, "visitors", REGISTRIES, {"2021.csv": EXPORT})
    build_survey(settings, "fct_estimates", "fct_response_rates")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


def test_a_share_is_that_of_the_answers_that_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select n_answered, estimate, interval_method from core.fct_estimates where group_id = 'nl'"
    ).fetchall()

    assert rows == [(4, 0.5, "census")]


def test_every_weight_is_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select population_count, response_count, design_weight, weight from cleaned.cln_weights"
        " order by population_count"
    ).fetchall()

    assert rows == [(1, 1, 1.0, 1.0), *[(3, 3, 1.0, 1.0)] * 3]


def test_rows_left_out_are_no_population(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select group_id, n_population, n_responses, response_rate from core.fct_response_rates"
        " order by group_id"
    ).fetchall()

    assert rows == [("expert", 3, 3, 1.0), ("nl", 4, 4, 1.0)]
