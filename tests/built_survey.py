"""A survey landed and built as a refresh does, or as far as a test reads it."""

from __future__ import annotations

from barometer.settings import Settings
from orchestration.dbt.process import DbtProcess, stream_dbt
from orchestration.flow.steps import land_inbox, read_registry, run_dbt
from orchestration.state.lock import writer_lock

MODELS = ("build", "--resource-type", "seed", "--resource-type", "model")


def build_survey(settings: Settings, *selected: str) -> None:
    """Land the inbox and build what is selected and all it rests on, in one run of dbt.

    No data test looks at it: those of the whole example survey and, in `make thorough`, of the
    other surveys are about the same models.
    """
    with writer_lock(settings.lock_file):
        land_inbox(settings, read_registry(settings))
        for _ in stream_dbt(settings, [*MODELS, "--select", *(f"+{name}" for name in selected)]):
            pass


def build_with_tests(settings: Settings) -> None:
    """Land the inbox, then build and test everything, as a refresh does."""
    with writer_lock(settings.lock_file):
        land_inbox(settings, read_registry(settings))
        with DbtProcess(settings) as dbt:
            for part in ("cleaned", "marts"):
                run_dbt(settings, part, dbt)
