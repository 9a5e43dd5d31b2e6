"""The whole flow in its one order: land, check, build, check, build, check, publish."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from barometer.logs import logged, timed
from barometer.settings import Settings
from orchestration.dbt.process import DbtProcess
from orchestration.flow import steps
from orchestration.flow.difference import changed_figures, release_before
from orchestration.flow.progress import Progress
from orchestration.flow.standing import standing_lines
from orchestration.state import last_refresh
from orchestration.state.lock import writer_lock

if TYPE_CHECKING:
    from expectations.report import LayerReport
    from landing.loader import LandingReport
    from publication.internal.release import ReleaseReport
    from registry import Registry

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
        standing: what waits for somebody and where the results are, line by line.
    """

    steps: tuple[StepResult, ...]
    landing: LandingReport
    standing: tuple[str, ...] = ()

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
        with self.progress.step(label), timed("step", step=label) as facts:
            result = action()
            facts["summary"] = summary(result)
        self.done.append(StepResult(label, summary(result), time.monotonic() - started))
        return result


def refresh(settings: Settings, progress: Progress, *, full: bool = False) -> RefreshReport:
    """Run the whole flow; nothing a reader sees changes before the last step.

    Only what changed is built, unless `full`.

    Raises:
        BarometerError: a step could not do its work; the current release stays as it was.
    """
    with logged(settings, "refresh"):
        return _refresh(settings, progress, full=full)


def _refresh(settings: Settings, progress: Progress, *, full: bool) -> RefreshReport:
    # Before the lock: a mistake in a registry is told even while another refresh runs.
    run = Run(progress)
    read = last_refresh.inputs(settings)
    registry = run.step(
        "Validate registries",
        lambda: steps.read_registry(settings),
        lambda registry: (
            f"{len(registry.waves)} waves, {len(registry.questions)} questions, "
            f"{len(registry.indicators)} indicators"
        ),
    )
    with writer_lock(settings.lock_file):
        landing = run.step(
            "Land exports",
            lambda: steps.land_inbox(settings, registry, None, run.progress.update),
            landing_summary,
        )
        if full:
            steps.build_in_full(settings)
        before = release_before(settings)
        release = rebuild(run, settings, registry)
        if before is not None and not release.unchanged:
            run.step(
                "Compare with the release before",
                lambda: changed_figures(settings, before),
                lambda line: line,
            )
        unmatched = steps.count_unmatched(settings)
        found = steps.delivery_findings(settings, registry)
        standing = tuple(
            standing_lines(settings, registry, landing, release, unmatched.items(), found)
        )
        last_refresh.remember(settings, read, standing)
    return RefreshReport(tuple(run.done), landing, standing)


def rebuild(run: Run, settings: Settings, registry: Registry) -> ReleaseReport:
    """Build and publish everything from what was landed; the caller holds the lock.

    Raises:
        BarometerError: a step could not do its work; the current release stays as it was.
    """

    def check(layer: str) -> None:
        run.step(
            f"Check {layer}",
            lambda: steps.run_expectations(settings, registry, layer),
            expectations_summary,
        )

    def build(layer: str, label: str) -> None:
        run.step(
            label,
            lambda: steps.run_dbt(settings, layer, dbt, lambda node: progress.update(node.line())),
            lambda report: report.summary(),
        )

    progress = run.progress
    with DbtProcess(settings) as dbt:
        dbt.parse_ahead()
        check("raw")
        build("cleaned", "Build registries, staging, cleaned")
        check("cleaned")
        build("marts", "Build estimation, marts")
    check("marts")
    return run.step(
        "Publish release", lambda: steps.publish_release(settings, registry), release_summary
    )


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
