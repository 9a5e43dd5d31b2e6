"""Where the command line prints, and what becomes of what cannot be printed there."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any, Literal, TextIO

HELP: Literal["rich"] | None = None if os.environ.get("NO_COLOR") else "rich"
"""How help and errors of usage are shown: in boxes and bold, or as plain text."""

if TYPE_CHECKING:
    from rich.console import Console

# In a file or a pipe nothing says how wide the reader's window is; names should stay whole.
WIDTH_WITHOUT_TERMINAL = 160


def new_console() -> Console:
    """Return a console as wide as the terminal, or wide enough where there is none."""
    from rich.console import Console

    # Rich drops colours alone; who sets NO_COLOR wants no codes for bold or dim either.
    plain: dict[str, Any] = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    found = Console(**plain)
    if found.is_terminal:
        return found
    return Console(**plain, width=max(WIDTH_WITHOUT_TERMINAL, found.width))


def replace_what_cannot_be_printed() -> None:
    """Print `?` for a character that the terminal's encoding lacks, rather than stop at it.

    File names with bytes that are no text in any encoding are printed so too.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def printed_with_losses(stream: TextIO) -> str | None:
    """Return what to tell of data that are printed where not every character fits, if that is so.

    A terminal is read by a person; what a program reads should not lose anything unsaid.
    """
    encoding = stream.encoding or "utf-8"
    if encoding.lower().replace("_", "-").startswith("utf"):
        return None
    return (
        f"Characters that {encoding} lacks are printed as ?; PYTHONIOENCODING=utf-8 keeps them, "
        "and so does `barometer download`."
    )
