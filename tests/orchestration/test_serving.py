"""dbt's manifest for Dagster, and the command that serves the definitions."""

from __future__ import annotations

import os

import pytest
import yaml

from barometer.settings import Settings, load_settings
from orchestration import manifest as manifest_module
from orchestration.manifest import ensure_manifest, is_stale
from orchestration.serve import dagster_home, prepare_home, serve_command, serve_environment


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    for folder in ("models/core", "macros", "tests", "seeds"):
        (root / folder).mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml", "models/core/mart.sql", "seeds/waves.csv"):
        (root / name).write_text("")
    for path in (root, *root.rglob("*")):
        os.utime(path, (1_000, 1_000))
    return Settings("ibo", root, tmp_path / "home", tmp_path / "inbox")


@pytest.fixture
def manifest(project):
    path = project.home / "dbt" / "parsed" / "manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    os.utime(path, (2_000, 2_000))
    return path


def test_a_manifest_newer_than_the_project_is_used(project, manifest):
    assert not is_stale(manifest, project)


@pytest.mark.parametrize("name", ["models/core/mart.sql", "seeds/waves.csv", "profiles.yml"])
def test_a_changed_file_makes_the_manifest_stale(project, manifest, name):
    os.utime(project.root / name, (3_000, 3_000))

    assert is_stale(manifest, project)


def test_a_removed_model_makes_the_manifest_stale(project, manifest):
    (project.root / "models/core/mart.sql").unlink()

    assert is_stale(manifest, project)


def test_a_missing_manifest_is_parsed_apart_from_the_build(project, monkeypatch):
    asked = []

    def parse(settings, arguments, *, target):
        asked.append((arguments, target))
        (target / "manifest.json").write_text("{}")
        return iter(())

    monkeypatch.setattr(manifest_module, "stream_dbt", parse)

    path = ensure_manifest(project)
    ensure_manifest(project)

    assert asked == [(["parse"], path.parent)]
    assert path.parent != project.dbt_target


def test_dagster_keeps_its_files_under_the_survey_and_runs_one_at_a_time(tmp_path):
    settings = load_settings("ibo", home=tmp_path)
    prepare_home(settings)

    instance = yaml.safe_load((dagster_home(settings) / "dagster.yaml").read_text())

    assert instance["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert instance["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert instance["telemetry"] == {"enabled": False}


def test_the_served_definitions_are_those_of_the_chosen_survey(tmp_path):
    settings = load_settings("pls", home=tmp_path, inbox=tmp_path)
    environment = serve_environment(settings)

    assert environment["BAROMETER_SURVEY"] == "pls"
    assert environment["BAROMETER_HOME"] == str(tmp_path)
    assert environment["BAROMETER_INBOX"] == str(tmp_path)
    assert "orchestration.definitions" in serve_command("127.0.0.1", 3000)
