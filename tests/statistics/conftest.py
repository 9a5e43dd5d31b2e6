"""The school samples of the R `survey` package, built once by the project's own models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from api_survey import api_settings, build


@pytest.fixture(scope="session")
def api_warehouse(
    shared_data: Path, once: Callable[[str, Callable[[Path], None]], Path]
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = once("api_survey", lambda folder: build(shared_data, folder))
    warehouse = api_settings(folder).warehouse
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection
