"""A public release that holds anything else than protected figures is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import duckdb
import pytest
from public_survey import INDICATORS, constants, registry, survey

from publication.errors import AuditError
from publication.public.audit.edition import audit_public
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.release import describe_columns, write_tables
from publication.public.tables.columns import COLUMNS, PublicTable
from publication.public.tables.tables import public_tables
from publication.store.swap import describe_release
from publication.tables import ABOUT
from registry.schemas import CORE

FORBIDDEN = (
    "n_answered",
    "n_asked",
    "n_dont_know",
    "standard_error",
    "design_effect",
    "n_effective",
    "interval_size",
    "p_value",
    "p_adjusted",
    "effect_size",
    "odds_ratio",
    "estimate",
    "weight",
    "correlation",
    "quartile",
    "median",
    "organisation",
    "response_id",
    "response_key",
    "respondent",
    "raw_value",
    "answer_text",
    "email",
    "sha256",
    "created_at",
)


@cache
def made() -> tuple[ProtectedWave, tuple[PublicTable, ...]]:
    one = survey(6)
    wave = protect_wave(one, wave_rules(registry(), "2025", INDICATORS), [], b"secret")
    return wave, public_tables([wave], constants([one]), registry())


@pytest.fixture
def release() -> duckdb.DuckDBPyConnection:
    _, tables = made()
    connection = duckdb.connect()
    write_tables(connection, tables)

    class Named:
        survey, name = "ibo", "public"

    describe_release(connection, Named(), "0001-abc", True, ["label"])
    describe_columns(connection, CORE, ABOUT)
    return connection


def audited(connection: duckdb.DuckDBPyConnection, tables=None) -> None:
    wave, own = made()
    audit_public(connection, own if tables is None else tables, [wave], [])


def a_band() -> dict[str, object]:
    """Return a row of a share with a range of 10 points or more."""
    _, tables = made()
    (estimates,) = [table for table in tables if table.name == "mart_estimates"]
    return next(
        row
        for row in estimates.dicts()
        if row["protection"] == "band" and row["band_upper"] - row["band_lower"] >= 10
    )


def where(row: dict[str, object]) -> str:
    keys = ("wave", "classification_id", "group_id", "indicator_id")
    return " and ".join(f"{key} = '{row[key]}'" for key in keys)


def test_a_release_made_of_protected_cells_passes(release) -> None:
    audited(release)


def test_an_unrounded_standard_error_is_refused(release) -> None:
    release.execute("alter table core.mart_estimates add column standard_error double")
    release.execute("update core.mart_estimates set standard_error = 0.0512345")

    with pytest.raises(AuditError, match=r"core\.mart_estimates\.standard_error"):
        audited(release)


def test_a_band_that_was_halved_is_refused_and_named(release) -> None:
    row = a_band()
    middle = (row["band_lower"] + row["band_upper"]) // 2
    release.execute(f"update core.mart_estimates set band_upper = {middle} where {where(row)}")

    with pytest.raises(AuditError) as caught:
        audited(release)
    assert str(row["indicator_id"]) in str(caught.value)
    assert str(row["group_id"]) in str(caught.value)


def changed(
    row: dict[str, object], change: Callable[[dict[str, object]], dict[str, object]]
) -> tuple[PublicTable, ...]:
    """Return the tables with one row of the estimates made otherwise, as faulty code would."""
    _, tables = made()
    found = []
    for table in tables:
        if table.name == "mart_estimates":
            rows = [change(each) if where(each) == where(row) else each for each in table.dicts()]
            values = tuple(tuple(each[column] for column in table.columns) for each in rows)
            table = replace(table, rows=values)
        found.append(table)
    return tuple(found)


def attacked(tables: tuple[PublicTable, ...]) -> str:
    """Return what the attacker finds where the code that makes tables is itself at fault."""
    connection = duckdb.connect()
    write_tables(connection, tables)
    connection.execute("create table core.about_release as select 'x' as release_id")
    with pytest.raises(AuditError) as caught:
        audited(connection, tables)
    return str(caught.value)


def test_the_attacker_finds_what_a_range_of_one_point_gives_away() -> None:
    row = a_band()
    low = row["band_lower"]
    said = attacked(changed(row, lambda each: {**each, "band_upper": low + 1}))

    assert str(row["indicator_id"]) in said
    assert "does not follow" not in said


def test_a_fine_total_beside_its_groups_is_refused() -> None:
    _, tables = made()
    (estimates,) = [table for table in tables if table.name == "mart_estimates"]
    total = next(
        row
        for row in estimates.dicts()
        if row["protection"] == "implied"
        and row["group_id"] == "rijk_overige"
        and row["indicator_id"] == "innovated"
    )
    low = total["band_lower"]
    said = attacked(changed(total, lambda each: {**each, "band_upper": low + 1}))

    assert "innovated" in said
    assert "rijk_overige" in said


def test_a_row_of_its_own_is_refused(release) -> None:
    release.execute(
        "insert into core.mart_response_rates (wave, classification_id, group_id, n_responses)"
        " values ('2025', 'overheidslaag', 'kantoor', 1)"
    )

    with pytest.raises(AuditError, match="kantoor"):
        audited(release)


def test_a_table_of_its_own_is_refused(release) -> None:
    release.execute("create table core.fct_answers as select 1 as wave")

    with pytest.raises(AuditError, match=r"core\.fct_answers is not a table"):
        audited(release)


def test_no_column_is_about_a_response_an_organisation_or_a_precise_figure(release) -> None:
    columns = release.execute(
        "select table_name, column_name, data_type from information_schema.columns"
    ).fetchall()

    assert len(columns) > 300
    for table, column, data_type in columns:
        assert column in COLUMNS
        for word in FORBIDDEN:
            assert word not in column, f"{table}.{column}"
        if data_type == "DOUBLE":
            assert column.startswith(
                ("mean_", "interval_", "confidence_level", "response_rate", "amount")
            )
    assert release.execute("select count(amount) from core.mart_estimates").fetchall() == [(0,)]


def test_every_column_and_table_says_what_it_means(release) -> None:
    silent = release.execute(
        "select table_name, column_name from duckdb_columns() where not internal"
        " and comment is null union all"
        " select table_name, '' from duckdb_tables() where comment is null"
    ).fetchall()

    assert silent == []


def test_every_text_of_the_release_comes_from_the_registries_or_a_fixed_list(release) -> None:
    """Free text of respondents could only come in as a text; every text is accounted for."""
    from dataclasses import fields

    known = {"ibo", "public", "0001-abc", "label", "share", "mean", "count", "total", "ratio"}
    for table in fields(registry()):
        rows = getattr(registry(), table.name)
        for row in rows if isinstance(rows, tuple) else (rows,):
            known |= {str(value) for value in vars(row).values()}
    coded = {
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
    texts = release.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where data_type = 'VARCHAR'"
    ).fetchall()
    for schema, table, column in texts:
        values = release.execute(
            f'select distinct "{column}" from "{schema}"."{table}" where "{column}" is not null'
        ).fetchall()
        if column in coded:
            assert len(values) <= 40
        else:
            assert {value for (value,) in values} <= known, f"{table}.{column}"
