"""The answers of the research software engineers, counted by the pipeline and straight from
the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from built_survey import build_with_tests
from rse_answer_key import (
    REJECTED,
    comparisons,
    counts,
    free_texts,
    group_counts,
)
from rse_questionnaire import FILES, QUESTIONS

from barometer.settings import PROJECT_ROOT, Settings

# One build for the whole module, also where tests run in several processes.
pytestmark = [pytest.mark.thorough, pytest.mark.shared_data, pytest.mark.xdist_group("rse")]

Place = tuple[str, str]
Counted = dict[str | None, int]

N_RESPONSES = {"2016": 273, "2017": 819, "2018": 997}


@pytest.fixture(scope="module")
def rse(shared_data: Path) -> Path:
    return shared_data / "rse"


@pytest.fixture(scope="module")
def warehouse(
    rse: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("warehouse") / "rse"
    settings = Settings(survey="rse", root=PROJECT_ROOT, home=home, inbox=rse)
    build_with_tests(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def cleaned(
    warehouse: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, Place], tuple[Counted, float]]:
    """Answers per option, and their sum where they are numbers, of every question and file."""
    found: dict[tuple[str, Place], tuple[Counted, float]] = {}
    for question, wave, part, option, count, total in warehouse.execute(
        """
        select
            answers.question_id,
            answers.wave,
            exports.part,
            answers.option_id,
            count(distinct answers.response_key),
            sum(case when answers.option_id is null then answers.numeric_value end)
        from cleaned.cln_answers as answers
        inner join staging.stg_submissions as submissions using (wave, response_key)
        inner join raw.exports as exports on submissions.export_id = exports.export_id
        group by all
        """
    ).fetchall():
        counted, so_far = found.get((question, (wave, part)), ({}, 0.0))
        found[question, (wave, part)] = ({**counted, option: count}, so_far + (total or 0.0))
    return found


def test_every_answer_to_every_option_is_that_of_the_files(
    rse: Path, cleaned: dict[tuple[str, Place], tuple[Counted, float]]
) -> None:
    n_options = n_answers = 0
    different = []
    for question, place in comparisons():
        expected, total = counts(rse, question, place)
        found, found_total = cleaned.get((question, place), ({}, 0.0))
        if found != expected or found_total != pytest.approx(total, rel=1e-12):
            different.append((question, place, expected, found))
        n_options += len(expected)
        n_answers += sum(expected.values())

    assert not different
    assert (len(QUESTIONS), len(list(comparisons()))) == (63, 292)
    assert (n_options, n_answers) == (1525, 88174)


def test_no_question_has_answers_from_a_file_without_it(
    cleaned: dict[tuple[str, Place], tuple[Counted, float]],
) -> None:
    assert set(cleaned) <= set(comparisons())


def test_who_was_not_asked_a_question_is_told_from_who_did_not_answer(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        """
        select
            statuses.question_id,
            statuses.wave,
            submissions.part,
            count(*),
            count(*) filter (statuses.status = 'not_asked')
        from cleaned.cln_response_questions as statuses
        inner join staging.stg_submissions as submissions using (wave, response_key)
        group by all
        """
    ).fetchall()
    asked = set(comparisons())
    waves_of = {(question, wave) for question, (wave, _) in asked}

    assert len(found) == sum(
        (question, wave) in waves_of for question in QUESTIONS for wave, _ in FILES
    )
    for question, wave, part, count, not_asked in found:
        assert count == FILES[wave, part][1]
        assert not_asked == (0 if (question, (wave, part)) in asked else count), (question, part)


def test_every_row_of_every_file_is_one_respondent(warehouse: duckdb.DuckDBPyConnection) -> None:
    kept = warehouse.execute(
        """
        select wave, count(*), count(distinct response_key), count(distinct organisation_key)
        from cleaned.cln_responses
        group by wave
        """
    ).fetchall()

    assert {wave: rest for wave, *rest in kept} == {
        wave: [count] * 3 for wave, count in N_RESPONSES.items()
    }
    assert warehouse.execute("from cleaned.cln_excluded_responses").fetchall() == []
    ids = warehouse.execute(
        "select count(*), count(distinct response_id) from staging.stg_submissions"
        " where wave = '2017'"
    ).fetchone()
    assert ids[0] == 819
    assert ids[1] < 819, "ids count anew in every file, so that keys must name the part"


def test_only_answers_that_nobody_can_place_are_rejected(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rejected = warehouse.execute(
        "select question_id, raw_value, rejection_reason, count(*)"
        " from cleaned.cln_rejected_answers group by all order by all"
    ).fetchall()

    assert rejected == [
        *[
            ("bus_factor", value, "unknown_code", count)
            for value, count in REJECTED["bus_factor"].items()
        ],
        ("trainings_per_year", "1000.0", "out_of_range", 2),
        ("trainings_per_year", "1250.0", "out_of_range", 1),
    ]


COUNTRIES = {
    "united kingdom": "united_kingdom",
    "united kingdom of great britain and northern ireland": "united_kingdom",
    "netherlands": "netherlands",
    "germany": "germany",
    "united states": "united_states",
    "united states of america": "united_states",
    "australia": "australia",
    "new zealand": "new_zealand",
    "south africa": "south_africa",
    "canada": "canada",
}
KINDS = {
    "yes": "university",
    "university": "university",
    "college": "university",
    "national laboratory": "research_institute",
    "research institute": "research_institute",
    "helmholtz": "research_institute",
    "max planck": "research_institute",
    "leibniz": "research_institute",
    "fraunhofer": "research_institute",
    "government": "government",
    "other government": "government",
    "private company": "private_company",
    "ngo": "non_profit",
    "non-profit": "non_profit",
    "other non-profit": "non_profit",
    "other": "other_kind",
    "no": "kind_not_asked",
}
KIND_WORDING = (
    r"(what type of organi[sz]ation do you work|do you work for a university|please select your "
    r"organization type)"
)


def kind_of(answer: str) -> str:
    return KINDS[max((start for start in KINDS if answer.startswith(start)), key=len)]


@pytest.mark.parametrize("wave", N_RESPONSES)
def test_groups_are_the_countries_and_kinds_of_organisation_of_the_files(
    rse: Path, warehouse: duckdb.DuckDBPyConnection, wave: str
) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for place in FILES:
        if place[0] != wave:
            continue
        for answer, count in group_counts(rse, place, "in which country do you work").items():
            expected["country", COUNTRIES.get(answer, "other_countries")] += count
        for answer, count in group_counts(rse, place, KIND_WORDING).items():
            expected["organisation_kind", kind_of(answer)] += count
    found = {
        (classification, group): count
        for classification, group, count in warehouse.execute(
            """
            select classification_id, group_id, count(*)
            from cleaned.cln_organisation_groups
            where wave = ? and is_leaf
            group by all
            """,
            [wave],
        ).fetchall()
    }

    assert found == dict(expected)
    unanswered = {"2016": 2, "2017": 2, "2018": 0}[wave]
    assert sum(expected.values()) == 2 * N_RESPONSES[wave] - unanswered


def test_shares_and_means_are_those_of_the_respondents(
    rse: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    estimates = {
        (indicator, group): (value, answered, not_asked)
        for indicator, group, value, answered, not_asked in warehouse.execute(
            """
            select indicator_id, group_id, unweighted_estimate, n_answered, n_not_asked
            from core.fct_estimates
            where wave = '2017'
            """
        ).fetchall()
    }
    full_time, _ = counts(rse, "full_time", ("2017", "de"))
    share = full_time["full_time"] / sum(full_time.values())
    likely, _ = counts(rse, "promotion_likely", ("2017", "nl"))
    score = {
        option: place
        for place, option in enumerate(
            ("strongly_disagree", "disagree", "neither", "agree", "strongly_agree"), start=1
        )
    }
    mean = sum(score[str(option)] * n for option, n in likely.items()) / sum(likely.values())

    assert estimates["full_time_full_time", "germany"] == (pytest.approx(share), 325, 0)
    assert estimates["promotion_likely_mean", "netherlands"] == (pytest.approx(mean), 73, 0)
    assert estimates["promotion_likely_mean", "all_respondents"][1:] == (474, 253)


def test_nothing_that_people_wrote_themselves_leaves_the_raw_layer(
    rse: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    written = free_texts(rse)
    places = warehouse.execute(
        """
        select table_schema, table_name, column_name
        from information_schema.columns
        where table_schema in ('staging', 'cleaned', 'estimation', 'core')
            and data_type = 'VARCHAR'
        """
    ).fetchall()
    found = [
        (schema, table, column)
        for schema, table, column in places
        for (value,) in warehouse.execute(
            f'select distinct "{column}" from {schema}."{table}" where length("{column}") > 20'
        ).fetchall()
        if value.lower() in written
    ]

    assert len(written) > 1000
    assert len({place[:2] for place in places if place[0] == "cleaned"}) > 10
    assert not found
