"""Runs that a kill or a power cut left behind: nobody works on them, yet they fill the queue."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from orchestration.state.lock import nobody_works

WORKED_ON = (
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)
"""What Dagster says of a run that has a worker; queued runs have none yet and simply go on."""

MESSAGE = (
    "No process works on this run any more: its worker was killed, or the machine stopped. "
    "Given up when the server was started; the current release is as it was."
)


def give_up_lost_runs(instance: dg.DagsterInstance, workers: Path) -> list[str]:
    """End the runs that have lost their worker, free their pool slots, and say which they are.

    Every worker holds the lock `workers` as long as it lives, so while one does nothing is
    touched: it may have outlived its server. Runs that somebody was stopping are cancelled.
    The others are failed, for a reason that is not their own, so Dagster tries them again.
    """
    with nobody_works(workers) as certain:
        if not certain:
            return ["A worker of an earlier server is still at its run; no run was given up."]
        runs = instance.get_runs(filters=dg.RunsFilter(statuses=list(WORKED_ON)))
        for run in runs:
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, MESSAGE)
            else:
                instance.report_run_failed(run, MESSAGE)
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        return [f"Run {run.run_id} had lost its worker and was given up." for run in runs]
