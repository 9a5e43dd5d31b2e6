"""A public release that holds anything else than protected figures is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from built_skeleton import Released
from public_survey import (
    INDICATORS,
    filled_otherwise,
    lookups,
    registry,
    release_of,
    survey,
)

from publication.errors import AuditError
from publication.public.audit.edition import audit_public
from publication.public.method.counts import WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.tables.lookups import FIGURES, Lookup

Row = dict[str, Any]
NAMES = ("wave", "classification_id", "group_id", "indicator_id")


@cache
def made() -> tuple[WaveResponses, ProtectedWave, tuple[Lookup, ...]]:
    one = survey(6)
    wave = protect_wave(one, wave_rules(registry(), "2025", INDICATORS), [], b"secret")
    return one, wave, lookups([wave], [one])


@pytest.fixture
def release() -> Released:
    one, _, found = made()
    return release_of(one, found)


def audited(release: Released, found: tuple[Lookup, ...] | None = None) -> None:
    _, wave, own = made()
    audit_public(*release, own if found is None else found, [wave], [])


def figures() -> list[Row]:
    (found,) = [lookup for lookup in made()[2] if lookup.name == FIGURES]
    return found.dicts()


def a_band() -> Row:
    """Return a share with a range of 10 points or more."""
    return next(
        row
        for row in figures()
        if row["protection"] == "band" and row["range_upper"] - row["range_lower"] >= 0.1
    )


def where(row: Row) -> str:
    return " and ".join(f"{name} = '{row[name]}'" for name in NAMES)


def test_a_release_made_of_protected_cells_passes(release) -> None:
    audited(release)


def test_a_figure_of_the_build_in_a_column_that_is_not_public_is_refused(release) -> None:
    release[0].execute("update core.mart_estimates set standard_error = 0.0512345")

    with pytest.raises(AuditError, match=r"core\.mart_estimates\.standard_error is not empty"):
        audited(release)


def test_a_column_of_its_own_is_refused(release) -> None:
    release[0].execute("alter table core.mart_findings add column weight double")

    with pytest.raises(AuditError, match=r"core\.mart_findings\.weight is not a column"):
        audited(release)


def test_a_column_of_another_type_or_a_missing_one_is_refused(release) -> None:
    release[0].execute("alter table core.mart_estimates alter column range_lower type float")
    release[0].execute("alter table core.mart_trends drop column p_value")

    with pytest.raises(AuditError) as caught:
        audited(release)
    assert "core.mart_estimates.range_lower is not a column of the public edition as FLOAT" in str(
        caught.value
    )
    assert "core.mart_trends.p_value is missing" in str(caught.value)


def test_a_name_that_is_not_that_of_the_build_is_refused(release) -> None:
    release[0].execute("update rechtswezen.findings set group_label_en = 'Somebody'")

    with pytest.raises(AuditError, match=r"rechtswezen\.findings .*: group_label_en does not"):
        audited(release)


def test_a_band_that_was_halved_is_refused_and_named(release) -> None:
    row = a_band()
    middle = (row["range_lower"] + row["range_upper"]) / 2
    release[0].execute(f"update core.mart_estimates set range_upper = {middle} where {where(row)}")

    with pytest.raises(AuditError) as caught:
        audited(release)
    assert str(row["indicator_id"]) in str(caught.value)
    assert str(row["group_id"]) in str(caught.value)


def attacked(row: Row, change: Callable[[Row], Row]) -> str:
    """Return what the attacker finds where the code that makes figures is itself at fault."""
    one, _, found = made()
    wrong = filled_otherwise(
        found, FIGURES, lambda each: change(each) if where(each) == where(row) else each
    )
    with pytest.raises(AuditError) as caught:
        audited(release_of(one, wrong), wrong)
    return str(caught.value)


def test_the_attacker_finds_what_a_range_of_one_point_gives_away() -> None:
    row = a_band()
    said = attacked(row, lambda each: {**each, "range_upper": each["range_lower"] + 0.01})

    assert str(row["indicator_id"]) in said
    assert "does not follow" not in said


def test_a_range_that_ends_between_two_points_is_refused() -> None:
    row = a_band()
    said = attacked(row, lambda each: {**each, "range_upper": each["range_upper"] - 0.005})

    assert "finer than a percentage point" in said


@pytest.mark.parametrize("end", ["range_lower", "range_upper"])
def test_one_end_of_a_range_alone_is_attacked_as_a_point(end: str) -> None:
    row = a_band()
    other = "range_upper" if end == "range_lower" else "range_lower"
    said = attacked(row, lambda each: {**each, other: None})

    assert str(row["indicator_id"]) in said


def test_a_fine_total_beside_its_groups_is_refused() -> None:
    total = next(
        row
        for row in figures()
        if row["protection"] == "implied"
        and row["group_id"] == "rijk_overige"
        and row["indicator_id"] == "innovated"
    )
    said = attacked(total, lambda each: {**each, "range_upper": each["range_lower"] + 0.01})

    assert "innovated" in said
    assert "rijk_overige" in said


def test_a_row_of_its_own_is_refused(release) -> None:
    release[0].execute(
        "insert into core.mart_response_rates (wave, classification_id, group_id, n_responses)"
        " values ('2025', 'overheidslaag', 'kantoor', 1)"
    )

    with pytest.raises(AuditError, match="kantoor"):
        audited(release)


def test_a_table_of_its_own_is_refused(release) -> None:
    release[0].execute("create table core.fct_answers as select 1 as wave")

    with pytest.raises(AuditError, match=r"core\.fct_answers is not a table"):
        audited(release)


def test_the_tables_and_columns_are_those_of_the_internal_edition_and_more_at_the_end(
    release,
) -> None:
    connection, tables = release
    for table in tables:
        (built, *_), (public, *_) = (
            connection.execute(
                f"select list(column_name || column_type) from (describe {rows})"
            ).fetchall()[0]
            for rows in (table.selection, f"from {table.quoted}")
        )
        assert public[: len(built)] == built, table.full_name
        added = [name.removesuffix("VARCHAR") for name in public[len(built) :]]
        assert all("range" in n or "protection" in n or n[-6:] == "BIGINT" for n in added)
    assert len(tables) > 40


def test_no_figure_of_the_build_is_in_the_release(release) -> None:
    """Figures of the build are noise here, the same in every row of a column."""
    connection, tables = release
    noise = connection.execute("select any_value(p_value) from warehouse_build.core.mart_claims")
    ((known,),) = noise.fetchall()
    assert known is not None
    for table in tables:
        for column, kind, *_ in connection.execute(f"describe {table.quoted}").fetchall():
            if kind in ("DOUBLE", "VARCHAR"):
                said = f"{known}" if kind == "DOUBLE" else "'noise %'"
                test = "=" if kind == "DOUBLE" else "like"
                found = connection.execute(
                    f'select count(*) from {table.quoted} where "{column}" {test} {said}'
                ).fetchone()
                assert found == (0,), f"{table.full_name}.{column}"


def test_every_column_and_table_says_what_it_means(release) -> None:
    silent = (
        release[0]
        .execute(
            "select table_name, column_name from duckdb_columns() where not internal"
            " and comment is null and database_name = current_database() union all"
            " select table_name, '' from duckdb_tables() where comment is null"
            " and database_name = current_database()"
        )
        .fetchall()
    )

    assert silent == []


IN_DISPLAYS = frozenset(
    [
        "n",
        "at",
        "most",
        "least",
        "to",
        "no",
        "estimate",
        "not",
        "public",
        "million",
        "billion",
        "hoogstens",
        "minstens",
        "tot",
        "geen",
        "schatting",
        "niet",
        "openbaar",
        "miljoen",
        "miljard",
    ]
)
"""Words that a figure may be written with."""


def test_every_text_of_the_release_comes_from_the_registries_or_a_fixed_list(release) -> None:
    """Free text of respondents could only come in as a text; every text is accounted for."""
    from dataclasses import fields

    known = {"ibo", "public", "0001-abc", "label", "share", "mean", "count", "total", "ratio"}
    for table in fields(registry()):
        rows = getattr(registry(), table.name)
        for row in rows if isinstance(rows, tuple) else (rows,):
            known |= {str(value) for value in vars(row).values()}
    coded = {
        "suppression_status",
        "suppression_reason",
        "protection_base",
        "protection",
        "protection_reason",
        "verdict",
        "verdict_nl",
        "verdict_en",
        "order_of_ranges",
        "comparability",
        "group_b_label_nl",
        "group_b_label_en",
    }
    connection, _ = release
    texts = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where data_type = 'VARCHAR' and table_catalog = current_database()"
    ).fetchall()
    for schema, table, column in texts:
        values = connection.execute(
            f'select distinct "{column}" from "{schema}"."{table}" where "{column}" is not null'
        ).fetchall()
        if column in coded or column.startswith(("position_", "change_", "suppression_label")):
            assert len(values) <= 40
        elif column.startswith("display_"):
            words = {word for (value,) in values for word in re.findall(r"[^\W\d_]+", value)}
            assert words <= IN_DISPLAYS, f"{table}.{column}"
        else:
            assert {value for (value,) in values} <= known, f"{table}.{column}"
