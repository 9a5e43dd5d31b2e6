"""Keys of the star in PostgreSQL, from which a BI tool proposes joins."""

from __future__ import annotations

import psycopg
import pytest
from in_postgres import ask

pytestmark = pytest.mark.xdist_group("postgres")

KEYS = [
    ("core.dim_indicators", "PRIMARY KEY (indicator_id)"),
    ("core.dim_waves", "PRIMARY KEY (wave)"),
    (
        "core.fct_numbers",
        "FOREIGN KEY (indicator_id) REFERENCES core.dim_indicators(indicator_id)"
        " DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        "core.fct_numbers",
        "FOREIGN KEY (wave) REFERENCES core.dim_waves(wave) DEFERRABLE INITIALLY DEFERRED",
    ),
    ("core.fct_numbers", "PRIMARY KEY (wave, indicator_id)"),
]


def keys(url: str) -> list[tuple[object, ...]]:
    return ask(
        url,
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint"
        " where contype in ('p', 'f') and connamespace = 'core'::regnamespace order by 1, 2",
    )


def numbers(url: str) -> list[tuple[object, ...]]:
    return ask(url, "select wave, n from core.fct_numbers order by wave")


def test_the_star_has_its_keys_and_keeps_them(star, put, url):
    put()
    assert keys(url) == KEYS
    constraints = "select oid from pg_constraint where contype in ('p', 'f') order by 1"
    made = ask(url, constraints)
    star.execute("update core.fct_numbers set n = 6 where wave = '2023'")

    put()

    assert ask(url, constraints) == made
    assert numbers(url) == [("2021", 5), ("2023", 6)]


def test_a_dimension_that_loses_and_gains_rows_is_filled_in_any_order(star, put, url):
    put()
    star.execute(
        "update core.dim_waves set wave = '2025' where wave = '2021';"
        "update core.fct_numbers set wave = '2025' where wave = '2021'"
    )

    put()

    assert numbers(url) == [("2023", 5), ("2025", 5)]


def test_a_dimension_that_changes_shape_is_made_anew_with_the_keys_that_point_at_it(star, put, url):
    put()
    star.execute("alter table core.dim_waves add column label varchar; checkpoint")
    put()
    star.execute(
        "alter table core.dim_waves drop column label;"
        "alter table core.fct_numbers alter n type bigint"
    )

    put()

    assert keys(url) == KEYS
    assert numbers(url) == [("2021", 5), ("2023", 5)]


def test_a_star_that_is_no_longer_released_goes_with_its_keys(star, put, url):
    put()
    star.execute("drop table core.fct_numbers; drop table core.dim_waves")
    star.write_manifest(
        [*star.tables(), ("core", "dim_indicators")],
        keys={("core", "dim_indicators"): ("indicator_id",)},
    )

    put()

    assert keys(url) == [("core.dim_indicators", "PRIMARY KEY (indicator_id)")]


def test_a_reader_in_a_long_transaction_is_not_waited_for(star, put, url):
    put()
    with psycopg.connect(url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert reader.execute("select sum(n) from core.fct_numbers").fetchone() == (10,)
        star.execute("update core.fct_numbers set n = 6 where wave = '2023'")
        put()
        assert reader.execute("select sum(n) from core.fct_numbers").fetchone() == (10,)

    assert numbers(url) == [("2021", 5), ("2023", 6)]
