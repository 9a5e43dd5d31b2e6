"""A sound warehouse, made once, and copies of it to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from small_suites import REGISTRY
from small_survey import write_warehouse

from barometer.settings import PROJECT_ROOT, Settings
from expectations.checks import Suite
from expectations.suites import build_suites
from registry import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return REGISTRY


@pytest.fixture(scope="session")
def sound_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "build.duckdb"
    write_warehouse(path)
    return path


@pytest.fixture(scope="module")
def sound_connection(
    sound_warehouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to a copy of the sound warehouse; whoever changes it rolls back."""
    path = tmp_path_factory.mktemp("copy") / "build.duckdb"
    shutil.copy(sound_warehouse, path)
    with duckdb.connect(str(path)) as connection:
        yield connection


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(survey="small", root=PROJECT_ROOT, home=tmp_path, inbox=tmp_path)


@pytest.fixture
def broken(settings: Settings, sound_warehouse: Path) -> Callable[..., Settings]:
    """Give the settings of a copy of the sound warehouse in which statements have run."""

    def break_it(*statements: str) -> Settings:
        shutil.copy(sound_warehouse, settings.warehouse)
        with duckdb.connect(str(settings.warehouse)) as connection:
            for statement in statements:
                connection.execute(statement)
        return settings

    return break_it


@pytest.fixture
def suites() -> Callable[[str], tuple[Suite, ...]]:
    """Give the suites of a layer."""

    def of_layer(layer: str) -> tuple[Suite, ...]:
        return build_suites(layer, REGISTRY)

    return of_layer
