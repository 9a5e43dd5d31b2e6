"""A build stops at a design that is not supported, and says which row of which file is wrong."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from built_survey import build_survey, described_survey

from barometer.errors import BarometerError
from barometer.settings import Settings

REGISTRIES = {
    "surveys": "visits,Bezoeken,Visits,bezoekers,visitors,error,made up,none",
    "waves": "2021,2021,2021,2020-01-01,2020-12-31,,,1,20,,registry,",
    "deliveries": "2021,export,main,2021.csv,csv,,,,,,,,,true,plain",
    "columns": """
2021,export,id,response_id,,,,,,
2021,export,id,organisation_key,,,,,,
2021,export,kind,attribute,,,kind,,,
2021,export,region,cluster,,,,,,
2021,export,w,weight,,,,,,
2021,export,uses,answer,uses,,,,,
""",
    "questions": "uses,core,1,single,Uses it,Uses it,2021,,,,,false,false,,,",
    "options": "uses,yes,1,yes,yes,,false,,false,,\nuses,no,2,no,no,,false,,false,,",
    "codes": ",,yes,yes,\n,,no,no,",
    "classifications": "kind,Soort,Kind,1,true,",
    "organisation_groups": "kind,big,,Groot,Big,1,false\nkind,small,,Klein,Small,2,false",
    "organisation_membership": "kind,big,kind,big,,,,,10,\nkind,small,kind,small,,,,,10,",
    "strata_design": "2021,1,kind",
    "strata": "2021,big,9\n2021,small,20",
    "cluster_counts": "2021,big,5\n2021,small,5",
    "indicators": "uses,core,1,share,Uses it,Uses it,,,1,neutral,,,,,,false",
    "indicator_items": "uses,numerator,uses,yes",
    "publication_rules": """
minimum_base,1,Rule.
minimum_stratum_responses,1,Rule.
minimum_answered_questions,1,Rule.
""",
}
HEADER = "id,kind,region,w,uses"
ROWS = (
    "a,big,north,3,yes",
    "b,big,north,3,no",
    "c,big,east,3,no",
    "d,small,south,10,yes",
    "e,small,west,10,no",
)


def build(folder: Path, rows: tuple[str, ...], **changed: str) -> Settings:
    export = "\n".join([HEADER, *rows]) + "\n"
    settings = described_survey(folder, "visits", REGISTRIES | changed, {"2021.csv": export})
    build_survey(settings, "cln_weights")
    return settings


@pytest.mark.parametrize(
    ("place", "row", "changed", "says"),
    [
        (
            4,
            "e,small,west,11,no",
            {},
            "1 response(s) of wave '2021' have a delivered weight that is not organisations over "
            "responses of their stratum: data row 5 has 11, computed is 10.",
        ),
        pytest.param(
            1,
            "b,big,north,,no",
            {"weight_sources": "2021,delivered"},
            "1 response(s) of wave '2021' have a delivered weight that is no number above nought: "
            "data row 2 has no weight.",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            2,
            "c,big, ,3,no",
            {},
            "1 organisation(s) of wave '2021' have no cluster, the first in data row 3.",
            marks=pytest.mark.thorough,
        ),
        (
            3,
            "d,small,north,10,yes",
            {},
            "1 cluster(s) of wave '2021' lie in more than one stratum: 'north' in 'big' "
            "(data row 1) and 'small' (data row 4).",
        ),
    ],
    ids=["another weight", "no weight", "no cluster", "two strata"],
)
def test_a_design_that_is_not_supported_stops_the_build(tmp_path, place, row, changed, says):
    rows = (*ROWS[:place], row, *ROWS[place + 1 :])

    with pytest.raises(BarometerError) as caught:
        build(tmp_path, rows, **changed)

    told = " ".join(str(caught.value).split())
    assert says in told
    assert "columns.csv" in told or "strata_design.csv" in told


def test_weights_that_differ_are_used_where_they_are_delivered(tmp_path):
    rows = (*ROWS[:4], "e,small,west,11,no")
    settings = build(tmp_path, rows, weight_sources="2021,delivered")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select weight, cluster_id, sampled_count, round(sampled_fraction, 3)"
            " from cleaned.cln_weights order by organisation_key"
        ).fetchall()
    assert found == [
        (3.0, "north", 2, 0.4),
        (3.0, "north", 2, 0.4),
        (3.0, "east", 2, 0.4),
        (10.0, "south", 2, 0.0),
        (11.0, "west", 2, 0.0),
    ]
