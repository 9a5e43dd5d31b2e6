"""A killed worker or a power cut blocks neither the pool nor the queue."""

from __future__ import annotations

import signal
import subprocess
import sys

import dagster as dg
import pytest
from graph import run_of_refresh

from orchestration.assets.resources import WAREHOUSE_POOL, WarehouseResource
from orchestration.commands.serve import clear_lost_runs, dagster_home, prepare_home
from orchestration.state.lock import nobody_works, worker_lock

WORKER = """
import sys
from pathlib import Path
from orchestration.state.lock import worker_lock
with worker_lock(Path(sys.argv[1])):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def instance(settings):
    """The instance of a survey as `barometer serve` prepares it."""
    prepare_home(settings, {})
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        yield instance


@pytest.fixture
def run_in(instance):
    """Make a run of this status, which holds the slot of the warehouse."""

    def make(status: dg.DagsterRunStatus) -> str:
        run_id = instance.add_run(run_of_refresh(status)).run_id
        instance.event_log_storage.initialize_concurrency_limit_to_default(WAREHOUSE_POOL)
        claim = instance.event_log_storage.claim_concurrency_slot(WAREHOUSE_POOL, run_id, "step")
        assert claim.is_claimed
        return run_id

    return make


def slots_taken(instance: dg.DagsterInstance) -> int:
    return instance.event_log_storage.get_concurrency_info(WAREHOUSE_POOL).active_slot_count


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
def test_a_run_without_a_worker_fails_and_frees_its_slot(settings, instance, run_in, status):
    run_id = run_in(status)

    (line,) = clear_lost_runs(settings)

    run = instance.get_run_by_id(run_id)
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert run_id in line
    assert slots_taken(instance) == 0
    (failure,) = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    assert "No process works on this run any more" in failure.dagster_event.message


def test_a_lost_run_is_one_that_dagster_tries_again(settings, instance, run_in):
    run_id = run_in(dg.DagsterRunStatus.STARTED)

    clear_lost_runs(settings)

    assert instance.get_run_by_id(run_id).is_complete_and_waiting_to_retry


def test_a_lost_run_that_somebody_was_stopping_is_cancelled(settings, instance, run_in):
    run_id = run_in(dg.DagsterRunStatus.CANCELING)

    clear_lost_runs(settings)

    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.CANCELED
    assert slots_taken(instance) == 0


def test_a_queued_run_simply_goes_on(settings, instance):
    run_id = instance.add_run(run_of_refresh(dg.DagsterRunStatus.QUEUED)).run_id

    assert clear_lost_runs(settings) == []
    assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.QUEUED


def test_a_run_whose_worker_outlived_its_server_is_left_alone(settings, instance, run_in):
    run_id = run_in(dg.DagsterRunStatus.STARTED)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(settings.workers_lock_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "at work\n"
        while_it_lives = clear_lost_runs(settings)
        assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.STARTED
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()

    assert "still at its run" in while_it_lives[0]
    assert run_id in clear_lost_runs(settings)[0]


def test_workers_do_not_keep_each_other_waiting(settings):
    lock = settings.workers_lock_file
    with worker_lock(lock), worker_lock(lock), nobody_works(lock) as certain:
        assert not certain
    with nobody_works(lock) as certain:
        assert certain


def test_a_worker_whose_run_was_given_up_before_it_began_stops(settings, instance, run_in):
    run_id = run_in(dg.DagsterRunStatus.STARTED)
    clear_lost_runs(settings)
    context = dg.build_init_resource_context(instance=instance)
    context._dagster_run = instance.get_run_by_id(run_id)

    with (
        pytest.raises(dg.Failure, match="given up meanwhile"),
        WarehouseResource.of(settings).yield_for_execution(context),
    ):
        pass
