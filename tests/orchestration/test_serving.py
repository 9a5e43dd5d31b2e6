"""dbt's manifest for Dagster, and the command that serves the definitions."""

from __future__ import annotations

import os

import dagster as dg
import pytest

from barometer.environment import MAX_RUN_HOURS
from barometer.errors import UsageError
from barometer.settings import Settings, load_settings
from orchestration.commands import serve as serve_module
from orchestration.commands.serve import (
    dagster_home,
    prepare_home,
    serve,
    serve_command,
    serve_environment,
)
from orchestration.dbt import manifest as manifest_module
from orchestration.dbt.child import PARSE
from orchestration.dbt.manifest import ensure_manifest, is_stale
from orchestration.state.lock import AlreadyServedError, take_server_lock


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

    assert asked == [(PARSE, path.parent)]
    assert path.parent != project.dbt_target


def test_dagster_keeps_its_files_under_the_survey_and_runs_one_at_a_time(tmp_path):
    settings = load_settings("ibo", home=tmp_path)
    prepare_home(settings, {})

    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        concurrency = instance.get_concurrency_config()
        assert concurrency.run_queue_config.max_concurrent_runs == 1
        assert concurrency.pool_config.default_pool_limit == 1
        assert concurrency.pool_config.pool_granularity.value == "op"
        assert not instance.telemetry_enabled


def test_a_run_that_ends_badly_blocks_nothing_for_ever(tmp_path):
    settings = load_settings("ibo", home=tmp_path)
    prepare_home(settings, {})

    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] == 60
        assert instance.run_monitoring_max_runtime_seconds == 6 * 3600
        assert instance.run_monitoring_start_timeout_seconds == 900
        assert instance.code_server_process_startup_timeout == 900
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 2
        assert not instance.run_retries_retry_on_asset_or_op_failure


def test_the_longest_duration_of_a_run_can_be_chosen(tmp_path):
    settings = load_settings("ibo", home=tmp_path)
    prepare_home(settings, {MAX_RUN_HOURS.name: "48"})

    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        assert instance.run_monitoring_max_runtime_seconds == 48 * 3600
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] == 60


@pytest.mark.parametrize("hours", ["0", "-1", "1.5", "many", "²"])
def test_a_duration_that_is_no_number_of_hours_is_refused(tmp_path, hours):
    settings = load_settings("ibo", home=tmp_path)

    with pytest.raises(UsageError, match="not a duration"):
        prepare_home(settings, {MAX_RUN_HOURS.name: hours})


def test_a_second_server_on_the_same_home_is_refused_and_touches_nothing(tmp_path, monkeypatch):
    settings = load_settings("ibo", home=tmp_path)
    first = take_server_lock(dagster_home(settings) / ".lock")
    monkeypatch.setattr(serve_module, "clear_lost_runs", lambda _: pytest.fail("runs touched"))

    try:
        with pytest.raises(AlreadyServedError, match=f"process {os.getpid()}"):
            serve(settings, "127.0.0.1", 1, automation=False, environment={}, tell=print)
    finally:
        os.close(first)


def test_the_lock_of_a_server_is_kept_by_the_program_it_becomes(tmp_path):
    descriptor = take_server_lock(tmp_path / ".lock")

    try:
        assert os.get_inheritable(descriptor)
    finally:
        os.close(descriptor)
    os.close(take_server_lock(tmp_path / ".lock"))


def test_the_served_definitions_are_those_of_the_chosen_survey(tmp_path):
    settings = load_settings("pls", home=tmp_path, inbox=tmp_path)
    environment = serve_environment(settings)

    assert environment["BAROMETER_SURVEY"] == "pls"
    assert environment["BAROMETER_HOME"] == str(tmp_path)
    assert environment["BAROMETER_INBOX"] == str(tmp_path)
    assert "orchestration.definitions" in serve_command("127.0.0.1", 3000)
