"""The refresh job: order, gates and partitions, with stand-ins for the steps."""

from __future__ import annotations

from types import SimpleNamespace

import dagster as dg
import pytest
from graph import StandIns

from barometer.errors import BarometerError
from orchestration.assets import checks, dbt, landing, release
from orchestration.assets.jobs import asked_tags, range_tags
from orchestration.assets.resources import WarehouseResource
from orchestration.dbt.process import DbtError
from orchestration.state.lock import nobody_works, writer_lock

RAW = [landing.raw_key(table) for table in landing.RAW_TABLES]
WHOLE_FLOW = [
    "check raw",
    "dbt cleaned",
    "check cleaned",
    "dbt marts",
    "check marts",
    "publish",
]


@pytest.fixture
def tags():
    """The tags of the run, once it has ended."""
    return {}


@pytest.fixture
def run(ibo_definitions, ibo_settings, monkeypatch, tags):
    def execute(failing_layer="", **arguments):
        stand_ins = StandIns(ibo_settings, failing_layer)
        monkeypatch.setattr(landing, "land_inbox", stand_ins.land_inbox)
        monkeypatch.setattr(checks, "inspect_layer", stand_ins.inspect_layer)
        monkeypatch.setattr(dbt, "stream_build", stand_ins.stream_build)
        monkeypatch.setattr(release, "publish_release", stand_ins.publish_release)
        retries = {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False}
        with dg.DagsterInstance.ephemeral(settings={"run_retries": retries}) as instance:
            result = ibo_definitions.resolve_job_def("refresh").execute_in_process(
                instance=instance, raise_on_error=False, **arguments
            )
            tags.update(instance.get_run_by_id(result.run_id).tags)
            landed = instance.get_materialized_partitions(dg.AssetKey(["raw", "cells"]))
        return result, stand_ins.calls, landed

    return execute


def test_one_wave_lands_and_everything_is_rebuilt(run):
    result, calls, landed = run(partition_key="2023")

    assert result.success
    assert calls == ["land 2023", *WHOLE_FLOW]
    assert landed == {"2023"}


def test_several_waves_land_in_one_run(run):
    result, calls, landed = run(tags=range_tags("2021", "2025"))

    assert result.success
    assert calls == ["land 2021,2023,2025", *WHOLE_FLOW]
    assert landed == {"2021", "2023", "2025"}


def test_a_wave_that_nobody_asked_for_is_not_landed_with_its_neighbours(run):
    result, calls, _ = run(tags=asked_tags(["2021", "2025"]), asset_selection=RAW)

    assert result.success
    assert calls[0] == "land 2021,2025"


def test_a_worker_shows_that_it_lives_as_long_as_its_run(run, ibo_settings, monkeypatch):
    seen = []

    def note(*_: object, **__: object) -> SimpleNamespace:
        with nobody_works(ibo_settings.workers_lock_file) as certain:
            seen.append(certain)
        return SimpleNamespace(landed=(), landed_again=(), unchanged=())

    monkeypatch.setattr(StandIns, "land_inbox", note)
    result, _, _ = run(partition_key="2023", asset_selection=RAW)
    note()

    assert result.success
    assert seen == [False, True]


def test_a_run_that_lost_its_worker_is_tried_again_from_the_start(ibo_definitions):
    tags = ibo_definitions.resolve_job_def("refresh").tags

    assert tags["dagster/retry_strategy"] == "ALL_STEPS"


def test_without_a_partition_every_wave_lands(run):
    result, calls, _ = run()

    assert result.success
    assert calls == ["land all", *WHOLE_FLOW]


@pytest.mark.parametrize(
    ("layer", "last"),
    [("raw", "check raw"), ("cleaned", "check cleaned"), ("marts", "check marts")],
)
def test_a_failed_expectation_stops_what_follows_and_is_not_tried_again(run, tags, layer, last):
    result, calls, _ = run(failing_layer=layer)

    assert not result.success
    assert tags["dagster/failure_reason"] == "STEP_FAILURE"
    assert tags["dagster/will_retry"] == "false"
    assert calls[-1] == last
    assert "publish" not in calls
    failed = [
        evaluation for evaluation in result.get_asset_check_evaluations() if not evaluation.passed
    ]
    assert len(failed) == 1
    assert "every row is right: 3" in str(failed[0].metadata["failures"].value)


def test_every_table_is_materialized_by_name(run):
    result, _, _ = run()

    keys = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}

    assert {"raw/cells", "core/mart_estimates", "release/internal"} <= keys


def test_a_project_that_changed_meanwhile_asks_for_a_reload():
    manifest = {"nodes": {"model.barometer.known": {}}}

    dbt.require_known("model.barometer.known", manifest)
    with pytest.raises(DbtError, match="Reload definitions"):
        dbt.require_known("model.barometer.new", manifest)


def test_an_error_for_people_is_not_retried(ibo_settings, tmp_path):
    warehouse = WarehouseResource.of(ibo_settings)

    with pytest.raises(dg.Failure) as caught, warehouse.writing("step"):
        raise BarometerError("The file is empty.", remedy="Ask for it again.")

    assert "The file is empty." in caught.value.description
    assert not caught.value.allow_retries


def test_another_writer_is_waited_for(ibo_settings):
    warehouse = WarehouseResource.of(ibo_settings)

    with (
        writer_lock(ibo_settings.lock_file),
        pytest.raises(dg.Failure) as caught,
        warehouse.writing("step"),
    ):
        pass

    assert caught.value.allow_retries
