"""Surveys built once by the project's own models: school samples, and one population many times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from api_survey import api_settings, build
from replicated_surveys import replicated_settings, survey_many_times


@pytest.fixture(scope="session")
def api_warehouse(
    shared_data: Path, once: Callable[[str, Callable[[Path], None]], Path]
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = once("api_survey", lambda folder: build(shared_data, folder))
    warehouse = api_settings(folder).warehouse
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def replicated_surveys(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The build database of one population surveyed 40 times, to be opened read-only."""
    return replicated_settings(once("replicated_surveys", survey_many_times)).warehouse
