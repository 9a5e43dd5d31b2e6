"""Land a survey's inbox and build parts of its warehouse, as a refresh does."""

from __future__ import annotations

from collections.abc import Sequence

from barometer.settings import Settings
from orchestration.dbt_process import DbtProcess
from orchestration.steps import land_inbox, read_registry, run_dbt


def land_and_build(settings: Settings, *parts: str) -> None:
    """Land everything in the inbox, then build the parts of the dbt project that are named."""
    land_inbox(settings, read_registry(settings))
    with DbtProcess(settings) as dbt:
        for part in parts:
            run_dbt(settings, part, dbt)


def land_and_run(settings: Settings, *commands: Sequence[str]) -> None:
    """Land everything in the inbox, then run commands of dbt one after the other."""
    land_inbox(settings, read_registry(settings))
    with DbtProcess(settings) as dbt:
        for arguments in commands:
            for _ in dbt.run(arguments):
                pass
