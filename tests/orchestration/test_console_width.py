"""One console for every command: as wide as the window, and wide where there is none."""

from __future__ import annotations

import io

import pytest

from orchestration.commands.console import new_console


@pytest.mark.parametrize(("columns", "width"), [("80", 160), ("200", 200)])
def test_redirected_output_is_wide(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout", io.StringIO())

    assert new_console().width == width


def test_a_terminal_keeps_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stdout", io.StringIO())

    assert new_console().width == 80
