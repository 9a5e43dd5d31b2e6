"""Progress for a person at a terminal and for a log file."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from orchestration.flow import progress
from orchestration.flow.progress import PlainProgress, TerminalProgress, progress_for


def console(terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=80)


def text(used: Console) -> str:
    assert isinstance(used.file, io.StringIO)
    return used.file.getvalue()


def test_a_log_gets_plain_lines():
    used = console(terminal=False)
    shown = progress_for(used)

    with shown.step("Land exports"):
        pass

    assert isinstance(shown, PlainProgress)
    assert text(used).startswith("Land exports ...\nLand exports: done after 0.0 s")


def test_a_log_is_not_flooded(monkeypatch):
    used = console(terminal=False)
    shown = progress_for(used)
    with shown.step("Build"):
        for index in range(500):
            shown.update(f"{index} of 500")
    assert "of 500" not in text(used)

    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    shown.update("12 of 80 [model] cln_answers OK")
    assert "    12 of 80 [model] cln_answers OK\n" in text(used)


def test_the_present_activity_keeps_to_one_line(monkeypatch):
    shown, told = TerminalProgress(console(terminal=True)), []
    with shown.step("Build estimation, marts"):
        monkeypatch.setattr(shown._status, "update", told.append)
        shown.update("grain_" + "organisation_groups_" * 8 + " OK")
        shown.update("unchanged")

    (long, short) = [message.replace("[bold]", "").replace("[/bold]", "") for message in told]
    assert len(long) <= 80 - len("⠋ ")
    assert long.endswith("…")
    assert short == "Build estimation, marts  unchanged"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_failed_step_is_shown_as_failed(terminal):
    used = console(terminal)
    shown = progress_for(used)

    with pytest.raises(ValueError, match="wrong"), shown.step("Check raw"):
        raise ValueError("wrong")

    assert ("✗" if terminal else "failed") in text(used)


def test_a_terminal_gets_one_line_per_finished_step():
    used = console(terminal=True)
    shown = progress_for(used)

    with shown.step("Land exports"):
        shown.update("reading")

    assert isinstance(shown, TerminalProgress)
    assert "✓" in text(used)


def test_a_name_with_brackets_is_shown_as_it_is():
    used = console(terminal=True)
    shown = progress_for(used)
    with shown.step("Land exports"):
        shown.update("1 of 2 files: answers [/bold].csv")
    assert "✓" in text(used)
