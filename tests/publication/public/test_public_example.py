"""The public edition of the example survey: what is in its file, against what only we know."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from frictionless import Package

from barometer.settings import Settings
from publication.editions import edition_of

pytestmark = pytest.mark.xdist_group("example_refresh")


@pytest.fixture(scope="module")
def public(example_refresh: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    edition = edition_of(example_refresh, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        yield connection


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[Any]]:
    found = defaultdict(list)
    for schema, name, *column in connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        " where table_catalog = current_database() order by ordinal_position"
    ).fetchall():
        found[schema, name].append(tuple(column))
    return found


def test_the_tables_and_columns_are_those_of_the_internal_edition_and_some_at_the_end(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    path = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        internal = columns_of(connection)
    found = columns_of(public)

    assert set(found) == set(internal)
    for table, columns in internal.items():
        assert found[table][: len(columns)] == columns, table
    added = {name for table, own in found.items() for name, _ in own[len(internal[table]) :]}
    assert {"range_lower", "smallest_base", "protection", "protection_base"} <= added


def test_every_column_says_what_it_says_in_the_internal_edition(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    said = (
        "select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = current_database() and not internal"
    )
    own = {tuple(place): text for *place, text in public.execute(said).fetchall()}
    path = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        internal = {tuple(place): text for *place, text in connection.execute(said).fetchall()}

    assert [place for place, text in own.items() if not text] == []
    assert {place: own[place] for place in internal} == internal


def test_no_name_or_key_of_an_organisation_is_in_the_file(
    example_warehouse: Any, public: duckdb.DuckDBPyConnection
) -> None:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        frame = connection.execute(
            "select organisation_key, organisation_name, register_id from cleaned.cln_organisations"
        ).fetchall()
    groups = {
        label
        for row in public.execute(
            "select label_nl, label_en, group_id from core.dim_organisation_groups"
        ).fetchall()
        for label in row
    }
    private = {value for row in frame for value in row if value} - groups
    texts = public.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where data_type = 'VARCHAR' and table_catalog = current_database()"
    ).fetchall()

    assert len(private) > 2000
    for schema, table, column in texts:
        values = public.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
        assert not {value for (value,) in values} & private, f"{schema}.{table}.{column}"


def test_parquet_files_and_descriptor_hold_the_same_tables(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    folder = edition_of(example_refresh, "public").current
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = public.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database()"
    ).fetchall()

    assert list(Package.metadata_validate(descriptor)) == []
    package = Package(folder / "datapackage.json")
    names = {f"{schema}.{name}" for schema, name in tables}
    assert set(package.resource_names) == names | {"quality_report", "codebook"}
    for resource in descriptor["resources"]:
        if resource["name"] in ("quality_report", "codebook"):
            continue
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == [name for name, _ in columns_of(public)[tuple(resource["name"].split("."))]]
        assert all(field["description"] for field in resource["schema"]["fields"])
        path = folder / resource["path"]
        differing = public.execute(
            f"(from {resource['name']} except all from '{path}')"
            f" union all (from '{path}' except all from {resource['name']})"
        ).fetchall()
        assert differing == [], resource["name"]
