"""Fixtures that several folders of tests share."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run_cli

from barometer.environment import SHARED_DATA
from barometer.settings import PROJECT_ROOT, Settings, load_settings

REFRESH_OUTPUT = "refresh_output.txt"


def pytest_configure(config: pytest.Config) -> None:
    """Stop before any test where two files of tests would be one module."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("*.py"))
    twice = sorted(name for name, n in names.items() if n > 1 and name != "conftest.py")
    if twice:
        raise pytest.UsageError(f"more than one file under tests is called {', '.join(twice)}")
    config.pluginmanager.register(StopAtOnce(config))


class StopAtOnce:
    """What pytest does by itself in one process: no test runs where one cannot be collected."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        distributed = self.config.pluginmanager.get_plugin("dsession")
        if report.failed and distributed is not None:
            distributed.shouldstop = f"{report.nodeid} cannot be collected"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real survey files from outside; the test is skipped where it is absent."""
    folder = Path(SHARED_DATA.read() or PROJECT_ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real survey files at {folder}; set {SHARED_DATA.name} to where they are")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Make a folder once for all test processes: the first fills it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / ".complete").exists():
                folder.mkdir(exist_ok=True)
                fill(folder)
                (folder / ".complete").touch()
        return folder

    return make


@pytest.fixture(scope="session")
def example_home(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """Where the example survey was refreshed once; `refresh_output.txt` is what it printed."""

    def fill(folder: Path) -> None:
        done = run_cli("refresh", "--home", folder)
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / REFRESH_OUTPUT).write_text(done.stdout, encoding="utf-8")

    return once("example_refresh", fill)


@pytest.fixture(scope="session")
def example_refresh(example_home: Path) -> Settings:
    """The example survey after one refresh. Read it; a test that changes it copies it first."""

    return load_settings("ibo", home=example_home)


@pytest.fixture(scope="session")
def example_warehouse(example_refresh: Settings) -> Path:
    """The build database of the example survey, to be opened read-only."""
    return example_refresh.warehouse
