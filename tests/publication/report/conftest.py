"""Fixtures: the release of the bakers, and what its page is made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from bakery import write_release

from publication.report.content.material import Material
from publication.report.read import whole_release


@pytest.fixture(scope="session")
def bakers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The release file of an edition."""
    folder = tmp_path_factory.mktemp("bakers")

    def release(edition: str = "internal") -> Path:
        path = folder / f"{edition}.duckdb"
        return path if path.exists() else write_release(path, edition)

    return release


@pytest.fixture
def material(bakers: Callable[[str], Path]) -> Material:
    with duckdb.connect(str(bakers("internal")), read_only=True) as connection:
        found = whole_release(connection)
    assert found is not None
    return found
