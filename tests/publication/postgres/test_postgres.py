"""A release in a real PostgreSQL: whole, readable by whom it is meant for, swapped at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import psycopg
import pytest
from in_postgres import ask

from publication.editions import INTERNAL, MARKINGS, edition_of
from publication.errors import PostgresError, PublicationError
from publication.internal.release import publish
from publication.postgres import load as postgres
from publication.postgres.load import publish_to_postgres
from publication.store.releases import find_release

pytestmark = pytest.mark.xdist_group("postgres")

SHARE = "select estimate from core.estimates where group_id = 'rechtswezen'"

CHILD = """
import os, signal, sys
from pathlib import Path
from barometer.settings import load_settings
from publication.postgres import load as postgres
from publication.editions import INTERNAL, MARKINGS, edition_of
from publication.store.releases import find_release

original = postgres._fill
filled = []

def die(*arguments):
    original(*arguments)
    filled.append(1)
    if len(filled) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

postgres._fill = die
edition = edition_of(load_settings("ibo", home=Path(sys.argv[1])))
postgres.publish_to_postgres(find_release(edition, "current"), sys.argv[2])
"""


def change(warehouse, value: float) -> None:
    warehouse.execute(
        f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
    )


def test_every_table_arrives_with_the_same_rows_types_and_comments(warehouse, put, url):
    report = put()

    database = warehouse.settings.current_release / warehouse.settings.release_file_name
    with duckdb.connect(str(database), read_only=True) as release:
        tables = release.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
        assert report.tables == len(tables)
        for schema, name in tables:
            expected = release.execute(f"from {schema}.{name} order by all").fetchall()
            found = ask(url, f"select * from {schema}.{name}")
            assert sorted(found, key=repr) == sorted(expected, key=repr)
    types = dict(
        ask(
            url,
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'core' and table_name = 'estimates'",
        )
    )
    assert types["wave"] == "text"
    assert types["n_answered"] == "integer"
    assert types["estimate"] == "double precision"
    marking = MARKINGS[INTERNAL]
    assert ask(url, "select obj_description('core.estimates'::regclass)") == [
        (f"{marking} One row per group",)
    ]
    for schema in report.schemas:
        ((said,),) = ask(url, f"select obj_description('{schema}'::regnamespace)")
        assert said == f"{marking} Survey ibo: {schema}"
    unmarked = ask(
        url,
        "select relname from pg_class as c join pg_namespace as n on n.oid = relnamespace"
        f" where relkind = 'r' and nspname in {report.schemas}"
        f" and not starts_with(coalesce(obj_description(c.oid), ''), '{marking}')",
    )
    assert unmarked == [("published_tables",)]
    assert ask(url, "select col_description('core.estimates'::regclass, 1)") == [
        ("The round of the survey",)
    ]


def test_a_group_of_few_organisations_gets_no_schema_and_no_role(warehouse, put, url):
    warehouse.execute("insert into estimation.est_group_sizes values ('2023', 'provincies', 3)")

    with pytest.raises(PublicationError, match="provincies has 3 in wave 2023"):
        put()

    assert (
        ask(url, "select nspname from pg_namespace where nspname in ('core', 'provincies')") == []
    )


def test_a_group_role_reads_its_own_schema_and_nothing_else(warehouse, put, url):
    report = put()
    assert "ibo_internal_rechtswezen_reader" in report.roles

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role ibo_internal_rechtswezen_reader")
        rows = connection.execute("select count(*) from rechtswezen.estimates").fetchone()
        assert rows == (3,)
        for schema in warehouse.schemas:
            if schema == "rechtswezen":
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {schema}.estimates")
        ((edition, label),) = connection.execute(
            "select edition, label from core.about_release"
        ).fetchall()
        assert (edition, label.split(":")[0]) == ("internal", "Confidential")
        for statement in (
            "select * from core.published_tables",
            "delete from core.about_release",
            "create table core.mine (n integer)",
            "delete from rechtswezen.estimates",
            "create table rechtswezen.mine (n integer)",
            "drop table rechtswezen.estimates",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_reader_of_all_reads_every_schema_and_writes_none(warehouse, put, url):
    put()

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role ibo_internal_reader")
        for schema in warehouse.schemas:
            assert connection.execute(f"select count(*) from {schema}.estimates").fetchone() == (3,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("update core.estimates set n_answered = 1")


def test_a_group_role_reads_no_other_edition_or_survey_in_the_same_database(put, url):
    put()
    put(prefix="other_")

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role ibo_internal_rechtswezen_reader")
        readable = connection.execute(
            "select nspname || '.' || relname from pg_class as c"
            " join pg_namespace as n on n.oid = relnamespace"
            " where relkind in ('r', 'v', 'm', 'p') and nspname !~ '^(pg_|information_schema)'"
            " and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')"
            " order by 1"
        ).fetchall()

    assert [name for (name,) in readable] == ["core.about_release", "rechtswezen.estimates"]


def test_after_a_correction_no_reader_finds_the_internal_release_before_it(warehouse, put, url):
    before = put().release_id
    change(warehouse, 0.25)
    after = put().release_id
    earlier = find_release(edition_of(warehouse.settings), before)

    assert before != after
    with pytest.raises(PostgresError, match="is not the current one of the internal edition"):
        publish_to_postgres(earlier, url, prefix="before_")
    assert ask(url, "select distinct release_id from core.about_release") == [(after,)]
    schemas = ask(url, "select nspname from pg_namespace where nspname ~ '^before_'")
    assert schemas == []
    # What is kept to go back to is its owner's alone, and no command reads it but `releases`.
    folder = warehouse.settings.releases
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]} == {0}


def test_a_user_without_a_role_reads_nothing(put, url):
    put()

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop role if exists a_passer_by")
        connection.execute("create role a_passer_by nologin")
        connection.execute("set role a_passer_by")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from core.estimates")


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_reader_in_a_long_transaction_keeps_its_release(warehouse, put, url, level):
    put()
    with psycopg.connect(url) as reader:
        reader.execute(f"set transaction isolation level {level}")
        assert reader.execute(SHARE).fetchall() == [(0.7857,)]

        change(warehouse, 0.5)
        put()

        assert ask(url, SHARE) == [(0.5,)]
        assert reader.execute(SHARE).fetchall() == [(0.7857,)]
        others = reader.execute("select count(*) from gemeenten.estimates").fetchone()
        assert others == (3,)
    assert ask(url, SHARE) == [(0.5,)]


def test_publishing_the_same_release_again_changes_nothing_and_grants_again(put, url):
    put()
    with psycopg.connect(url) as connection:
        before = connection.execute("select xmin::text from core.estimates").fetchall()
        connection.execute("revoke select on core.estimates from ibo_internal_reader")

    again = put()

    assert again.unchanged
    with psycopg.connect(url) as connection:
        assert connection.execute("select xmin::text from core.estimates").fetchall() == before
        connection.execute("set role ibo_internal_reader")
        assert connection.execute("select count(*) from core.estimates").fetchone() == (3,)


def test_a_kill_halfway_leaves_the_release_that_was_there(warehouse, put, url):
    put()
    change(warehouse, 0.5)
    publish(warehouse.settings)

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, str(warehouse.settings.home.parent), url], check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert ask(url, SHARE) == [(0.7857,)]
    put()
    assert ask(url, SHARE) == [(0.5,)]


def test_an_error_halfway_leaves_the_release_that_was_there(warehouse, put, url, monkeypatch):
    put()
    change(warehouse, 0.5)

    def fail(*_arguments: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(postgres, "_drop_retired", fail)
        with pytest.raises(PostgresError, match="did not take the release"):
            put()
    assert ask(url, SHARE) == [(0.7857,)]


def test_a_new_column_is_added_without_disturbing_views(warehouse, put, url):
    put()
    with psycopg.connect(url) as connection:
        connection.execute("create view public.mine as select wave from core.estimates")
    warehouse.execute("alter table core.estimates add column note varchar")

    put()

    assert ask(url, "select note from core.estimates") == [(None,)] * 3
    assert ask(url, "select count(*) from public.mine") == [(3,)]


def test_a_table_that_changed_shape_is_made_anew(warehouse, put, url):
    put()
    warehouse.execute("alter table core.estimates drop column suppression_reason")
    warehouse.execute("alter table core.estimates alter n_answered type bigint")

    put()

    types = dict(
        ask(
            url,
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'core' and table_name = 'estimates'",
        )
    )
    assert types["n_answered"] == "bigint"
    assert "suppression_reason" not in types
    with psycopg.connect(url) as connection:
        connection.execute("set role ibo_internal_reader")
        assert connection.execute("select count(*) from core.estimates").fetchone() == (3,)


def test_a_view_of_others_on_a_table_that_changes_shape_stops_it_with_a_word(warehouse, put, url):
    put()
    with psycopg.connect(url) as connection:
        connection.execute("create view public.mine as select wave from core.estimates")
    warehouse.execute("alter table core.estimates drop column suppression_reason")

    with pytest.raises(PostgresError, match="depends on a table whose columns changed"):
        put()

    assert len(ask(url, "select suppression_reason from core.estimates")) == 3


def test_a_reader_of_a_table_that_changes_shape_is_waited_for_and_not_broken(
    warehouse, put, url, monkeypatch
):
    put()
    warehouse.execute("alter table core.estimates drop column suppression_reason")
    monkeypatch.setattr("publication.postgres.connection.LOCK_TIMEOUT", "200ms")
    with psycopg.connect(url) as reader:
        assert reader.execute(SHARE).fetchall() == [(0.7857,)]
        with pytest.raises(PostgresError, match="A reader holds a table"):
            put()
        assert reader.execute(SHARE).fetchall() == [(0.7857,)]
    put()


def test_a_table_that_is_no_longer_released_goes_and_those_of_others_stay(warehouse, put, url):
    warehouse.execute("create table core.trends as select '2021' as wave")
    warehouse.write_manifest([*warehouse.tables(), ("core", "trends")])
    put()
    with psycopg.connect(url) as connection:
        connection.execute("create table core.of_an_analyst (n integer)")
    warehouse.write_manifest(warehouse.tables())

    put()

    names = {name for (name,) in ask(url, "select tablename from pg_tables")}
    assert "trends" not in names
    assert "of_an_analyst" in names


def test_the_tables_of_another_survey_are_not_overwritten(warehouse, put, url):
    put()
    with psycopg.connect(url) as connection:
        connection.execute("update core.about_release set survey = 'pls'")

    with pytest.raises(PostgresError, match="holds the internal edition of survey 'pls'"):
        put()

    report = put(prefix="ibo_")
    assert "ibo_core" in report.schemas
    assert ask(url, "select survey from ibo_core.about_release") == [("ibo",)]


def test_two_publishers_at_once_take_turns(put, url):
    put()
    with psycopg.connect(url) as other:
        other.execute("select pg_advisory_xact_lock(hashtext('barometer ibo'))")
        with pytest.raises(PostgresError, match="Another publication"):
            put()


def test_without_the_right_to_make_roles_it_says_so_and_can_go_without(warehouse, url):
    publish(warehouse.settings)
    release = find_release(edition_of(warehouse.settings), "current")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop role if exists humble")
        connection.execute("create role humble login")
        connection.execute(f"grant create on database {connection.info.dbname} to humble")
    # A role that is there already may be granted; this edition's roles are not there.
    humble = url.replace("postgres:@", "humble:@")
    renamed = {**release.manifest, "survey": "other"}
    other = type(release)(renamed, release.folder, release.size, True, None)
    with pytest.raises(PostgresError, match="may not do this"):
        publish_to_postgres(other, humble)

    report = publish_to_postgres(other, humble, with_roles=False)

    assert report.roles == ()


def test_no_database_is_told_without_the_password(warehouse, tmp_path: Path):
    publish(warehouse.settings)
    release = find_release(edition_of(warehouse.settings), "current")

    with pytest.raises(PostgresError) as told:
        publish_to_postgres(release, f"postgresql://me:geheim@/nowhere?host={tmp_path}")

    assert "geheim" not in told.value.render()
    assert "user=me" in told.value.render()


def test_the_command_reads_the_address_from_the_environment(warehouse, url):
    publish(warehouse.settings)

    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "barometer"),
            "publish",
            "--home",
            str(warehouse.settings.home.parent),
        ],
        env={**os.environ, "BAROMETER_POSTGRES_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "is what readers see now" in done.stdout
    assert "ibo_internal_rechtswezen_reader" in done.stdout
    assert ask(url, SHARE) == [(0.7857,)]
