"""Pages of a report printed to PDF by the browser that the machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from publication.errors import PublicationError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120.0
"""How long the printing of one page may take."""


def browser() -> str:
    """Return the program that prints.

    Raises:
        PublicationError: the machine has none.
    """
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise PublicationError(
        "No page can be printed to PDF.",
        expected="one of the programs " + ", ".join(BROWSERS),
        remedy="Install Chromium, or open the page and print it to PDF from the browser.",
    )


def headless(program: str, profile: Path) -> list[str]:
    """Return how a browser is started without a window and without asking any network.

    Args:
        program: the browser.
        profile: an empty folder for what it keeps, of its own.
    """
    # Its sandbox refuses to start for root, as in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        *(program, "--headless", *sandbox, "--disable-gpu", "--disable-background-networking"),
        *("--no-first-run", f"--user-data-dir={profile}", "--virtual-time-budget=20000"),
    ]


def print_page(page: Path, language: str, seconds: float = SECONDS) -> Path:
    """Print a page in one language to a PDF beside it, and return that.

    Args:
        page: the page.
        language: which of its languages, `nl` or `en`.
        seconds: how long it may take.

    Raises:
        PublicationError: there is no browser, it takes too long, or it prints nothing.
    """
    target = page.with_name(f"{page.stem}.{language}.pdf")
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *headless(browser(), Path(profile)),
            *("--no-pdf-header-footer", f"--print-to-pdf={target}"),
            f"{page.absolute().as_uri()}?lang={language}",
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as late:
            target.unlink(missing_ok=True)
            raise _not_printed(page, f"nothing after {seconds:g} s") from late
    if done.returncode != 0 or not target.exists():
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise _not_printed(page, told[-1] if told else f"exit code {done.returncode}")
    return target


def _not_printed(page: Path, found: str) -> PublicationError:
    return PublicationError(
        "A page was not printed to PDF.",
        where=str(page),
        expected=f"a PDF; the browser gave: {found}",
        remedy="Try again, or open the page and print it to PDF from the browser.",
    )
