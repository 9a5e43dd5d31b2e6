"""The example survey: no personal value of its exports is anywhere in the warehouse."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from personal_survey import files_with

from barometer.settings import PROJECT_ROOT, Settings, load_settings
from landing.deliveries import find_deliveries
from landing.loader import land
from landing.personal.treatment import treatments
from landing.readers import read_table
from publication.editions import edition_of
from publication.tables import literal
from registry import Registry, load_registry

# What only this respondent's rows hold: the token of the invitation, the moment with the id.
OF_1001 = ("rgm4rnaic7nt6cp", '"1001","2021-02-04 10:40:29"')

pytestmark = pytest.mark.xdist_group("example_refresh")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(load_settings("ibo").seeds)


@pytest.fixture(scope="module")
def personal_values(registry: Registry) -> frozenset[str]:
    """Every value that the example files hold in a column that is treated."""
    settings = load_settings("ibo")
    values: set[str] = set()
    for file in find_deliveries(settings.inbox, registry).files:
        table = read_table(file.path, format=file.delivery.format, sheet=file.delivery.sheet)
        for position in treatments(table, file.delivery, registry):
            values.update(v.strip() for v in table.column_values(position) if v and v.strip())
    return frozenset(values)


def texts(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every text column of every table, with its distinct values."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal and database_name = current_database()"
        ).fetchall()
        for schema, table, column, _ in columns:
            rows = connection.execute(
                f'select distinct trim("{column}"::varchar) from "{schema}"."{table}"'
            ).fetchall()
            yield f"{schema}.{table}.{column}", frozenset(v for (v,) in rows if v)


def test_landing_the_example_puts_no_personal_value_in_any_column(
    tmp_path, registry, personal_values
) -> None:
    settings = load_settings("ibo", home=tmp_path)
    land(settings, registry, find_deliveries(settings.inbox, registry).files)

    assert len(personal_values) > 800
    assert sum("@" in value for value in personal_values) > 300
    columns = dict(texts(settings.warehouse))
    assert len(columns) > 20
    assert {name: found & personal_values for name, found in columns.items()} == {
        name: frozenset() for name in columns
    }
    with_addresses = files_with(settings.home, "@voorbeeld.invalid")
    assert with_addresses
    assert "build.duckdb" not in with_addresses


@pytest.fixture(scope="module")
def forgotten(example_refresh, tmp_path_factory) -> Settings:
    """The example after one refresh and the command that forgets respondent 1001 of 2021."""
    home = tmp_path_factory.mktemp("forgotten")
    whole = getattr(example_refresh, "settings", example_refresh)
    shutil.copytree(whole.home, home / "ibo", symlinks=True)
    settings = load_settings("ibo", home=home)
    subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.cli", "forget", "1001", "--wave", "2021"),
            *("--home", str(home), "--yes"),
        ],
        cwd=PROJECT_ROOT,
        check=True,
    )
    return settings


def test_the_built_tables_hold_no_personal_value_either(example_warehouse, personal_values) -> None:
    found = {name: values & personal_values for name, values in texts(example_warehouse)}

    assert len(found) > 500
    assert {name: values for name, values in found.items() if values} == {}


@pytest.mark.thorough
def test_a_forgotten_respondent_is_in_no_table_and_no_file(forgotten, example_refresh) -> None:
    with duckdb.connect(str(forgotten.warehouse), read_only=True) as connection:
        ((n_left,),) = connection.execute(
            "select count(*) from staging.stg_submissions where wave = '2021'"
        ).fetchall()
        ((n_1001,),) = connection.execute(
            "select count(*) from raw.cells inner join raw.export_columns "
            "using (export_id, column_position) inner join raw.exports using (export_id) "
            "where exports.wave = '2021' and column_name = 'id' and value = '1001'"
        ).fetchall()
    assert (n_left, n_1001) == (397, 0)
    assert files_with(forgotten.home, *OF_1001) == []
    assert "build.duckdb" not in files_with(forgotten.home, "respondent1001@voorbeeld.invalid")
    # The search would have found them: the originals were kept until then.
    before = files_with(getattr(example_refresh, "settings", example_refresh).home, *OF_1001)
    assert {name.partition("/")[0] for name in before} == {"archive"}
    assert len(list(forgotten.releases.iterdir())) == 1
    assert (forgotten.home / "forgotten.log").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "mart_estimates",
            "wave, classification_id, group_id, indicator_id, protection, protection_reason,"
            " range_lower, range_upper, estimate, estimate_lower, estimate_upper, display_en,"
            " n_answered, smallest_base, precision_status",
        ),
        (
            "mart_comparisons",
            "wave, comparison_id, indicator_id, difference, verdict, list_verdict",
        ),
        (
            "mart_trends",
            "wave_from, wave, classification_id, group_id, indicator_id, difference, verdict,"
            " list_verdict",
        ),
        ("mart_claims", "wave, claim_id, difference, verdict, joint_verdict"),
        (
            "mart_scale_distribution",
            "wave, classification_id, group_id, band_id, range_lower, range_upper",
        ),
    ],
)
def test_nothing_that_is_public_changes_when_one_respondent_is_forgotten(
    forgotten, example_refresh, table: str, said: str
) -> None:
    before = edition_of(getattr(example_refresh, "settings", example_refresh), "public")
    after = edition_of(forgotten, "public")
    with duckdb.connect() as connection:
        for name, edition in (("before", before), ("after", after)):
            path = edition.current / edition.file_name
            connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
        for one, other in (("before", "after"), ("after", "before")):
            found = connection.execute(
                f"select {said} from {one}.core.{table}"
                f" except all select {said} from {other}.core.{table} limit 3"
            ).fetchall()
            assert found == []
