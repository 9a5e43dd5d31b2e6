"""A publication to PostgreSQL touches what earlier ones made there, and nothing of others."""

from __future__ import annotations

import psycopg
import pytest
from in_postgres import ask

from publication.editions import edition_of
from publication.errors import PostgresError
from publication.internal.release import publish
from publication.postgres.load import publish_to_postgres
from publication.store.releases import find_release

pytestmark = pytest.mark.xdist_group("postgres")

OF_ANOTHER_APPLICATION = """
create schema core;
create table core.estimates (id int primary key, note text);
insert into core.estimates values (1, 'of another application');
create table core.orders (id int);
insert into core.orders values (7);
grant usage on schema core to public;
grant select on core.orders to public;
"""

STATE = """
select
    n.nspname || '.' || c.relname,
    c.relkind,
    c.relacl::text,
    obj_description(c.oid, 'pg_class')
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
union all
select nspname, 'schema', nspacl::text, obj_description(oid, 'pg_namespace') from pg_namespace
where nspname not like 'pg\\_%' and nspname <> 'information_schema'
union all
select proname, 'function', proacl::text, null
from pg_proc where pronamespace = to_regnamespace('core')
order by 1, 2
"""


def run(url: str, statements: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statements)


def change(warehouse, value: float) -> None:
    warehouse.execute(
        f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
    )


def refused(put, url: str, **options: object) -> str:
    """Return the words of a refusal that left everything as it was."""
    before = ask(url, STATE)
    with pytest.raises(PostgresError) as told:
        put(**options)
    assert ask(url, STATE) == before
    return str(told.value.render())


def test_tables_of_another_application_in_a_schema_we_need_are_not_touched(put, url):
    run(url, OF_ANOTHER_APPLICATION)

    said = refused(put, url)

    assert "tables that are not ours" in said
    assert "table core.estimates, table core.orders" in said
    assert "--schema-prefix" in said
    assert ask(url, "select note from core.estimates") == [("of another application",)]
    assert put(prefix="ibo_").schemas[0] == "ibo_core"


def test_a_schema_that_holds_anything_of_others_is_not_taken(put, url):
    of_others = {
        "table": "create table rechtswezen.orders (id int)",
        "view": "create view rechtswezen.estimates as select 1 as wave",
        "materialized view": "create materialized view rechtswezen.sums as select 1 as n",
        "sequence": "create sequence rechtswezen.numbers",
        "function": "create function rechtswezen.f() returns int language sql as 'select 1'",
        "type": "create type rechtswezen.mood as enum ('good')",
    }
    run(url, "create schema rechtswezen;" + ";".join(of_others.values()))

    said = refused(put, url)

    for kind in of_others:
        assert f"{kind} rechtswezen." in said


def test_an_empty_schema_of_others_is_taken_and_its_own_access_stays(warehouse, put, url):
    run(
        url,
        "create schema core; comment on schema core is 'of the administrator';"
        "grant usage on schema core to public;"
        "alter default privileges in schema core grant select on tables to public",
    )

    put()
    put()

    assert ask(url, "select obj_description('core'::regnamespace)") == [("of the administrator",)]
    assert ask(url, "select has_schema_privilege('public', 'core', 'usage')") == [(True,)]
    assert ask(url, "select has_table_privilege('public', 'core.estimates', 'select')") == [
        (False,)
    ]
    with psycopg.connect(url) as connection:
        connection.execute("set role ibo_internal_reader")
        assert connection.execute("select count(*) from core.estimates").fetchone() == (3,)


def test_without_our_list_of_published_tables_nothing_counts_as_ours(put, url):
    put()
    for statement in (
        "delete from core.published_tables",
        "drop table core.published_tables",
        "create table core.published_tables (id int, schema_name text, table_name text)",
        "drop table core.published_tables;"
        "create view core.published_tables as"
        " select 'core'::text as schema_name, 'about_release'::text as table_name",
    ):
        run(url, statement)

        said = refused(put, url)

        assert "tables that are not ours" in said
        assert "core.about_release" in said


def test_tables_of_an_unknown_release_are_not_replaced(put, url):
    put()
    for statement in ("delete from core.about_release", "drop table core.about_release"):
        run(url, statement)

        assert "does not say which release it holds" in refused(put, url)


