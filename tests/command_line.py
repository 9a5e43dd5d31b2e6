"""The command line, run as a person would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_cli(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, without settings of the environment."""
    clean = {name: value for name, value in os.environ.items() if "BAROMETER" not in name}
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "COLUMNS": "160"},
        umask=0o022,
    )
