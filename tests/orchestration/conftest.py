"""What the tests of the whole flow share."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from command_line import run_cli

from barometer.settings import Settings, load_settings
from registry import Registry, load_registry

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


@pytest.fixture(scope="session")
def cli() -> Cli:
    return run_cli


@pytest.fixture(scope="session")
def example_refresh(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """A copy of the refreshed example, to write in."""
    home = tmp_path_factory.mktemp("example")
    shutil.copytree(example_home, home, symlinks=True, dirs_exist_ok=True)
    printed = (home / "refresh_output.txt").read_text(encoding="utf-8")
    return Refreshed(load_settings("ibo", home=home), printed.replace(str(example_home), str(home)))


@pytest.fixture(scope="session")
def ibo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings("ibo", home=tmp_path_factory.mktemp("dagster"))


@pytest.fixture(scope="session")
def ibo_definitions(ibo_settings: Settings) -> dg.Definitions:
    from orchestration.definitions import build_definitions

    return build_definitions(ibo_settings)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home and an inbox of one test's own, both empty."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return load_settings("ibo", home=tmp_path / "home", inbox=inbox)


@pytest.fixture
def registry(settings: Settings) -> Registry:
    return load_registry(settings.seeds)
