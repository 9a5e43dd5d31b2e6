"""The small survey, and folders to land it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, answers, toy_registry, write_csv

from barometer.settings import PROJECT_ROOT, Settings
from registry import Registry


@pytest.fixture
def registry() -> Registry:
    return toy_registry()


@pytest.fixture
def reporting_registry(registry: Registry) -> Registry:
    """The same survey, with unlisted columns reported instead of refused."""
    return replace(registry, survey=replace(registry.survey, unlisted_columns="report"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Settings(survey="toy", root=PROJECT_ROOT, home=tmp_path / "home", inbox=inbox)


@pytest.fixture
def deliver(settings: Settings) -> Callable[..., Path]:
    """Put an export in the inbox: the name, then rows or how many, then the header."""

    def put(
        name: str,
        rows: int | list[list[str]] = 3,
        header: Sequence[str] = tuple(EXPORT_HEADER),
    ) -> Path:
        content = answers(rows) if isinstance(rows, int) else rows
        return write_csv(settings.inbox / name, header, content)

    return put
