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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from barometer.environment import CODE
from barometer.errors import BarometerError, DiskFullError
from barometer.settings import Settings
from orchestration.dbt.child import ENDED, FAILED, PARSE
from orchestration.state.last_refresh import code_unseen_by_dbt

Event = Mapping[str, Any]

CHILD = ("-m", "orchestration.dbt.child")
SEEDS = "resource_type:seed"
DBT_LAYERS: dict[str, tuple[str, ...]] = {
    "cleaned": (SEEDS, "path:models/staging", "path:models/cleaned"),
    "marts": ("path:models/estimation", "path:models/marts"),
}
_RESULT_EVENTS = frozenset(
    {"LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult", "LogNodeResult"}
)
_GOOD = frozenset({"success", "pass", "warn"})
_LEAST_ROOM = 1024 * 1024
_LAST_WORDS = 10
"""Seconds for a process that was told to end."""


class DbtError(BarometerError):
    """dbt could not build or test what it was asked to."""


@dataclass(frozen=True)
class DbtNode:
    """One model, seed or test that dbt has finished.

    Attributes:
        index: position of this node in the run.
        total: how many nodes this run has.
        unchanged: it would have come out the same and was left as it is.
    """

    unique_id: str
    resource_type: str
    name: str
    status: str
    seconds: float
    index: int
    total: int
    unchanged: bool = False

    @property
    def ok(self) -> bool:
        """Whether the node was built or the test passed."""
        return self.status in _GOOD

    def line(self) -> str:
        """Return one line of progress."""
        outcome = "OK" if self.ok else self.status.upper()
        outcome = "unchanged" if self.unchanged else outcome
        return f"{self.index} of {self.total} {self.resource_type} {self.name} {outcome}"


@dataclass(frozen=True)
class DbtReport:
    """What one run of dbt did.

    Attributes:
        layer: which layer of the project was built.
        passed: number of finished nodes by resource type.
        unchanged: how many of the seeds and models were left as they are.
        warned: tests that failed with severity `warn`.
    """

    layer: str
    passed: Mapping[str, int]
    warned: tuple[str, ...]
    seconds: float
    unchanged: int = 0

    def summary(self) -> str:
        """Return e.g. `20 seeds, 30 models, 150 data tests`, and what was left as it is."""
        order = ("seed", "model", "test")
        names = {"test": "data test"}
        counts = [
            f"{self.passed[kind]} {names.get(kind, kind)}{'' if self.passed[kind] == 1 else 's'}"
            for kind in order
            if self.passed.get(kind)
        ]
        notes = [", ".join(counts) or "nothing to build"]
        if self.unchanged:
            notes.append(f"{self.unchanged} of the seeds and models unchanged")
        if self.warned:
            notes.append(f"{len(self.warned)} warnings")
        return "; ".join(notes)


BUILD = ("build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test")
"""To build and test. A test may look at several models: `buildable` keeps one that also needs a
mart out of the layer in which the marts do not exist yet. Unit tests are about the code alone,
which no delivery changes: `make test` runs them."""


def build_arguments(layer: str) -> list[str]:
    """Return dbt's arguments to build and test one layer."""
    return [*BUILD, "--no-write-json", "--select", *DBT_LAYERS[layer]]


