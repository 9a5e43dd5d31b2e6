"""What the assets need to know of their surroundings, and how they fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg

from barometer.errors import BarometerError
from barometer.logs import open_log, timed
from barometer.settings import Settings
from orchestration.state.lock import AlreadyRunningError, worker_lock, writer_lock

WAREHOUSE_POOL = "warehouse"
"""Pool of one slot, taken by every step that opens the warehouse."""

RETRIES = dg.RetryPolicy(max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL)
"""For what may pass by itself: another writer, a network folder that is away."""


class WarehouseResource(dg.ConfigurableResource[Settings]):
    """The paths of the survey; a run can be pointed at other folders by its configuration."""

    survey: str
    root: str
    home: str
    inbox: str

    @classmethod
    def of(cls, settings: Settings) -> WarehouseResource:
        """Return the resource for these settings."""
        return cls(
            survey=settings.survey,
            root=str(settings.root),
            home=str(settings.home),
            inbox=str(settings.inbox),
        )

    @property
    def settings(self) -> Settings:
        """Return the settings that the steps take."""
        return Settings(
            survey=self.survey,
            root=Path(self.root),
            home=Path(self.home),
            inbox=Path(self.inbox),
        )

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Any]:
        """Show, as long as a run is worked on, that its worker lives."""
        if context.run is None:
            yield self
            return
        settings = self.settings
        with worker_lock(settings.workers_lock_file), open_log(settings, context.run.run_id):
            _require_unfinished(context.instance, context.run.run_id)
            yield self

    @contextmanager
    def writing(self, step: str) -> Iterator[Settings]:
        """Hold the writer's lock, and say once, in words, why a step failed."""
        try:
            with timed("step", step=step), writer_lock(self.settings.lock_file):
                yield self.settings
        except BarometerError as error:
            raise dg.Failure(
                description=str(error),
                allow_retries=isinstance(error, AlreadyRunningError),
            ) from error


def _require_unfinished(instance: dg.DagsterInstance | None, run_id: str) -> None:
    """Stop a worker whose run was given up before it had shown that it lives."""
    run = instance.get_run_by_id(run_id) if instance else None
    if run is not None and run.is_finished:
        raise dg.Failure(f"Run {run_id} was given up meanwhile.", allow_retries=False)
