"""SPSS files, read in a process of their own.

The C library underneath can crash the whole process on a damaged file; here that must end in
a message, not in a dead pipeline.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.table import ReadOptions, SourceTable

_LONGEST_SECONDS = 600


def read_sav(path: Path, options: ReadOptions) -> SourceTable:
    """Read an SPSS system (.sav, .zsav) or portable (.por) file.

    Raises:
        LandingError: the file is damaged.
    """
    command = [sys.executable, "-m", "landing.readers.sav_worker", str(path), options.format]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    try:
        worker = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _damaged(path, f"reading it took more than {_LONGEST_SECONDS} seconds") from error
    if worker.returncode < 0:
        raise _damaged(path, "its structure is broken")
    if worker.returncode > 0:
        raise _damaged(path, _last_line(worker.stderr))
    outcome = pickle.loads(worker.stdout)
    if isinstance(outcome, LandingError):
        raise outcome
    if not isinstance(outcome, SourceTable):
        raise _damaged(path, "its structure is broken")
    return outcome


def _damaged(path: Path, why: str) -> LandingError:
    return LandingError(
        f"The SPSS file cannot be read ({why}).",
        where=path.name,
        expected="a complete SPSS data file",
        remedy="Save it again in SPSS as .sav (Unicode), or export it as CSV.",
    )


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "the reader stopped without a word"
