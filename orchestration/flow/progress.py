"""What a person sees while long steps run, at a terminal and in a log file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape

QUIET_SECONDS = 5.0


class Progress(Protocol):
    """Receives the course of one step at a time."""

    def update(self, text: str) -> None:
        """Show what the running step is doing now."""

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Show that a step runs, and its outcome when the block ends."""


class TerminalProgress:
    """A spinner with the present activity, replaced by one line when the step ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")
        self._label = ""

    def update(self, text: str) -> None:
        """Show what the running step is doing now."""
        # On one line: a longer one would leave its rest behind when the next is shorter.
        room = max(self._console.width - cell_len(self._label) - 5, 1)
        if cell_len(text) > room:
            text = set_cell_size(text, room - 1) + "…"
        self._status.update(f"[bold]{self._label}[/bold]  {escape(text)}")

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Show a spinner while the block runs."""
        self._label = label
        started = time.monotonic()
        self._status = self._console.status(f"[bold]{label}[/bold]")
        mark = "[red]✗[/red]"
        try:
            with self._status:
                yield
            mark = "[green]✓[/green]"
        finally:
            seconds = time.monotonic() - started
            self._console.print(f"{mark} {label} [dim]{seconds:.1f} s[/dim]")


class PlainProgress:
    """Lines for a log: the start and end of a step, and a sign of life in between."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last_line = 0.0

    def update(self, text: str) -> None:
        """Print the present activity, at most once every few seconds."""
        now = time.monotonic()
        if now - self._last_line >= QUIET_SECONDS:
            self._line(f"    {text}")

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Print when the block starts and how it ended."""
        started = time.monotonic()
        self._line(f"{label} ...")
        outcome = "failed"
        try:
            yield
            outcome = "done"
        finally:
            self._line(f"{label}: {outcome} after {time.monotonic() - started:.1f} s")

    def _line(self, text: str) -> None:
        self._last_line = time.monotonic()
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def progress_for(console: Console) -> Progress:
    """Return the progress display that suits where the output goes."""
    return TerminalProgress(console) if console.is_terminal else PlainProgress(console)
