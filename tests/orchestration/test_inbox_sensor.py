"""Which files in the inbox start a run, and which do not start it again."""

from __future__ import annotations

import json
import os
import time

import dagster as dg
import pytest
from graph import run_of_refresh

from orchestration.assets.jobs import asked_tags
from orchestration.assets.resources import WarehouseResource
from orchestration.automation import sensors
from orchestration.automation.sensors import inbox_sensor

NAMES_2021 = ("IBO2021_synthetic_export_v1.csv", "IBO2021_synthetic_frame.csv")
NAMES_2023 = ("IBO2023_synthetic_export.xlsx", "IBO2023_synthetic_frame.xlsx")
NAMES_2025 = ("IBO2025_synthetic_export.sav", "IBO2025_synthetic_frame.csv")

QUEUED, STARTED = dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTED
SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE
CANCELED = dg.DagsterRunStatus.CANCELED


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def deliver(settings):
    def put(*names: str, text: str = "a", at: float | None = None, age: float = 60.0) -> None:
        modified = time.time() - age if at is None else at
        for name in names:
            path = settings.inbox / name
            path.write_text(text)
            os.utime(path, (modified, modified))

    return put


@pytest.fixture
def tick(settings, registry, instance, monkeypatch):
    clock = iter(range(10_000))
    started = time.time()

    def evaluate(cursor: str | None = None) -> dg.SensorResult:
        # A minute between two ticks.
        monkeypatch.setattr(sensors.time, "time", lambda: started + 60 * next(clock))
        sensor = inbox_sensor(registry, dg.DefaultSensorStatus.STOPPED)
        resources = {"warehouse": WarehouseResource.of(settings)}
        with dg.build_sensor_context(
            instance=instance, cursor=cursor, resources=resources
        ) as context:
            return sensor(context)

    return evaluate


@pytest.fixture
def end(instance):
    """Let Dagster make the runs that a tick asked for, and let them come to this status."""

    def put(found, status, tags=None, only=None) -> None:
        for request in found.run_requests:
            if only in (None, request.partition_key):
                key = {"dagster/run_key": request.run_key}
                instance.add_run(run_of_refresh(status, {**key, **(tags or {})}))

    return put


def test_a_complete_wave_starts_a_refresh_of_that_wave(tick, deliver):
    deliver(*NAMES_2021)

    found = tick()

    assert [request.partition_key for request in found.run_requests] == ["2021"]
    assert found.asset_events[0].asset_key == dg.AssetKey(["inbox", "deliveries"])


def test_waves_delivered_together_are_refreshed_together(tick, deliver):
    deliver(*NAMES_2021, *NAMES_2025)

    (request,) = tick().run_requests

    assert asked_tags(["2021", "2025"]).items() <= request.tags.items()


def test_files_whose_run_has_succeeded_start_nothing_twice(tick, deliver, end):
    deliver(*NAMES_2021)
    first = tick()
    end(first, SUCCESS)

    second = tick(first.cursor)
    third = tick(second.cursor)

    assert not second.run_requests
    assert not third.run_requests
    assert third.skip_reason.skip_message == "Nothing new in the inbox."


@pytest.mark.parametrize("status", [QUEUED, STARTED])
def test_nothing_is_asked_twice_while_its_run_is_under_way(tick, deliver, end, status):
    deliver(*NAMES_2021)
    first = tick()
    end(first, status)

    second = tick(first.cursor)

    assert not second.run_requests
    assert second.skip_reason.skip_message == "wave 2021: its run is under way"


def test_a_run_that_dagster_is_about_to_try_again_is_waited_for(tick, deliver, end):
    deliver(*NAMES_2021)
    first = tick()
    end(first, FAILURE, {"dagster/will_retry": "true"})
    waiting = tick(first.cursor)
    end(first, SUCCESS)

    done = tick(waiting.cursor)

    assert not waiting.run_requests
    assert "under way" in waiting.skip_reason.skip_message
    assert done.skip_reason.skip_message == "Nothing new in the inbox."


def test_a_run_that_was_never_made_is_asked_for_again(tick, deliver):
    deliver(*NAMES_2021)
    first = tick()

    (request,) = tick(first.cursor).run_requests

    assert request.partition_key == "2021"


@pytest.mark.parametrize("status", [FAILURE, CANCELED])
def test_a_wave_whose_run_failed_waits_until_its_files_change(tick, deliver, end, status):
    deliver(*NAMES_2021)
    first = tick()
    end(first, status)

    second = tick(first.cursor)
    third = tick(second.cursor)
    deliver("IBO2021_synthetic_export_v2.csv", text="corrected")
    corrected = tick(third.cursor)

    assert not second.run_requests
    assert not third.run_requests
    assert "wave 2021: its run failed or was cancelled" in third.skip_reason.skip_message
    assert [request.partition_key for request in corrected.run_requests] == ["2021"]


