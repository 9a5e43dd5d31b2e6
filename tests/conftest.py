"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real survey files from outside; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BAROMETER_SHARED_DATA", PROJECT_ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            f"the real survey files are not at {folder}; set BAROMETER_SHARED_DATA to where they are"
        )
    return folder
