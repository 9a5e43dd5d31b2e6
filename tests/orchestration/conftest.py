"""One refresh of the example survey, shared by the tests that look at its outcome."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from barometer.settings import Settings, load_settings

Cli = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Refreshed:
    """A home in which one refresh has run, and what it printed."""

    settings: Settings
    output: str

    @property
    def home(self) -> Path:
        """The folder to give to `--home`."""
        return self.settings.home.parent


def run_cli(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if "BAROMETER" not in name}
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "COLUMNS": "160"},
    )


@pytest.fixture(scope="session")
def cli() -> Cli:
    return run_cli


@pytest.fixture(scope="session")
def example_refresh(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    home = tmp_path_factory.mktemp("example")
    done = run_cli("refresh", "--home", home)
    assert done.returncode == 0, done.stdout + done.stderr
    return Refreshed(load_settings("ibo", home=home), done.stdout)


@pytest.fixture(scope="session")
def ibo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings("ibo", home=tmp_path_factory.mktemp("dagster"))


@pytest.fixture(scope="session")
def ibo_definitions(ibo_settings: Settings) -> dg.Definitions:
    from orchestration.definitions import build_definitions

    return build_definitions(ibo_settings)