def build_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that dbt reads, with a fingerprint of the code that it does not see."""
    return {**settings.dbt_environment(), CODE: code_unseen_by_dbt(settings.root)}


class DbtProcess:
    """A process that runs dbt's commands, one after the other, on one parse of the project.

    Artefacts go to `target`, or else to the survey's own folder for them. To be used in a `with`
    block, at whose end the process ends.
    """

    def __init__(self, settings: Settings, *, target: Path | None = None) -> None:
        self._settings = settings
        self._target = target or settings.dbt_target
        self._process: subprocess.Popen[str] | None = None
        self._asked_to_parse = False

    def __enter__(self) -> DbtProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse_ahead(self) -> None:
        """Let dbt read the project while others work; the first `run` waits for it."""
        _say(self._process or self._start(), PARSE)
        self._asked_to_parse = True

    def run(self, arguments: Sequence[str]) -> Iterator[Event]:
        """Run one command and yield dbt's structured log events as they come.

        Raises:
            DbtError: dbt ended with an error; names what failed and where the log is.
            DiskFullError: there is no room left.
        """
        if self._asked_to_parse:
            self._asked_to_parse = False
            yield from self._events_of(PARSE)
        _say(self._process or self._start(), arguments)
        yield from self._events_of(arguments)

    def _events_of(self, arguments: Sequence[str]) -> Iterator[Event]:
        process = self._process or self._start()
        problems: deque[str] = deque(maxlen=20)
        ended: Mapping[str, Any] | None = None
        try:
            for line in process.stdout or ():
                found = _parse(line)
                if found is None:
                    problems.append(line.rstrip())
                elif ENDED in found:
                    ended = found
                    break
                else:
                    if found["info"].get("level") == "error":
                        problems.append(str(found["info"]["msg"]).strip())
                    yield found
            else:
                process.wait()
        finally:
            # Whoever stops listening stops dbt: what it writes next would come to nobody.
            if ended is None:
                self.close()
        if ended is None:
            problems.append(f"exit code {process.returncode}")
        elif ended[ENDED]:
            return
        else:
            problems.extend(filter(None, [ended["problem"]]))
        details = list((ended or {}).get("failed", ())) or list(problems)[-10:]
        raise dbt_failure(self._settings, arguments, details)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What could not be written any more is of no use to anybody.
                with suppress(BrokenPipeError):
                    pipe.close()
        # It ends when its standard input does. Signals may be ignored: a process inherits that.
        try:
            process.wait(timeout=_LAST_WORDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        settings = self._settings
        self._target.mkdir(parents=True, exist_ok=True)
        # A run of Dagster leaves its results there; a release must not take them for ours.
        (self._target / "run_results.json").unlink(missing_ok=True)
        settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        flags = ("--log-format", "json", "--log-level-file", "info", "--no-use-colors")
        self._process = subprocess.Popen(
            [sys.executable, *CHILD, "--target-path", str(self._target), *flags],
            cwd=settings.root,
            env={**os.environ, **build_environment(settings), "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        return self._process


def stream_dbt(
    settings: Settings, arguments: Sequence[str], *, target: Path | None = None
) -> Iterator[Event]:
    """Run one command of dbt in a process of its own; see `DbtProcess.run`."""
    with DbtProcess(settings, target=target) as dbt:
        yield from dbt.run(arguments)


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
        unchanged="UNCHANGED" in {data.get("status"), data.get("result_message")},
    )


def failed_nodes(run_results: Mapping[str, Any]) -> dict[str, str]:
    """Return the nodes that dbt's own record of a run calls failed, with what it says of each."""
    return {
        result["unique_id"]: " ".join(str(result["message"] or "").split())
        for result in run_results["results"]
        if result["status"] in FAILED
    }


def dbt_failure(
    settings: Settings, arguments: Sequence[str], details: Sequence[str]
) -> BarometerError:
    """Return the error of a command that failed: what failed, or that there is no room left."""
    # Without room dbt cannot even say so: its own log fails first.
    if shutil.disk_usage(settings.home).free < _LEAST_ROOM:
        return DiskFullError(str(settings.home))
    return DbtError(
        "\n".join(["dbt could not finish:", *(f"  - {detail}" for detail in details)]),
        where=f"dbt {' '.join(arguments)}",
        remedy=f"Read {settings.dbt_logs / 'dbt.log'}; the SQL that ran is in "
        f"{settings.dbt_target / 'run'}.",
    )


class DbtTally:
    """Counts finished nodes while events go by."""

    def __init__(self, layer: str) -> None:
        self._layer = layer
        self._passed: Counter[str] = Counter()
        self._warned: list[str] = []
        self._unchanged = 0
        self._started = time.monotonic()

    def add(self, node: DbtNode) -> None:
        """Count one finished node."""
        if node.ok:
            self._passed[node.resource_type] += 1
        self._unchanged += node.unchanged
        if node.status == "warn":
            self._warned.append(node.name)

    def report(self) -> DbtReport:
        """Return the counts so far."""
        return DbtReport(
            layer=self._layer,
            passed=dict(self._passed),
            warned=tuple(self._warned),
            seconds=time.monotonic() - self._started,
            unchanged=self._unchanged,
        )


def _say(process: subprocess.Popen[str], arguments: Sequence[str]) -> None:
    # A process that ended before it was spoken to says why on its output, which is read next.
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.write(json.dumps(list(arguments)) + "\n")
            process.stdin.flush()


def _parse(line: str) -> Event | None:
    try:
        event: Any = json.loads(line)
    except json.JSONDecodeError:
        return None
    known = isinstance(event, dict) and (ENDED in event or {"info", "data"} <= event.keys())
    return event if known else None
