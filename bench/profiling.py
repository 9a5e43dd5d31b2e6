"""A refresh, and where its processor time goes: by step, and by the package at work.

    python -m bench.profiling RESULT.json --survey ibo --inbox FOLDER --home FOLDER

Per step: the time of this process, and of the processes that it has started. What this process does
is sampled: every few milliseconds of its processor time the package of the innermost Python frame
of the main thread gets what has been used since.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from barometer.settings import load_settings

_EVERY = 0.005
_TICKS = os.sysconf("SC_CLK_TCK")


class Stopwatch:
    """Takes the place of what a person sees, and keeps the time of every step."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}
        self.packages: defaultdict[str, defaultdict[str, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        self._label = "between steps"
        self._sampled = time.process_time()

    def update(self, text: str) -> None:
        """Nobody looks."""

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Measure one step."""
        self._label, own, others = label, time.process_time(), _others()
        wall = time.perf_counter()
        try:
            yield
        finally:
            self._label = "between steps"
            self.steps[label] = {
                "own": time.process_time() - own,
                "others": _others() - others,
                "wall": time.perf_counter() - wall,
            }

    def sample(self, _: int, frame: FrameType | None) -> None:
        """Count what was used since the last sample for the package that is at work."""
        name = str(frame.f_globals.get("__name__", "?")) if frame else "?"
        now = time.process_time()
        self.packages[self._label][name.split(".")[0]] += now - self._sampled
        self._sampled = now


def _others() -> float:
    """Return the processor time of all processes that this one started, ended ones included."""
    started = {os.getpid()}
    ended = os.times()
    total = ended.children_user + ended.children_system
    stats = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended while the list was read.
        fields = text.rpartition(")")[2].split()
        stats.append((int(path.parent.name), int(fields[1]), sum(map(int, fields[11:15]))))
    # Parents have no smaller number than their children once numbers wrap; so until nothing is new.
    size = 0
    while size != len(started):
        size = len(started)
        started |= {process for process, parent, _ in stats if parent in started}
    own = os.getpid()
    return total + sum(t for process, _, t in stats if process in started - {own}) / _TICKS


def main(arguments: list[str] | None = None) -> int:
    """Refresh, and write what each step took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--survey", required=True)
    parser.add_argument("--inbox", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    asked = parser.parse_args(arguments)
    stopwatch = Stopwatch()
    signal.signal(signal.SIGPROF, stopwatch.sample)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    from orchestration.flow.refresh import refresh

    refresh(load_settings(asked.survey, inbox=asked.inbox, home=asked.home), stopwatch)
    signal.setitimer(signal.ITIMER_PROF, 0)
    found = {"steps": stopwatch.steps, "packages": stopwatch.packages}
    asked.result.write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