def test_a_name_of_a_new_table_that_is_taken_in_our_schema_is_refused(warehouse, put, url):
    put()
    run(url, "create table core.trends (wave text); insert into core.trends values ('mine')")
    warehouse.execute("create table core.trends as select '2021' as wave")
    warehouse.write_manifest([*warehouse.tables(), ("core", "trends")])

    said = refused(put, url)

    assert "where:    table core.trends\n" in said
    assert ask(url, "select wave from core.trends") == [("mine",)]


def test_a_view_in_the_place_of_a_published_table_is_not_emptied_or_dropped(warehouse, put, url):
    put()
    run(
        url,
        "create table public.mine as select * from core.estimates;"
        "drop table core.estimates;"
        "create view core.estimates as select * from public.mine",
    )
    change(warehouse, 0.5)

    assert "where:    view core.estimates\n" in refused(put, url)
    assert ask(url, "select count(*) from public.mine") == [(3,)]


def test_rows_that_others_keep_under_a_published_table_stay(warehouse, put, url):
    put()
    run(
        url,
        "create table public.mine () inherits (core.estimates);"
        "insert into public.mine (wave) values ('mine')",
    )
    change(warehouse, 0.5)

    put()

    assert ask(url, "select wave from only public.mine") == [("mine",)]
    assert ask(url, "select count(*) from only core.estimates") == [(3,)]


def test_access_to_tables_of_others_in_our_schemas_is_neither_given_nor_taken(put, url):
    put()
    run(
        url,
        "create table core.of_an_analyst (n integer);"
        "grant select on core.of_an_analyst to public;"
        "create table core.of_another (n integer)",
    )
    before = ask(url, f"select * from ({STATE}) as s (name, kind, access) where name ~ 'of_an'")

    put()

    after = ask(url, f"select * from ({STATE}) as s (name, kind, access) where name ~ 'of_an'")
    assert after == before


def test_a_table_made_by_others_and_a_table_retired_by_us_do_not_meet(warehouse, put, url):
    warehouse.execute("create table core.trends as select '2021' as wave")
    warehouse.write_manifest([*warehouse.tables(), ("core", "trends")])
    put()
    warehouse.write_manifest(warehouse.tables())
    put()
    run(url, "create table core.trends (wave text)")

    put()

    assert ask(url, "select count(*) from core.trends") == [(0,)]


@pytest.mark.parametrize("with_roles", [True, False])
def test_a_schema_name_that_would_be_cut_is_refused_before_connecting(warehouse, with_roles):
    publish(warehouse.settings)
    release = find_release(edition_of(warehouse.settings), "current")

    with pytest.raises(PostgresError, match="longer than PostgreSQL keeps") as told:
        publish_to_postgres(
            release, "postgresql://nobody@/nowhere", prefix="x" * 70, with_roles=with_roles
        )

    assert f"schema {'x' * 70}core" in told.value.where


def test_a_role_name_that_would_be_cut_is_refused_unless_there_are_none(warehouse, put, url):
    # 60 bytes with the longest schema, in letters of two bytes.
    prefix = "é" * ((60 - max(len(schema) for schema in warehouse.schemas)) // 2)

    with pytest.raises(PostgresError, match="longer than PostgreSQL keeps") as told:
        put(prefix=prefix)

    assert "role ibo_internal_é" in told.value.where
    assert "schema" not in told.value.where
    assert len(put(prefix=prefix, with_roles=False).schemas) == len(warehouse.schemas)


def test_a_table_or_column_name_that_would_be_cut_is_refused_before_connecting(warehouse):
    long_table, long_column = "t" * 64, "c" * 64
    warehouse.execute(f"create table core.{long_table} as select 1 as {long_column}")
    warehouse.write_manifest([*warehouse.tables(), ("core", long_table)])
    publish(warehouse.settings)
    release = find_release(edition_of(warehouse.settings), "current")

    with pytest.raises(PostgresError) as told:
        publish_to_postgres(release, "postgresql://nobody@/nowhere", with_roles=False)

    assert told.value.where == f"table {long_table}, column {long_column}"
