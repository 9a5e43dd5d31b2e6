"""The whole flow in its one order: land, check, build, check, build, check, publish."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from barometer.settings import Settings
from orchestration import steps
from orchestration.lock import writer_lock
from orchestration.progress import Progress

if TYPE_CHECKING:
    from expectations.report import LayerReport
    from landing.loader import LandingReport
    from orchestration.dbt_process import DbtNode
    from publication.release import ReleaseReport

Result = TypeVar("Result")


@dataclass(frozen=True)
class StepResult:
    """One line of the closing table."""

    label: str
    summary: str
    seconds: float


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh did.

    Attributes:
        steps: one line per step, in order.
        landing: files landed and files already there.
        release: the internal release that is current now, with the public one beside it.
        unmatched: per wave the responses whose organisation is not in the frame, where there are.
    """

    steps: tuple[StepResult, ...]
    landing: LandingReport
    release: ReleaseReport
    unmatched: tuple[tuple[str, int], ...] = ()

    @property
    def seconds(self) -> float:
        """Duration of all steps together."""
        return sum(step.seconds for step in self.steps)


class Run:
    """Times the steps and keeps their lines, in order."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.done: list[StepResult] = []

    def step(
        self, label: str, action: Callable[[], Result], summary: Callable[[Result], str]
    ) -> Result:
        """Do one step, shown while it runs, and keep its line."""
        started = time.monotonic()
        with self.progress.step(label):
            result = action()
        self.done.append(StepResult(label, summary(result), time.monotonic() - started))
        return result


def refresh(settings: Settings, progress: Progress) -> RefreshReport:
    """Run the whole flow; nothing a reader sees changes before the last step.

    Raises:
        BarometerError: a step could not do its work; the current release stays as it was.
    """
    # Before the lock: a mistake in a registry is told even while another refresh runs.
    run = Run(progress)
    run.step(
        "Validate registries",
        lambda: steps.read_registry(settings),
        lambda registry: (
            f"{len(registry.waves)} waves, {len(registry.questions)} questions, "
            f"{len(registry.indicators)} indicators"
        ),
    )
    with writer_lock(settings.lock_file):
        landing = run.step("Land exports", lambda: steps.land_inbox(settings), landing_summary)
        release = rebuild(run, settings)
        unmatched = steps.count_unmatched(settings)
    return RefreshReport(
        steps=tuple(run.done),
        landing=landing,
        release=release,
        unmatched=tuple(unmatched.items()),
    )


def rebuild(run: Run, settings: Settings) -> ReleaseReport:
    """Build and publish everything from what was landed; the caller holds the lock.

    Raises:
        BarometerError: a step could not do its work; the current release stays as it was.
    """
    _check(run, settings, "raw")
    _build(run, settings, "cleaned", "Build registries, staging, cleaned")
    _check(run, settings, "cleaned")
    _build(run, settings, "marts", "Build estimation, marts")
    _check(run, settings, "marts")
    return run.step("Publish release", lambda: steps.publish_release(settings), release_summary)


def _check(run: Run, settings: Settings, layer: str) -> None:
    run.step(
        f"Check {layer}", lambda: steps.run_expectations(settings, layer), expectations_summary
    )


def _build(run: Run, settings: Settings, part: str, label: str) -> None:
    def show(node: DbtNode) -> None:
        run.progress.update(node.line())

    run.step(label, lambda: steps.run_dbt(settings, part, show), lambda report: report.summary())


def landing_summary(report: LandingReport) -> str:
    """Return e.g. `2 files landed (1,360 rows), 1 landed again, 5 unchanged`."""
    rows = sum(file.row_count for file in report.landed)
    noun = "file" if len(report.landed) == 1 else "files"
    landed = f"{len(report.landed)} {noun} landed ({rows:,} rows)" if report.landed else ""
    again = f"{len(report.landed_again)} landed again" if report.landed_again else ""
    unchanged = f"{len(report.unchanged)} unchanged" if report.unchanged else ""
    changes = [part for part in (landed, again) if part] or ["nothing new"]
    return ", ".join([*changes, *([unchanged] if unchanged else [])])


def release_summary(report: ReleaseReport) -> str:
    """Return whether a release was made of each edition, and of how many tables."""
    own = _one_release(report)
    if report.public is None:
        return own
    return f"internal {own}; public {_one_release(report.public)}"


def _one_release(report: ReleaseReport) -> str:
    tables = f"{len(report.tables)} tables"
    if report.unchanged:
        return f"{report.release_id} stays: same figures, {tables}"
    return f"{report.release_id}: {tables}"


def expectations_summary(report: LayerReport) -> str:
    """Return e.g. `84 expectations on 5 tables hold`."""
    return f"{report.expectations} expectations on {len(report.suites)} tables hold"
