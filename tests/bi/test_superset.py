"""The dashboard for Superset: every chart finds its figures in both editions, and sums none."""

from __future__ import annotations

import re
import runpy
import stat
import tomllib
from pathlib import Path

import duckdb
import pytest
import yaml
from superset_files import Files, columns_of, files_of, is_chart, points

from barometer.settings import PROJECT_ROOT, load_settings
from bi.superset.build import write_assets
from bi.superset.datasets import one_figure
from bi.superset.serve import kept_secret
from bi.superset.sources import LANGUAGES, DashboardError, Names, in_language, read_sources
from publication.editions import EDITIONS, INTERNAL, edition_of

ROOM = PROJECT_ROOT / "bi" / "superset"


@pytest.fixture(scope="module", params=EDITIONS)
def files(request, example_home) -> Files:
    edition = edition_of(load_settings(home=example_home), request.param)
    return files_of(edition.name, edition.current / edition.file_name)


def test_files_are_those_that_superset_exports(files):
    assert files.content["metadata.yaml"]["type"] == "assets"
    assert all(said["version"] == "1.0.0" for said in files.content.values())
    ids = [said["uuid"] for said in files.content.values() if "uuid" in said]
    assert len(ids) == len(set(ids)) == len(files.content) - 1
    assert all(yaml.safe_load(yaml.safe_dump(said)) == said for said in files.content.values())


def test_charts_ask_for_columns_and_metrics_that_their_dataset_has(files):
    missing = [
        (path, name)
        for path, query, dataset in files.charts()
        for name, known in (
            *((name, columns_of(dataset)) for name in query["columns"]),
            *((part["col"], columns_of(dataset)) for part in query["filters"]),
            *((name, columns_of(dataset)) for name, _ in query["orderby"]),
            *(
                (name, {metric["metric_name"] for metric in dataset["metrics"]})
                for name in query.get("metrics", [])
            ),
        )
        if name not in known
    ]

    assert missing == []


def test_every_dataset_can_be_asked_for_all_that_it_offers(files):
    with duckdb.connect(str(files.release), read_only=True) as release:
        for dataset in files.datasets().values():
            table = f'"{dataset["schema"]}"."{dataset["table_name"]}"'
            release.execute(
                f"select {', '.join(columns_of(dataset).values())} from {table} limit 0"
            )
            for metric in dataset["metrics"]:
                assert release.execute(f"select {metric['expression']} from {table}").fetchall()


def test_every_dataset_says_what_its_table_and_columns_mean(files):
    for dataset in files.datasets().values():
        assert "edition" in dataset["description"]
        undescribed = [
            column["column_name"]
            for column in dataset["columns"]
            if not column["description"] and "expression" not in column
        ]
        assert undescribed == []


def test_no_chart_adds_up_or_averages_figures(files):
    alone = re.compile(re.escape(one_figure("…")).replace("…", ".+"))
    for path, query, dataset in files.charts():
        asked = query.get("metrics", [])
        metrics = {said["metric_name"]: said["expression"] for said in dataset["metrics"]}
        assert all(isinstance(name, str) and alone.fullmatch(metrics[name]) for name in asked), path

    for path, said in files.under("charts").items():
        params = said["params"]
        # The label of a stack is the sum of its parts.
        assert not (params.get("stack") and params.get("show_value")), path
        assert params.get("aggregateFunction", "First") == "First", path
        assert not params.keys() & {"rowTotals", "colTotals", "rowSubTotals", "colSubTotals"}, path


def test_a_metric_is_empty_where_a_point_has_several_rows():
    figures = "(values ('a', 0.2), ('b', 0.4), ('b', 0.6)) as figures (name, estimate)"

    found = duckdb.sql(
        f"select name, {one_figure('max(estimate)')} from {figures} group by name order by name"
    ).fetchall()

    assert [(name, value is None) for name, value in found] == [("a", False), ("b", True)]


def test_every_point_that_the_dashboard_starts_with_is_one_figure(files):
    filters = files.filtered()
    charts = files.under("charts")
    with duckdb.connect(str(files.release), read_only=True) as release:
        for path, query, dataset in files.charts():
            found = release.sql(points(query, filters[charts[path]["uuid"]], dataset))
            rows = found.fetchall()
            columns = found.columns
            assert rows, path
            if "metrics" not in query:
                continue
            assert {row[columns.index("rows_of_point")] for row in rows} == {1}, path
            for number, name in enumerate(columns):
                if name.startswith("m"):
                    assert any(row[number] is not None for row in rows), (path, name)


