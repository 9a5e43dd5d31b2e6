"""Fixtures that several folders of tests share."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from barometer.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.progress import PlainProgress
from orchestration.refresh import refresh


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real survey files from outside; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BAROMETER_SHARED_DATA", PROJECT_ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            f"no real survey files at {folder}; set BAROMETER_SHARED_DATA to where they are"
        )
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
def example_refresh(once: Callable[[str, Callable[[Path], None]], Path]) -> Settings:
    """The example survey after one refresh. Read it; a test that changes it copies it first."""

    def fill(folder: Path) -> None:
        refresh(load_settings("ibo", home=folder), PlainProgress(Console(file=io.StringIO())))

    return load_settings("ibo", home=once("example_refresh", fill))


@pytest.fixture(scope="session")
def example_warehouse(example_refresh: Settings) -> Path:
    """The build database of the example survey, to be opened read-only."""
    return example_refresh.warehouse