@pytest.mark.parametrize("outcome", [SUCCESS, FAILURE])
def test_the_same_content_again_after_another_starts_a_run_again(tick, deliver, end, outcome):
    at = time.time() - 3600
    export, frame = NAMES_2021
    deliver(frame, at=at)
    cursor = None
    for text, ended in (("a", SUCCESS), ("b", outcome), ("a", SUCCESS)):
        # Copied with its time stamp: nothing tells the last from the first.
        deliver(export, text=text, at=at + ord(text))
        asked = tick(cursor)
        assert [request.partition_key for request in asked.run_requests] == ["2021"] or (
            # A run that failed has landed nothing: the first is still what was done last.
            outcome == FAILURE and text == "a" and not asked.run_requests
        )
        end(asked, ended)
        cursor = tick(asked.cursor).cursor


def test_an_inbox_that_was_away_repeats_no_failure(tick, deliver, end, settings):
    deliver(*NAMES_2021)
    first = tick()
    end(first, FAILURE)
    failed = tick(first.cursor)
    settings.inbox.rename(settings.inbox.with_name("away"))
    away = tick(failed.cursor)
    settings.inbox.with_name("away").rename(settings.inbox)

    assert not tick(away.cursor).run_requests


def test_after_a_joint_run_that_failed_each_wave_is_asked_for_once(tick, deliver, end):
    deliver(*NAMES_2021, *NAMES_2025)
    joint = tick()
    end(joint, FAILURE)

    single = tick(joint.cursor)
    end(single, SUCCESS, only="2021")
    end(single, FAILURE, only="2025")
    last = tick(single.cursor)

    assert [request.partition_key for request in single.run_requests] == ["2021", "2025"]
    assert not last.run_requests
    assert last.skip_reason.skip_message.startswith("wave 2025: its run failed")


def test_a_joint_run_that_somebody_cancelled_is_not_asked_for_in_parts(tick, deliver, end):
    deliver(*NAMES_2021, *NAMES_2025)
    joint = tick()
    end(joint, CANCELED)

    assert not tick(joint.cursor).run_requests


def test_an_incomplete_wave_between_two_complete_ones_holds_up_neither(tick, deliver):
    deliver(*NAMES_2021, "IBO2023_synthetic_export.xlsx", *NAMES_2025)

    found = tick()

    assert [request.partition_key for request in found.run_requests] == ["2021", "2025"]
    assert len({request.run_key for request in found.run_requests}) == 2


def test_a_wave_that_failed_is_not_drawn_into_a_run_of_its_neighbours(tick, deliver, end):
    deliver(*NAMES_2023)
    first = tick()
    end(first, FAILURE)
    deliver(*NAMES_2021, *NAMES_2025)

    found = tick(first.cursor)

    assert [request.partition_key for request in found.run_requests] == ["2021", "2025"]


def test_waves_on_both_sides_of_one_that_is_done_share_a_run(tick, deliver, end):
    deliver(*NAMES_2023)
    first = tick()
    end(first, SUCCESS)
    deliver(*NAMES_2021, *NAMES_2025)

    (request,) = tick(first.cursor).run_requests

    assert asked_tags(["2021", "2025"]).items() <= request.tags.items()


def test_files_that_are_again_what_they_were_start_a_run_under_a_new_key(tick, deliver, end):
    keys = []
    cursor = None
    for text in ("A", "longer B", "A"):
        deliver(*NAMES_2021, text=text, at=1_000_000.0)
        found = tick(cursor)
        end(found, SUCCESS)
        keys += [request.run_key for request in found.run_requests]
        cursor = found.cursor

    assert len(set(keys)) == 3


def test_a_cursor_that_tells_only_what_was_asked_proves_nothing(tick, deliver):
    deliver(*NAMES_2021)
    first = tick()
    (asked,) = json.loads(first.cursor)["asked"]

    assert tick(json.dumps(asked["states"])).run_requests


def test_a_correction_starts_a_refresh_under_another_key(tick, deliver, end):
    deliver(*NAMES_2021)
    first = tick()
    end(first, STARTED)
    deliver("IBO2021_synthetic_export_v2.csv", text="corrected")

    second = tick(first.cursor)

    assert [request.partition_key for request in second.run_requests] == ["2021"]
    assert second.run_requests[0].run_key != first.run_requests[0].run_key


def test_a_wave_without_its_frame_is_awaited(tick, deliver):
    deliver("IBO2021_synthetic_export_v1.csv")

    found = tick()

    assert not found.run_requests
    assert "wave 2021: still awaited: frame main" in found.skip_reason.skip_message


def test_a_file_that_is_still_being_copied_is_left_alone(tick, deliver):
    deliver(*NAMES_2021, age=0)

    assert "still being written" in tick().skip_reason.skip_message


def test_a_file_that_nobody_knows_is_ignored_and_named(tick, deliver):
    deliver("holiday.jpg")

    found = tick()

    assert not found.run_requests
    assert "holiday.jpg: not a delivery" in found.skip_reason.skip_message


def test_an_inbox_that_is_not_there_is_no_error(tick, settings):
    settings.inbox.rmdir()

    assert tick().skip_reason.skip_message == "Nothing new in the inbox."
