"""`barometer publish --edition public` on a real PostgreSQL: schemas, roles, comments, rerun."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import psycopg
import pytest
from in_postgres import ask
from public_survey import publish as publish_public
from public_survey import redrawn, settings_in, survey

from publication.editions import MARKINGS, PUBLIC, edition_of
from publication.internal.release import publish
from publication.postgres.load import publish_to_postgres
from publication.store.releases import find_release

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def public_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a public release, and nothing else, of a survey that was made up."""
    home = tmp_path_factory.mktemp("public_in_postgres") / "home"
    publish_public(settings_in(home), survey(1))
    return home


def put_public(home: Path, url: str, *more: str) -> str:
    barometer = str(Path(sys.executable).parent / "barometer")
    command = [barometer, "publish", "--edition", "public", "--postgres", url, "--home", str(home)]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_the_public_edition_arrives_whole_with_comments_and_roles_of_its_own(public_home, url):
    said = put_public(public_home, url)

    edition = edition_of(settings_in(public_home), "public")
    assert f"{edition.current.resolve().name} (public edition) is what readers see now" in said
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as release:
        tables = release.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
        for schema, name in tables:
            expected = release.execute(f"from {schema}.{name} order by all").fetchall()
            found = ask(url, f"select * from {schema}.{name}")
            assert sorted(found, key=repr) == sorted(expected, key=repr), f"{schema}.{name}"
    there = ask(
        url,
        "select table_schema, table_name from information_schema.tables"
        " where table_schema not in ('pg_catalog', 'information_schema')",
    )
    assert set(there) == {*tables, ("core", "published_tables")}
    silent = ask(
        url,
        "select c.table_schema, c.table_name, c.column_name from information_schema.columns as c"
        " where table_schema not in ('pg_catalog', 'information_schema')"
        " and table_name <> 'published_tables' and col_description("
        "format('%I.%I', c.table_schema, c.table_name)::regclass, c.ordinal_position) is null",
    )
    assert silent == []
    assert ask(url, "select obj_description('core'::regnamespace)") == [
        (f"{MARKINGS[PUBLIC]} Survey ibo: core",)
    ]
    assert ask(url, "select edition from core.about_release") == [("public",)]


def test_a_reader_of_the_public_edition_reads_it_and_a_group_its_own_schema(public_home, url):
    put_public(public_home, url)

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role ibo_public_reader")
        (rows,) = connection.execute("select count(*) from core.mart_estimates").fetchone()
        assert rows > 100
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from core.mart_estimates")
        connection.execute("reset role")
        connection.execute("set role ibo_public_rechtswezen_reader")
        (own,) = connection.execute("select count(*) from rechtswezen.findings").fetchone()
        assert 0 < own < rows
        for table in ("core.mart_estimates", "gemeenten.findings"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {table}")


@pytest.mark.thorough
def test_the_public_edition_put_again_changes_nothing_and_a_later_one_replaces_it(
    public_home, url, tmp_path
):
    put_public(public_home, url)
    before = ask(url, "select xmin::text from core.mart_estimates")
    assert "was there already" in put_public(public_home, url)
    assert ask(url, "select xmin::text from core.mart_estimates") == before

    home = tmp_path / "home"
    shutil.copytree(public_home, home, symlinks=True)
    later = publish_public(settings_in(home), redrawn(survey(1), 5, 30))
    put_public(home, url)

    assert not later.unchanged
    assert ask(url, "select release_id from core.about_release") == [(later.release_id,)]
    assert ask(url, "select xmin::text from core.mart_estimates") != before


def test_the_two_editions_never_share_a_schema(warehouse, public_home, url):
    publish(warehouse.settings)
    publish_to_postgres(find_release(edition_of(warehouse.settings), "current"), url)
    command = [str(Path(sys.executable).parent / "barometer"), "publish", "--edition", "public"]
    refused = subprocess.run(
        [*command, "--postgres", url, "--home", str(public_home)], capture_output=True, text=True
    )

    assert refused.returncode == 2
    assert "holds the internal edition" in " ".join((refused.stdout + refused.stderr).split())
    put_public(public_home, url, "--schema-prefix", "public_ibo_")
    assert ask(url, "select edition from core.about_release") == [("internal",)]
    assert ask(url, "select edition from public_ibo_core.about_release") == [("public",)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role ibo_public_reader")
        connection.execute("select * from public_ibo_core.mart_estimates limit 1")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from core.estimates")
