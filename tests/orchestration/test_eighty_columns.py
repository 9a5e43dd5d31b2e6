"""What the command line prints in a window of 80 columns, and where colours are not wanted."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
import typer

from orchestration.cli import app

CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def commands() -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    found: list[tuple[str, ...]] = [()]
    for name, command in group.commands.items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return found


def in_a_window(*arguments: str, **environment: str) -> str:
    """Return what the command prints in a real terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    clean = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")
    }
    with (
        subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", *arguments],
            stdout=theirs,
            stderr=theirs,
            env={**clean, "TERM": "xterm-256color", **environment},
        ),
        os.fdopen(ours, "rb") as window,
    ):
        os.close(theirs)
        printed = b""
        try:
            while piece := window.read1(4096):
                printed += piece
        except OSError:
            # The other end is closed: so does Linux say that the command has ended.
            pass
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_help_fits_and_has_no_codes_where_colours_are_not_wanted(command):
    shown = in_a_window(*command, "--help", NO_COLOR="1")

    assert "Usage: " in shown
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_help_in_colour_fits_and_names_the_defaults():
    shown = in_a_window("refresh", "--help")

    assert "\x1b" in shown
    plain = CODES.sub("", shown)
    assert max(len(line) for line in plain.splitlines()) <= 80
    for default in ("(ibo)", "(warehouse)", "(examples/<survey>)"):
        assert f"[default: {default}]" in plain


def test_a_mistake_has_no_codes_where_colours_are_not_wanted():
    shown = in_a_window("query", "--nothing", NO_COLOR="1")

    assert "No such option" in shown
    assert "\x1b" not in shown
