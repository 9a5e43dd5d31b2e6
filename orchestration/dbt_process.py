"""Run dbt and follow what it does, node by node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from barometer.errors import BarometerError, DiskFullError
from barometer.settings import Settings

Event = Mapping[str, Any]

CHILD = ("-m", "orchestration.dbt_child")
PARTS: dict[str, tuple[str, ...]] = {
    "cleaned": ("resource_type:seed", "path:models/staging", "path:models/cleaned"),
    "marts": ("path:models/estimation", "path:models/marts"),
}
_RESULT_EVENTS = frozenset(
    {"LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult", "LogNodeResult"}
)
_GOOD = frozenset({"success", "pass", "warn"})
_LEAST_ROOM = 1024 * 1024


class DbtError(BarometerError):
    """dbt could not build or test what it was asked to."""


@dataclass(frozen=True)
class DbtNode:
    """One model, seed or test that dbt has finished.

    Attributes:
        index: position of this node in the run.
        total: how many nodes this run has.
    """

    unique_id: str
    resource_type: str
    name: str
    status: str
    seconds: float
    index: int
    total: int

    @property
    def ok(self) -> bool:
        """Whether the node was built or the test passed."""
        return self.status in _GOOD

    def line(self) -> str:
        """Return one line of progress."""
        outcome = "OK" if self.ok else self.status.upper()
        return f"{self.index} of {self.total} {self.resource_type} {self.name} {outcome}"


@dataclass(frozen=True)
class DbtReport:
    """What one run of dbt did.

    Attributes:
        part: which part of the project was built.
        passed: number of finished nodes by resource type.
        warned: tests that failed with severity `warn`.
    """

    part: str
    passed: Mapping[str, int]
    warned: tuple[str, ...]
    seconds: float

    def summary(self) -> str:
        """Return e.g. `20 seeds, 30 models, 150 data tests`."""
        order = ("seed", "model", "test")
        names = {"test": "data test"}
        counts = [
            f"{self.passed[kind]} {names.get(kind, kind)}{'' if self.passed[kind] == 1 else 's'}"
            for kind in order
            if self.passed.get(kind)
        ]
        text = ", ".join(counts) or "nothing to build"
        return f"{text}; {len(self.warned)} warnings" if self.warned else text


def build_arguments(part: str, selection: Sequence[str] = ()) -> list[str]:
    """Return dbt's arguments to build and test one part, or only a selection of it.

    A test may look at several models. `buildable` keeps a test that also needs a mart out
    of the part in which the marts do not exist yet. Unit tests are about the code alone, which
    no delivery changes: `make test` runs them.
    """
    chosen = selection or ("--select", *PARTS[part])
    kinds = ("--exclude-resource-type", "unit_test")
    return ["build", "--indirect-selection", "buildable", *kinds, *chosen]


def stream_dbt(
    settings: Settings, arguments: Sequence[str], *, target: Path | None = None
) -> Iterator[Event]:
    """Run dbt and yield its structured log events as they come.

    Artefacts go to `target`, or else to the survey's own folder for them.

    Raises:
        DbtError: dbt ended with an error; names what failed and where the log is.
        DiskFullError: there is no room left.
    """
    target = target or settings.dbt_target
    target.mkdir(parents=True, exist_ok=True)
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    problems: deque[str] = deque(maxlen=20)
    process = subprocess.Popen(
        [
            *(sys.executable, *CHILD, *arguments),
            *("--target-path", str(target), "--log-format", "json", "--no-use-colors"),
        ],
        cwd=settings.root,
        env={**os.environ, **settings.dbt_environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        for line in process.stdout or ():
            event = _parse(line)
            if event is None:
                problems.append(line.rstrip())
                continue
            if event["info"].get("level") == "error":
                problems.append(str(event["info"]["msg"]).strip())
            yield event
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
    if process.returncode != 0:
        details = list(_failed_nodes(results)) or list(problems)[-10:]
        raise _failure(settings, arguments, details or [f"exit code {process.returncode}"])


def finished_node(event: Event) -> DbtNode | None:
    """Return the node an event reports as finished, or None for any other event."""
    if event["info"]["name"] not in _RESULT_EVENTS:
        return None
    data = event["data"]
    node = data.get("node_info", {})
    return DbtNode(
        unique_id=node.get("unique_id", ""),
        resource_type=node.get("resource_type", "node"),
        name=node.get("node_name", ""),
        status=str(node.get("node_status") or data.get("status")).lower(),
        seconds=float(data.get("execution_time", 0.0)),
        index=int(data.get("index", 0)),
        total=int(data.get("total") or data.get("num_models") or 0),
    )


class DbtTally:
    """Counts finished nodes while events go by."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._passed: Counter[str] = Counter()
        self._warned: list[str] = []
        self._started = time.monotonic()

    def add(self, node: DbtNode) -> None:
        """Count one finished node."""
        if node.ok:
            self._passed[node.resource_type] += 1
        if node.status == "warn":
            self._warned.append(node.name)

    def report(self) -> DbtReport:
        """Return the counts so far."""
        return DbtReport(
            part=self._part,
            passed=dict(self._passed),
            warned=tuple(self._warned),
            seconds=time.monotonic() - self._started,
        )


def _parse(line: str) -> Event | None:
    try:
        event: Any = json.loads(line)
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) and "info" in event and "data" in event else None


def _failure(
    settings: Settings, arguments: Sequence[str], details: Sequence[str]
) -> BarometerError:
    # Without room dbt cannot even say so: its own log fails first.
    if shutil.disk_usage(settings.home).free < _LEAST_ROOM:
        return DiskFullError(str(settings.home))
    return DbtError(
        "\n".join(["dbt could not finish:", *(f"  - {detail}" for detail in details)]),
        where=f"dbt {' '.join(arguments)}",
        remedy=f"Read {settings.dbt_logs / 'dbt.log'}; the SQL that ran is in "
        f"{settings.dbt_target / 'run'}.",
    )


def _failed_nodes(run_results: Path) -> Iterator[str]:
    if not run_results.exists():
        return
    for result in json.loads(run_results.read_text(encoding="utf-8"))["results"]:
        if result["status"] in {"error", "fail", "runtime error"}:
            message = " ".join(str(result.get("message") or "").split())
            yield f"{result['unique_id']}: {message}"
