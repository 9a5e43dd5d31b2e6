"""Start Dagster's own web server and daemon for one survey."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from barometer.private import make_home
from barometer.settings import Settings

INSTANCE_SETTINGS = Path(__file__).with_name("dagster.yaml")


def dagster_home(settings: Settings) -> Path:
    """Return the folder in which Dagster keeps its runs and schedules."""
    return settings.home / "dagster"


def serve_environment(settings: Settings) -> dict[str, str]:
    """Return the environment from which the Dagster definitions read their settings."""
    return {
        "BAROMETER_SURVEY": settings.survey,
        "BAROMETER_HOME": str(settings.home.parent),
        "BAROMETER_INBOX": str(settings.inbox),
        "DAGSTER_HOME": str(dagster_home(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }


def serve_command(host: str, port: int) -> list[str]:
    """Return the command that serves the definitions."""
    arguments = ["--module-name", "orchestration.definitions"]
    return [
        *(sys.executable, "-m", "dagster", "dev"),
        *arguments,
        *("--host", host, "--port", str(port)),
    ]


def prepare_home(settings: Settings) -> None:
    """Make Dagster's folder and give it the instance settings of this project."""
    make_home(settings.home)
    home = dagster_home(settings)
    home.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(INSTANCE_SETTINGS, home / INSTANCE_SETTINGS.name)


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    automation: bool,
    environment: Mapping[str, str],
) -> None:
    """Become the Dagster server; does not return."""
    prepare_home(settings)
    command = serve_command(host, port)
    switches = {"BAROMETER_AUTOMATION": "on"} if automation else {}
    os.chdir(settings.root)
    os.execve(command[0], command, {**environment, **serve_environment(settings), **switches})
