"""The refresh job: order, gates and partitions, with stand-ins for the steps."""

from __future__ import annotations

import dagster as dg
import pytest
from graph import StandIns

from barometer.errors import BarometerError
from orchestration import checks
from orchestration.assets import dbt, landing, release
from orchestration.dbt_process import DbtError, DbtNode
from orchestration.jobs import range_tags
from orchestration.lock import writer_lock
from orchestration.resources import WarehouseResource

WHOLE_FLOW = [
    "check raw",
    "dbt cleaned",
    "check cleaned",
    "dbt marts",
    "check marts",
    "publish",
    "publish public",
]


@pytest.fixture
def run(ibo_definitions, ibo_settings, monkeypatch):
    def execute(failing_layer="", **arguments):
        stand_ins = StandIns(ibo_settings, failing_layer)
        monkeypatch.setattr(landing, "land_inbox", stand_ins.land_inbox)
        monkeypatch.setattr(checks, "inspect_layer", stand_ins.inspect_layer)
        monkeypatch.setattr(dbt, "stream_dbt", stand_ins.stream_dbt)
        monkeypatch.setattr(release, "publish_internal", stand_ins.publish_internal)
        monkeypatch.setattr(release, "publish_public_release", stand_ins.publish_public_release)
        with dg.DagsterInstance.ephemeral() as instance:
            result = ibo_definitions.resolve_job_def("refresh").execute_in_process(
                instance=instance, raise_on_error=False, **arguments
            )
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


def test_without_a_partition_every_wave_lands(run):
    result, calls, _ = run()

    assert result.success
    assert calls == ["land all", *WHOLE_FLOW]


@pytest.mark.parametrize(
    ("layer", "last"),
    [("raw", "check raw"), ("cleaned", "check cleaned"), ("marts", "check marts")],
)
def test_a_failed_expectation_stops_what_follows(run, layer, last):
    result, calls, _ = run(failing_layer=layer)

    assert not result.success
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

    assert {"raw/cells", "registry/questions", "core/mart_estimates", "release/internal"} <= keys


def test_a_project_that_changed_meanwhile_asks_for_a_reload():
    manifest = {"nodes": {"model.barometer.known": {}}}
    known = DbtNode("model.barometer.known", "model", "known", "success", 0.1, 1, 2)
    new = DbtNode("model.barometer.new", "model", "new", "success", 0.1, 2, 2)

    dbt.require_known(known, manifest)
    with pytest.raises(DbtError, match="Reload definitions"):
        dbt.require_known(new, manifest)


def test_an_error_for_people_is_not_retried(ibo_settings, tmp_path):
    warehouse = WarehouseResource.of(ibo_settings)

    with pytest.raises(dg.Failure) as caught, warehouse.writing():
        raise BarometerError("The file is empty.", remedy="Ask for it again.")

    assert "The file is empty." in caught.value.description
    assert not caught.value.allow_retries


def test_another_writer_is_waited_for(ibo_settings):
    warehouse = WarehouseResource.of(ibo_settings)

    with (
        writer_lock(ibo_settings.lock_file),
        pytest.raises(dg.Failure) as caught,
        warehouse.writing(),
    ):
        pass

    assert caught.value.allow_retries
