"""Where the command line prints."""

from __future__ import annotations

from rich.console import Console

# In a file or a pipe nothing says how wide the reader's window is; names should stay whole.
WIDTH_WITHOUT_TERMINAL = 160


def new_console() -> Console:
    """Return a console as wide as the terminal, or wide enough where there is none."""
    found = Console()
    return found if found.is_terminal else Console(width=max(WIDTH_WITHOUT_TERMINAL, found.width))
