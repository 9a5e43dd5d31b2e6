"""What is blank in the internal edition of the example does not come back from what is not.

The attacker has every table of the release, knows who responded and who is in which group, and
adds and subtracts. Of each indicator he has whatever group any table shows it for.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import duckdb
import pytest
from region_attack import smallest_sum

from barometer.settings import Settings
from registry import load_registry

Group = tuple[str, ...]
"""Classification and group, and for those of a band of scores the band too."""
ABOUT_THE_ROW = frozenset({"scale_minimum", "scale_maximum", "answer_score"})


@pytest.fixture(scope="module")
def release(example_refresh: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    path = os.fspath(example_refresh.current_release / example_refresh.release_file_name)
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute(f"attach '{example_refresh.warehouse}' as build (read_only)")
        yield connection


@pytest.fixture(scope="module")
def minimum(example_refresh: Settings) -> int:
    return int(load_registry(example_refresh.seeds).rule("minimum_base"))


@pytest.fixture(scope="module")
def tables(release: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """The columns of every table of which rows can be blank."""
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for schema, table, column in release.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = current_database() order by all"
    ).fetchall():
        columns[schema, table].append(column)
    return {place: names for place, names in columns.items() if "suppression_status" in names}


def answers(release: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, frozenset[Group]]]:
    """Yield wave, indicator, and the groups of everybody who answered it."""
    held: dict[tuple[str, str], set[Group]] = defaultdict(set)
    for wave, key, *group in release.execute(
        "select wave, response_key, classification_id, group_id"
        " from build.cleaned.cln_responses"
        " join build.cleaned.cln_organisation_groups using (wave, organisation_key)"
    ).fetchall():
        held[wave, key].add((*group,))
    for wave, key, indicator in release.execute(
        "select wave, response_key, indicator_id from build.cleaned.cln_indicator_values"
        " where status = 'answered'"
    ).fetchall():
        yield wave, indicator, frozenset(held[wave, key])


def shown_in(
    release: duckdb.DuckDBPyConnection, schema: str, table: str, columns: list[str]
) -> Iterator[tuple[str, str, Group, int]]:
    """Yield wave, indicator, group and base of all that the rows of a table are about."""
    about = f'from "{schema}"."{table}" where suppression_status = \'published\''
    sides = {
        "group_id": ["wave", "n_answered"],
        "group_a": ["wave", "n_answered_a"],
        "group_b": ["wave", "n_answered_b"],
    }
    indicator = "indicator_id" if "indicator_id" in columns else "scale_id"
    # In this survey the indicator of a statement is named after it.
    indicator = "question_id" if "answer_id" in columns else indicator
    for group, needed in sides.items():
        if {group, indicator, "classification_id", *needed} <= set(columns):
            only = " and outcome_indicator_id is null" if "outcome_indicator_id" in columns else ""
            yield from (
                (wave, name, (classification, member), base)
                for wave, name, classification, member, base in release.execute(
                    f"select wave, {indicator}, classification_id, {group}, {needed[1]} {about}"
                    f" and {group} is not null and {needed[1]} is not null{only}"
                ).fetchall()
            )
    if {"wave_from", "n_answered_from", "group_id"} <= set(columns):
        yield from (
            (wave, name, (classification, member), base)
            for wave, name, classification, member, base in release.execute(
                "select wave_from, indicator_id, classification_id, group_id, n_answered_from"
                f" {about} and n_answered_from is not null"
            ).fetchall()
        )


def test_no_combination_of_groups_in_any_tables_is_about_fewer_than_the_minimum(
    release, tables, minimum
):
    cells: dict[tuple[str, str], Counter[frozenset[Group]]] = defaultdict(Counter)
    for wave, indicator, groups in answers(release):
        cells[wave, indicator][groups] += 1
    shown: dict[tuple[str, str], dict[Group, int]] = defaultdict(dict)
    read = set()
    for (schema, table), columns in tables.items():
        # Two indicators of one claim have a base each; who has a score and an outcome is for below.
        if table in ("mart_claims", "mart_scale_associations", "mart_scale_variance"):
            continue
        for wave, indicator, group, base in shown_in(release, schema, table, columns):
            read.add((schema, table))
            assert shown[wave, indicator].setdefault(group, base) == base, (schema, table, group)
    assert {("core", "mart_estimates"), ("innovation", "climate"), ("core", "mart_trends")} <= read
    assert {schema for schema, table in read if table == "findings"} == {
        schema for schema, table in tables if table == "findings"
    }

    @cache
    def smallest(held: frozenset, groups: frozenset) -> float:
        return smallest_sum(dict(held), groups)

    found = {
        place: smallest(frozenset(cells[place].items()), frozenset(groups))
        for place, groups in shown.items()
    }

    assert len(found) > 250
    assert {place: least for place, least in found.items() if least < minimum} == {}
    # What is blank is many groups, and the attacker does find them where they are not.
    place = "2021", "breadth"
    everything = {group for held in cells[place] for group in held}
    assert smallest_sum(cells[place], everything) < minimum


def test_no_combination_of_groups_and_bands_is_about_fewer_than_the_minimum(release, minimum):
    rows = release.execute(
        "select v.wave, v.outcome_indicator_id, v.response_key, v.classification_id, v.group_id,"
        " s.band_id from build.estimation.est_association_values as v"
        " join build.estimation.est_scale_scores as s using (wave, scale_id, response_key)"
        " where v.score is not null"
    ).fetchall()
    people: dict[tuple[str, str], dict[str, set[Group]]] = defaultdict(lambda: defaultdict(set))
    for wave, outcome, person, *group, band in rows:
        people[wave, outcome][person] |= {(*group,), (*group, band)}
    shown: dict[tuple[str, str], set[Group]] = defaultdict(set)
    for table, band in (("mart_scale_associations", "null"), ("mart_scale_cross", "band_id")):
        for wave, outcome, *group, in_band in release.execute(
            f"select wave, outcome_indicator_id, classification_id, group_id, {band}"
            f" from core.{table} where suppression_status = 'published'"
        ).fetchall():
            shown[wave, outcome].add((*group, in_band) if in_band else (*group,))

    for place, groups in shown.items():
        cells = Counter(frozenset(held) for held in people[place].values())
        assert smallest_sum(cells, groups) >= minimum, place
    assert len(shown) == 9


def test_a_blank_row_holds_no_figure_and_one_reason(release, tables):
    reasons = set()
    for (schema, table), columns in tables.items():
        place = f'"{schema}"."{table}"'
        numeric = [
            name
            for name, kind, *_ in release.execute(f"describe {place}").fetchall()
            if (name.startswith("n_") or kind in ("DOUBLE", "FLOAT")) and name not in ABOUT_THE_ROW
        ]
        for name in numeric:
            assert release.execute(
                f"select count(*) from {place}"
                f" where suppression_status <> 'published' and {name} is not null"
            ).fetchone() == (0,), (place, name)
        if "suppression_reason" in columns:
            reasons |= {
                reason
                for (reason,) in release.execute(
                    f"select distinct suppression_reason from {place}"
                    " where suppression_status <> 'published'"
                ).fetchall()
            }

    assert reasons == {"base_below_minimum"}


def test_the_words_of_a_blank_row_follow_from_its_keys(release, tables):
    """Whether few answered, or too few were left by subtraction, is not told by a word either."""
    for (schema, table), columns in tables.items():
        for name in ("verdict", "association_status", "adjusted_for"):
            if name not in columns:
                continue
            by = ", comparability" if "comparability" in columns and name == "verdict" else ""
            blank = "suppression_status <> 'published'"
            if table == "climate" and name != "verdict":
                blank += " and outcome_indicator_id is not null"
            groups = release.execute(
                f'select count(distinct coalesce({name}, \'\')){by} from "{schema}"."{table}"'
                f" where {blank} group by all"
            ).fetchall()
            assert {count for count, *_ in groups} <= {0, 1}, (schema, table, name)
