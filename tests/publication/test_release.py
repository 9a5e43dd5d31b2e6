"""What a release holds, and what it refuses to hold."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from dataclasses import replace

import duckdb
import pytest

from barometer.settings import PROJECT_ROOT
from publication.editions import INTERNAL, MARKINGS
from publication.errors import AuditError, PublicationError
from publication.internal.release import current_manifest, publish
from publication.store.files import read_manifest


def test_a_release_holds_the_released_schemas_and_nothing_else(warehouse, read):
    report = publish(warehouse.settings)

    tables = read(
        warehouse.settings,
        "select table_schema || '.' || table_name from information_schema.tables order by 1",
    )
    expected = sorted(
        ["core.about_release", *(f"{schema}.estimates" for schema in warehouse.schemas)]
    )
    assert [name for (name,) in tables] == expected
    assert dict(report.tables)["core.estimates"] == 3
    assert not report.unchanged


def test_comments_travel_with_the_tables(warehouse, read):
    publish(warehouse.settings)

    (table,) = read(
        warehouse.settings,
        "select comment from duckdb_tables()"
        " where schema_name = 'core' and table_name = 'estimates'",
    )
    column = read(
        warehouse.settings, "select comment from duckdb_columns() where comment is not null"
    )
    assert table == (f"{MARKINGS[INTERNAL]} One row per group",)
    assert ("The round of the survey",) in column


def test_a_release_says_what_it_is(warehouse, read):
    report = publish(warehouse.settings)

    (row,) = read(
        warehouse.settings,
        "select release_id, survey, edition, is_synthetic, confidence_level, label"
        " from core.about_release",
    )
    assert row[:4] == (report.release_id, "ibo", "internal", True)
    assert row[4] == 0.95
    assert "Synthetic" in row[5]
    assert "Confidential" in row[5]


def test_the_manifest_names_tables_sources_and_code(warehouse):
    report = publish(warehouse.settings)

    manifest = current_manifest(warehouse.settings)
    assert manifest["release_id"] == report.release_id
    assert manifest["edition"] == "internal"
    assert manifest["is_synthetic"] is True
    assert manifest["code_version"].startswith("0.")
    assert manifest["created_at"].endswith("+00:00")
    assert {table["name"]: table["rows"] for table in manifest["tables"]}["core.estimates"] == 3
    assert manifest["sources"][0]["content_sha256"] == "abc"


def test_the_files_of_a_release_are_read_only_and_their_owners_alone(warehouse):
    report = publish(warehouse.settings)

    release_files = [path for path in report.path.parent.rglob("*") if path.is_file()]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in release_files}
    assert modes == {0o400}
    folders = [report.path.parent.parent, report.path.parent, report.path.parent / "parquet"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_the_same_figures_make_no_new_release(warehouse):
    first = publish(warehouse.settings)
    second = publish(warehouse.settings)

    assert second.unchanged
    assert second.release_id == first.release_id
    assert second.path == first.path
    assert [path.name for path in warehouse.settings.releases.iterdir()] == [first.release_id]


def test_row_order_is_no_change(warehouse):
    first = publish(warehouse.settings)
    warehouse.execute(
        "create or replace table core.estimates as"
        " select * from core.estimates order by group_id desc"
    )

    assert publish(warehouse.settings).release_id == first.release_id


def test_noise_in_the_last_digits_is_no_change(warehouse):
    first = publish(warehouse.settings)
    warehouse.execute(
        "update core.estimates set estimate = estimate::double + 1e-14"
        " where group_id = 'rechtswezen'"
    )

    second = publish(warehouse.settings)

    assert second.unchanged
    assert second.release_id == first.release_id


def test_a_figure_that_turns_up_or_goes_is_a_change(warehouse):
    first = publish(warehouse.settings)
    warehouse.execute("update core.estimates set estimate = null where group_id = 'rechtswezen'")

    assert publish(warehouse.settings).release_id != first.release_id


@pytest.mark.parametrize(
    "change",
    [
        "update core.estimates set estimate = 0.5 where group_id = 'rechtswezen'",
        "delete from core.estimates where group_id = 'rechtswezen'",
        "alter table core.estimates add column note varchar",
        "update core.estimates set suppression_reason = 'null' where group_id = 'rechtswezen'",
    ],
)
def test_a_change_in_one_table_makes_a_new_release_and_keeps_the_old(warehouse, change):
    first = publish(warehouse.settings)
    warehouse.execute(change)

    second = publish(warehouse.settings)

    assert not second.unchanged
    assert second.release_id != first.release_id
    assert first.path.exists()
    assert warehouse.settings.current_release.resolve() == second.path.parent


def test_a_table_whose_model_is_gone_is_not_released(warehouse, read):
    warehouse.execute("create table core.forgotten as select 1 as n")

    publish(warehouse.settings)

    assert read(
        warehouse.settings,
        "select count(*) from information_schema.tables where table_name = 'forgotten'",
    ) == [(0,)]


def test_a_model_without_a_table_stops_the_release(warehouse):
    warehouse.write_manifest([*warehouse.tables(), ("core", "mart_trends")])

    with pytest.raises(PublicationError, match=r"core\.mart_trends"):
        publish(warehouse.settings)


def test_group_marts_that_were_not_built_stop_the_release(warehouse):
    warehouse.write_manifest([("core", "estimates"), ("innovation", "estimates")])

    with pytest.raises(PublicationError, match=r"groups\.\*"):
        publish(warehouse.settings)


def test_a_topic_gets_its_table_by_a_registry_row(warehouse, read):
    warehouse.execute(
        "create schema topics; create table topics.findings as select * from (values"
        " ('types', '2021'), ('types', '2023'), ('technology', '2025')) as t (mart_id, wave);"
        "comment on table topics.findings is 'One row per finding of the topic.'"
    )
    warehouse.write_manifest([*warehouse.tables(), ("topics", "findings")])
    publish(warehouse.settings)

    assert read(warehouse.settings, "select * from innovation.types order by all") == [
        ("2021",),
        ("2023",),
    ]
    assert read(warehouse.settings, "select * from innovation.technology") == [("2025",)]
    assert read(
        warehouse.settings, "select comment from duckdb_tables() where table_name = 'types'"
    ) == [(f"{MARKINGS[INTERNAL]} Types of innovation. One row per finding of the topic.",)]


def test_a_group_gets_its_schema_by_a_registry_row(warehouse, read, tmp_path):
    registries = tmp_path / "registries"
    shutil.copytree(warehouse.settings.seeds, registries)
    path = registries / "organisation_groups.csv"
    rows = path.read_text().replace(
        "Rijk,Central government,2,false", "Rijk,Central government,2,true"
    )
    path.write_text(rows)
    warehouse.execute(
        "insert into groups.estimates select * replace ('rijk' as reader_group_id)"
        " from groups.estimates where reader_group_id = 'rechtswezen'"
    )
    settings = replace(warehouse.settings, registries=registries)

    publish(settings)

    assert read(settings, "select count(*) from rijk.estimates") == [(3,)]
    assert ("reader_group_id",) not in read(settings, "select column_name from duckdb_columns()")


@pytest.mark.parametrize(
    "column",
    ["organisation_key", "response_key", "Organisation_Name", "submitted_at", "stratum_id"],
)
def test_a_column_about_one_organisation_stops_the_release(warehouse, column):
    warehouse.execute(f"alter table core.estimates add column {column} varchar")

    with pytest.raises(AuditError, match=f"core.estimates.{column}"):
        publish(warehouse.settings)


def test_a_personal_column_of_an_export_stops_the_release_under_its_own_name(warehouse):
    from publication.internal.audit import denied_names
    from registry import load_registry

    registry = load_registry(warehouse.settings.seeds)
    keys = {
        column.column_name.casefold()
        for column in registry.columns
        if column.role == "organisation_key"
    }
    assert keys
    assert keys <= denied_names(registry)


def test_a_figure_in_a_suppressed_row_stops_the_release(warehouse):
    warehouse.execute("update core.estimates set estimate = 0.4 where group_id = 'waterschappen'")

    with pytest.raises(AuditError, match=r"core\.estimates\.estimate shows 1"):
        publish(warehouse.settings)


def test_a_base_below_the_minimum_stops_the_release(warehouse):
    warehouse.execute("update core.estimates set n_answered = 3 where group_id = 'rechtswezen'")

    with pytest.raises(AuditError, match="publishes 1 rows with a base below 5"):
        publish(warehouse.settings)


@pytest.mark.parametrize("column", ["n_answered_b", "n_answered_from", "n_complete"])
def test_a_second_base_below_the_minimum_stops_the_release_and_an_absent_one_does_not(
    warehouse, column
):
    warehouse.execute(f"alter table core.estimates add column {column} bigint")
    warehouse.execute(f"update core.estimates set {column} = 9 where group_id = 'rechtswezen'")
    publish(warehouse.settings)
    warehouse.execute(f"update core.estimates set {column} = 3 where group_id = 'rechtswezen'")

    with pytest.raises(AuditError, match=f"publishes 1 rows with a {column} below 5"):
        publish(warehouse.settings)


def test_a_failed_audit_leaves_nothing_behind(warehouse):
    first = publish(warehouse.settings)
    warehouse.execute("update core.estimates set n_answered = 3 where group_id = 'rechtswezen'")

    with pytest.raises(AuditError):
        publish(warehouse.settings)

    assert [path.name for path in warehouse.settings.releases.iterdir()] == [first.release_id]
    assert warehouse.settings.current_release.resolve() == first.path.parent


def test_without_a_warehouse_there_is_a_clear_error(warehouse):
    warehouse.settings.warehouse.unlink()

    with pytest.raises(PublicationError, match="no warehouse"):
        publish(warehouse.settings)


def test_publishing_imports_nothing_that_takes_longer_than_it(warehouse):
    """A single value bound to a statement makes DuckDB import pandas."""
    program = (
        "import sys; from pathlib import Path; from barometer.settings import load_settings\n"
        "from publication.internal import release\n"
        "from publication.public import release as public_release\n"
        "release.publish(load_settings('ibo', home=Path(sys.argv[1])))\n"
        "slow = ('pandas', 'pyarrow', 'openpyxl', 'scipy.stats', 'scipy.optimize')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(warehouse.settings.home.parent)]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_file_named_like_a_schema_is_refused(warehouse, monkeypatch):
    monkeypatch.setattr(type(warehouse.settings), "release_file_name", "core.duckdb")

    with pytest.raises(PublicationError, match="named like one of its schemas"):
        publish(warehouse.settings)


def test_a_current_link_that_leads_nowhere_counts_as_no_release(warehouse):
    warehouse.settings.current_release.symlink_to("releases/gone")

    report = publish(warehouse.settings)

    assert not report.unchanged
    assert read_manifest(warehouse.settings.current_release) is not None


def test_the_manifest_can_be_read_without_the_project(warehouse):
    report = publish(warehouse.settings)

    manifest = json.loads((report.path.parent / "manifest.json").read_text())
    with duckdb.connect(str(report.path.parent / manifest["file"]), read_only=True) as release:
        for table in manifest["tables"]:
            count = release.execute(f"select count(*) from {table['name']}").fetchone()
            assert count == (table["rows"],)
