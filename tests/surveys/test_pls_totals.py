"""The marts give the state totals that the Public Libraries Survey published."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from built_survey import build_with_tests
from pls_answer_key import (
    N_COMPARISONS,
    answer_columns,
    organisations,
    published_totals,
    registry,
    state_sums,
    waves,
)

from barometer.settings import PROJECT_ROOT, Settings

# One build for the whole module, also where tests run in several processes.
pytestmark = [pytest.mark.thorough, pytest.mark.shared_data, pytest.mark.xdist_group("pls")]

QUESTION_OF_TOTAL = {
    row["indicator_id"]: row["question_id"]
    for row in registry("indicator_items")
    if row["indicator_id"].endswith("_total")
}
TOTAL_OF_QUESTION = {question: indicator for indicator, question in QUESTION_OF_TOTAL.items()}


@pytest.fixture(scope="module")
def pls(shared_data: Path) -> Path:
    return shared_data / "pls"


@pytest.fixture(scope="module")
def warehouse(
    pls: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("warehouse") / "pls"
    settings = Settings(survey="pls", root=PROJECT_ROOT, home=home, inbox=pls)
    build_with_tests(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def estimates(warehouse: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], float | None]:
    """Weighted estimate by wave, indicator and group; None where there is nothing to estimate."""
    rows = warehouse.execute(
        "select wave, indicator_id, group_id, estimate from core.fct_estimates"
    ).fetchall()
    found = {(wave, indicator, group): value for wave, indicator, group, value in rows}
    assert len(found) == len(rows)
    return found


def same(found: float | None, expected: Decimal | None) -> bool:
    """Whether a total is the expected one to its last digit, the hundredth."""
    if found is None or expected is None:
        return found is None and expected is None
    return abs(Decimal(found) - expected) < Decimal("0.005")


def test_every_published_state_total_is_in_the_mart(
    pls: Path, estimates: dict[tuple[str, str, str], float | None]
) -> None:
    compared = 0
    different = []
    for total in published_totals(pls):
        indicator = TOTAL_OF_QUESTION[total.question_id]
        found = estimates[total.wave, indicator, f"state_{total.state.lower()}"]
        compared += 1
        if not same(found, total.value):
            different.append((total, found))

    assert not different
    assert compared == N_COMPARISONS


def test_the_wave_without_published_totals_has_the_sums_of_its_file(
    pls: Path, estimates: dict[tuple[str, str, str], float | None]
) -> None:
    sums = state_sums(pls, "2018")
    different = [
        (question, state, found)
        for (question, state), found in sums.items()
        if not same(
            estimates["2018", TOTAL_OF_QUESTION[question], f"state_{state.lower()}"],
            found.value if found.n_reported else None,
        )
    ]

    assert not different
    assert len(sums) == 23 * 55


@pytest.mark.parametrize("root", ["us", "us_regions", "all_sizes"])
def test_every_classification_adds_up_to_the_sum_of_the_states(
    pls: Path, estimates: dict[tuple[str, str, str], float | None], root: str
) -> None:
    different = []
    for wave in waves():
        sums = state_sums(pls, wave)
        for question in answer_columns(wave):
            expected = sum(found.value for (asked, _), found in sums.items() if asked == question)
            if not same(estimates[wave, TOTAL_OF_QUESTION[question], root], Decimal(expected)):
                different.append((wave, question))

    assert not different


def test_groups_below_a_root_add_up_to_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    compared, different = warehouse.execute(
        """
        with roots as (
            select group_id from registry.organisation_groups where parent_group_id is null
        ),

        sums as (
            select
                estimates.wave,
                estimates.classification_id,
                estimates.indicator_id,
                max(estimates.estimate) filter (group_id in (from roots)) as whole,
                sum(estimates.estimate) filter (group_id not in (from roots)) as parts
            from core.fct_estimates as estimates
            where estimates.kind = 'total'
            group by all
        )

        select count(*), count(*) filter (abs(whole - parts) >= 0.005 or parts is null)
        from sums
        """
    ).fetchone()

    assert different == 0
    assert compared == 3 * sum(len(answer_columns(wave)) for wave in waves())


def test_a_census_has_weight_one_and_no_standard_error(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert warehouse.execute(
        """
        select distinct design_weight, population_count - response_count from cleaned.cln_weights
        """
    ).fetchall() == [(1.0, 0)]
    estimated, unlike, uncertain = warehouse.execute(
        """
        select
            count(*),
            count(*) filter (
                unweighted_estimate is null
                or abs(estimate - unweighted_estimate)
                > 1e-12 * abs(unweighted_estimate)
            ),
            -- Nothing is estimated where every library told; where some did not, nobody knows.
            count(*) filter (
                case
                    when n_dont_know + n_no_answer = 0
                        then standard_error is distinct from 0 or interval_method <> 'census'
                    else
                        standard_error is not null
                        or interval_method not in ('census_bounds', 'none_items_missing')
                end
            )
        from core.fct_estimates
        where estimate is not null
        """
    ).fetchone()

    assert estimated > N_COMPARISONS
    assert (unlike, uncertain) == (0, 0)


def test_every_organisation_in_the_file_is_one_response(
    pls: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    counts = dict(
        warehouse.execute(
            """
            select wave, count(distinct organisation_key)
            from cleaned.cln_responses
            group by wave
            """
        ).fetchall()
    )

    assert counts == {wave: len(organisations(pls, wave)) for wave in waves()}
    assert warehouse.execute("from cleaned.cln_excluded_responses").fetchall() == []
    assert warehouse.execute("from cleaned.cln_rejected_answers").fetchall() == []


def test_means_and_ratios_use_organisations_that_reported(
    pls: Path, estimates: dict[tuple[str, str, str], float | None]
) -> None:
    rows = [row for row in organisations(pls, "2018") if row["STABR"] == "CA"]
    visits = [int(row["VISITS"]) for row in rows if int(row["VISITS"]) >= 0]
    both = [row for row in rows if int(row["VISITS"]) >= 0 and int(row["POPU_LSA"]) >= 0]
    per_inhabitant = sum(int(row["VISITS"]) for row in both) / sum(
        int(row["POPU_LSA"]) for row in both
    )

    assert len(both) < len(visits)
    assert estimates["2018", "visits_mean", "state_ca"] == pytest.approx(
        sum(visits) / len(visits), rel=1e-12
    )
    assert estimates["2018", "visits_per_capita", "state_ca"] == pytest.approx(
        per_inhabitant, rel=1e-12
    )


def test_columns_the_registry_does_not_list_are_landed_and_reported(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    reported = {
        (wave, column)
        for wave, column in warehouse.execute(
            "select wave, column_name from staging.stg_unmapped_columns"
        ).fetchall()
    }

    assert {("1996", "PHONE"), ("1998", "IMP40"), ("2018", "LATITUDE")} <= reported
    assert not {column for _, column in reported} & {
        row["column_name"] for row in registry("columns")
    }
