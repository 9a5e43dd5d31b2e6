"""Run a process to its end and say what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from barometer.errors import BarometerError

# The kernel counts in kilobytes, but for macOS, which counts in bytes.
_UNIT = 1024 if sys.platform != "darwin" else 1


class NotMeasuredError(BarometerError):
    """What was to be measured did not come to its end."""


@dataclass(frozen=True)
class Taken:
    """What a process took, with all that it started and waited for.

    Attributes:
        processor: seconds of processor time, of all cores.
        wall: seconds by the clock.
        peak_mb: most memory that a single one of the processes held, in megabytes.
    """

    processor: float
    wall: float
    peak_mb: float


def measured(
    command: Sequence[str], folder: Path, *, environment: Mapping[str, str] | None = None
) -> Taken:
    """Run a command in a folder and return what it took.

    Raises:
        NotMeasuredError: it failed; names what it said last.
    """
    log = folder / "measured.log"
    began = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise NotMeasuredError(
            f"A measured process ended with {process.returncode}: {_telling(said)}",
            where=" ".join(command),
            expected="exit code 0",
            remedy="\n".join(said[-20:]),
        )
    return Taken(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _UNIT / 1e6)


def _telling(said: Sequence[str]) -> str:
    """Return the line that names the error, or the last one."""
    errors = [line.strip() for line in said if "Error" in line or line.lstrip().startswith("- ")]
    return (errors or list(said) or ["it said nothing"])[-1]


def megabytes(path: Path) -> float | None:
    """Return the size of a file, or of what is in a folder; None where there is none."""
    if path.is_file():
        return path.stat().st_size / 1e6
    if path.is_dir():
        files = [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
        return sum(each.stat().st_size for each in files) / 1e6
    return None
