"""The counts of the Danish innovation barometer of 2018-19, worked out by the models.

2,271 workplaces answered: 1,877 had innovated and 394 had not. Of the 1,877 innovators, who alone
were asked with whom, 1,334 had collaborated; of the 394 others, who alone were asked, 111 had
something under way. Counts that were published; who answered what within them is invented.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from built_survey import build_survey, described_survey

ANSWERED, INNOVATED, COLLABORATED, UNDER_WAY = 2271, 1877, 1334, 111
STATE = 1000
"""The workplaces of the state come first; the others are municipal and regional."""

# One build for the whole module, also where tests run in several processes.
pytestmark = pytest.mark.xdist_group("danish")

REGISTRIES = {
    "surveys": "danish,Barometer,Barometer,arbejdspladser,workplaces,error,published counts,none",
    "waves": "2019,2019,2019,2017-01-01,2018-12-31,,,2000,2500,,export,",
    "deliveries": "2019,export,main,2019.csv,csv,,,,,,,,,true,plain",
    "columns": """
2019,export,id,response_id,,,,,,
2019,export,id,organisation_key,,,,,,
2019,export,sector,attribute,,,sector,,,
2019,export,innovated,answer,innovated,,,,,
2019,export,with_others,answer,with_others,,,,,
2019,export,under_way,answer,under_way,,,,,
""",
    "questions": """
innovated,core,1,single,Innovated,Innovated,2019,,,,,false,false,,,
with_others,core,2,single,With others,With others,2019,,,,,false,false,,,
under_way,core,3,single,Under way,Under way,2019,,,,,false,false,,,
""",
    "options": "\n".join(
        f"{question},{option},{position},{option},{option},,false,,false,,"
        for question in ("innovated", "with_others", "under_way")
        for position, option in enumerate(("yes", "no"), start=1)
    ),
    "routing": "with_others,any_of,innovated,yes\nunder_way,none_of,innovated,yes",
    "codes": ",,yes,yes,\n,,no,no,",
    "classifications": "all,Alle,All,1,true,\nsector,Sector,Sector,2,true,",
    "organisation_groups": """
all,workplaces,,Alle,All,1,false
sector,state,,Staat,State,1,false
sector,local,,Lokaal,Local,2,false
""",
    "organisation_membership": """
all,workplaces,sector,state,,,,,10,
all,workplaces,sector,local,,,,,10,
sector,state,sector,state,,,,,10,
sector,local,sector,local,,,,,10,
""",
    "strata_design": "2019,1,all",
    "indicators": """
innovated,core,1,share,Innovated,Innovated,,,1,neutral,,,,,,false
collaborated,core,2,share,Collaborated,Collaborated,,,1,neutral,,,,,,false
under_way,core,3,share,Under way,Under way,,,1,neutral,,,,,,false
""",
    "indicator_items": """
innovated,numerator,innovated,yes
collaborated,numerator,with_others,yes
under_way,numerator,under_way,yes
""",
    "publication_rules": """
minimum_base,5,Rule.
minimum_stratum_responses,2,Rule.
minimum_answered_questions,1,Rule.
minimum_scale_responses,10,Rule.
minimum_quartile_responses,30,Rule.
""",
}


def export() -> str:
    """Return one line per workplace."""
    lines = ["id,sector,innovated,with_others,under_way"]
    for number in range(ANSWERED):
        sector = "state" if number < STATE else "local"
        if number < INNOVATED:
            collaborated = "yes" if number < COLLABORATED else "no"
            lines.append(f"w{number},{sector},yes,{collaborated},")
        else:
            under_way = "yes" if number < INNOVATED + UNDER_WAY else "no"
            lines.append(f"w{number},{sector},no,,{under_way}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("danish")
    settings = described_survey(folder, "danish", REGISTRIES, {"2019.csv": export()})
    build_survey(settings, "fct_estimates")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("indicator", "yes", "answered", "not_asked"),
    [
        ("innovated", INNOVATED, ANSWERED, 0),
        ("collaborated", COLLABORATED, INNOVATED, 394),
        ("under_way", UNDER_WAY, 394, INNOVATED),
    ],
)
def test_every_figure_has_the_published_count_and_base(
    figures: duckdb.DuckDBPyConnection, indicator: str, yes: int, answered: int, not_asked: int
) -> None:
    (row,) = figures.execute(
        """
        select n_responses, n_asked, n_answered, n_not_asked, not_asked_share,
               estimate, estimate_lower, interval_method
        from core.fct_estimates where group_id = 'workplaces' and indicator_id = ?
        """,
        [indicator],
    ).fetchall()
    share = yes / answered
    assert row[:4] == (ANSWERED, answered, answered, not_asked)
    assert row[4:7] == pytest.approx((not_asked / ANSWERED, share, share), rel=1e-12)
    assert row[7] == "census"


def test_innovators_and_others_are_all_who_answered(figures: duckdb.DuckDBPyConnection) -> None:
    (bases,) = figures.execute(
        """
        select sum(n_answered) from core.fct_estimates
        where group_id = 'workplaces' and indicator_id in ('collaborated', 'under_way')
        """
    ).fetchall()
    assert bases == (1877 + 394,) == (2271,)


def test_the_sectors_add_up_to_the_total(figures: duckdb.DuckDBPyConnection) -> None:
    rows = figures.execute(
        """
        select
            indicator_id,
            sum(case when classification_id = 'sector' then n_answered end),
            round(sum(case when classification_id = 'sector'
                then n_answered * estimate end), 6),
            sum(case when classification_id = 'all' then n_answered end),
            round(sum(case when classification_id = 'all'
                then n_answered * estimate end), 6)
        from core.fct_estimates group by indicator_id
        """
    ).fetchall()
    assert {row[0]: row[3:] for row in rows} == {
        "innovated": (ANSWERED, INNOVATED),
        "collaborated": (INNOVATED, COLLABORATED),
        "under_way": (394, UNDER_WAY),
    }
    for _, parts_base, parts_count, base, count in rows:
        assert (parts_base, parts_count) == (base, count)
