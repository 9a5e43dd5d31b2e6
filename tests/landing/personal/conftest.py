"""Folders for the small survey with personal data."""

from __future__ import annotations

from pathlib import Path

import pytest

from barometer.environment import ARCHIVE_KEY, PSEUDONYM_KEY
from barometer.settings import PROJECT_ROOT, Settings


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of the machine that runs the tests are not theirs."""
    monkeypatch.delenv(PSEUDONYM_KEY.name, raising=False)
    monkeypatch.delenv(ARCHIVE_KEY.name, raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Settings(survey="mini", root=PROJECT_ROOT, home=tmp_path / "home", inbox=inbox)
