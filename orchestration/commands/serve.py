"""Start Dagster's own web server and daemon for one survey."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from barometer.environment import AUTOMATION, HOME, INBOX, MAX_RUN_HOURS, SURVEY
from barometer.errors import UsageError
from barometer.private import make_home
from barometer.settings import Settings
from orchestration.state.lock import take_server_lock
from publication.editions import START_PAGE

INSTANCE_SETTINGS = Path(__file__).with_name("dagster.yaml")


def dagster_home(settings: Settings) -> Path:
    """Return the folder in which Dagster keeps its runs and schedules."""
    return settings.home / "dagster"


def serve_environment(settings: Settings) -> dict[str, str]:
    """Return the environment from which the Dagster definitions read their settings."""
    return {
        SURVEY.name: settings.survey,
        HOME.name: str(settings.home.parent),
        INBOX.name: str(settings.inbox),
        "DAGSTER_HOME": str(dagster_home(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        # A worker imports everything before it answers; 60 seconds do not suffice under load.
        "DAGSTER_GRPC_TIMEOUT_SECONDS": "600",
    }


def serve_command(host: str, port: int) -> list[str]:
    """Return the command that serves the definitions."""
    arguments = ["--module-name", "orchestration.definitions"]
    return [
        *(sys.executable, "-m", "dagster", "dev"),
        *arguments,
        *("--host", host, "--port", str(port)),
    ]


def prepare_home(settings: Settings, environment: Mapping[str, str]) -> None:
    """Make Dagster's folder and give it the instance settings of this project.

    Raises:
        UsageError: the longest duration of a run is not a number of hours.
    """
    instance = instance_settings(environment)
    home = dagster_home(settings)
    make_home(settings.home)
    home.mkdir(mode=0o700, exist_ok=True)
    (home / INSTANCE_SETTINGS.name).write_text(instance, encoding="utf-8")


def instance_settings(environment: Mapping[str, str]) -> str:
    """Return the text of `dagster.yaml`, with the longest duration of a run that was chosen."""
    text = INSTANCE_SETTINGS.read_text(encoding="utf-8")
    hours = MAX_RUN_HOURS.read(environment)
    if not hours:
        return text
    if not (hours.isascii() and hours.isdigit() and int(hours) > 0):
        raise UsageError(
            f"'{hours}' is not a duration of a run.",
            where=MAX_RUN_HOURS.name,
            expected="a whole number of hours, at least 1",
            remedy="Correct the variable, or unset it to have the default.",
        )
    settings = yaml.safe_load(text)
    settings["run_monitoring"]["max_runtime_seconds"] = int(hours) * 3600
    return yaml.safe_dump(settings, sort_keys=False)


def clear_lost_runs(settings: Settings) -> list[str]:
    """Give up the runs whose worker died with an earlier server; return a line for each.

    The caller holds the server's lock, so no run of a living server is taken for lost.
    """
    import dagster as dg

    from orchestration.state.lost_runs import give_up_lost_runs

    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        return give_up_lost_runs(instance, settings.workers_lock_file)


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    automation: bool,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    """Become the Dagster server; does not return.

    Raises:
        AlreadyServedError: there is a server on this home.
        UsageError: the longest duration of a run is not a number of hours.
    """
    take_server_lock(dagster_home(settings) / ".lock")
    prepare_home(settings, environment)
    for line in clear_lost_runs(settings):
        tell(line)
    tell(f"Dagster for survey {settings.survey}: http://{host}:{port} (stop with Ctrl-C)")
    if (settings.home / START_PAGE).exists():
        tell(f"Reports, codebook and checks: {settings.home / START_PAGE}")
    command = serve_command(host, port)
    switches = {AUTOMATION.name: "on"} if automation else {}
    os.chdir(settings.root)
    os.execve(command[0], command, {**environment, **serve_environment(settings), **switches})