def test_each_dashboard_shows_every_chart_of_its_language_once(files):
    for language in LANGUAGES:
        position = files.content[f"dashboards/{language}.yaml"]["position"]
        placed = [part["meta"]["uuid"] for part in position.values() if is_chart(part)]
        made = [
            said["uuid"]
            for path, said in files.under("charts").items()
            if path.endswith(f"_{language}.yaml")
        ]
        assert sorted(placed) == sorted(made)
        for part in position.values():
            if isinstance(part, dict) and part["type"] == "ROW":
                assert sum(position[name]["meta"]["width"] for name in part["children"]) == 12


def test_the_dutch_dashboard_is_dutch(files):
    english = [
        path
        for path, said in files.content.items()
        if path.endswith("_nl.yaml") and re.search(r"_en\b", yaml.safe_dump(said))
    ]

    assert english == []
    titles = {
        language: files.content[f"dashboards/{language}.yaml"]["dashboard_title"]
        for language in LANGUAGES
    }
    assert titles["en"] != titles["nl"]


def test_texts_and_columns_follow_the_language():
    said = {"title": {"en": "Wave", "nl": "Meting"}, "columns": ["wave_label_en", "is_enough"]}

    assert in_language(said, "nl") == {"title": "Meting", "columns": ["wave_label_nl", "is_enough"]}
    assert in_language(said, "en")["columns"] == ["wave_label_en", "is_enough"]


def test_the_database_is_read_only_and_reaches_nothing_else(files):
    database = files.content["databases/release.yaml"]
    config = database["extra"]["engine_params"]["connect_args"]["config"]

    assert database["sqlalchemy_uri"] == f"duckdb:///{files.release}"
    assert config["access_mode"] == "read_only"
    with duckdb.connect(str(files.release), config=config) as release:
        assert release.execute("select count(*) from core.about_release").fetchone() == (1,)
        with pytest.raises(duckdb.PermissionException):
            release.execute("select * from read_csv('/etc/hosts')")


def test_a_survey_without_a_dashboard_is_told_how_to_make_one():
    with pytest.raises(DashboardError, match="README"):
        read_sources("pls")


def test_without_a_release_nothing_is_written(tmp_path):
    with pytest.raises(DashboardError, match="refresh"):
        write_assets(
            Names("ibo", INTERNAL), read_sources("ibo"), tmp_path / "none.duckdb", tmp_path / "to"
        )
    assert not (tmp_path / "to").exists()


def test_files_of_charts_that_are_gone_go(example_home, tmp_path):
    edition = edition_of(load_settings(home=example_home))
    old = tmp_path / "charts" / "old.yaml"
    old.parent.mkdir()
    old.touch()

    write_assets(
        Names("ibo", INTERNAL), read_sources("ibo"), edition.current / edition.file_name, tmp_path
    )

    assert not old.exists()
    assert (tmp_path / "metadata.yaml").is_file()


def test_a_secret_is_made_once_and_for_its_owner(tmp_path):
    path = tmp_path / "password"

    made = kept_secret(path)

    assert kept_secret(path) == made != ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_pages_of_superset_may_load_nothing_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SUPERSET_HOME", str(tmp_path))
    (tmp_path / "secret_key").write_text("k" * 42, encoding="utf-8")

    config = runpy.run_path(str(ROOM / "superset_config.py"))

    policy = config["TALISMAN_CONFIG"]["content_security_policy"]
    sources = {
        source for said in policy.values() for source in ([said] if isinstance(said, str) else said)
    }
    assert sources <= {"'self'", "'none'", "blob:", "data:", "'unsafe-inline'", "'strict-dynamic'"}
    assert "k" * 42 in config.values()


def test_superset_is_locked_and_reads_releases_with_the_duckdb_that_writes_them():
    locked = (ROOM / "requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^(\S+)==(\S+).*?\\\n\s+--hash", locked, re.MULTILINE)
    project = tomllib.loads(Path(PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert f"duckdb=={dict(pins)['duckdb']}" in project["project"]["dependencies"]
    assert len(pins) == len(re.findall(r"^\S+==", locked, re.MULTILINE)) > 100
