"""Runs the R scripts beside the tests."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def run_r(script: Path, *arguments: Path) -> None:
    """Run a script of R, or skip where R or its package `survey` is not there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    installed = subprocess.run(
        [rscript, "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"],
        check=False,
        capture_output=True,
    )
    if installed.returncode:
        pytest.skip("the R package survey is not installed")
    done = subprocess.run(
        [rscript, str(script), *map(str, arguments)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
