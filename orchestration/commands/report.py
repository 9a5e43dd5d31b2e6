"""What the command line prints when a command is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from barometer.settings import Settings
from orchestration.commands.rows import print_line, print_rows
from publication.editions import edition_of

if TYPE_CHECKING:
    from landing.kept_findings import DeliveryFindings
    from landing.loader import LandedFile, LandingReport
    from orchestration.commands.query import LandedRow
    from orchestration.flow.refresh import RefreshReport
    from orchestration.state.last_refresh import LastRefresh
    from registry import Registry


def print_refresh(console: Console, settings: Settings, report: RefreshReport) -> None:
    """Print what was landed, built, checked and published, and what stands after it."""
    table = Table(title=f"Refresh of survey {settings.survey}", title_justify="left")
    table.add_column("Step")
    table.add_column("Result", overflow="fold")
    table.add_column("Seconds", justify="right")
    for step in report.steps:
        table.add_row(step.label, step.summary, f"{step.seconds:.1f}")
    table.add_section()
    table.add_row("Total", "", f"{report.seconds:.1f}")
    console.print(table)
    landing = report.landing
    for file in (*landing.landed, *landing.landed_again):
        replaced = f", replaces {file.superseded}" if file.superseded else ""
        if file.superseded_by:
            replaced = f", replaced by {file.superseded_by}"
        again = " again" if file in landing.landed_again else ""
        print_line(
            console,
            f"Landed{again} {file.file_name}: wave {file.wave}, {file.kind}, "
            f"{file.row_count:,} rows, {file.column_count} columns{replaced}",
        )
        for line in _corrections(landing, file):
            print_line(console, f"  {line}")
    print_lines(console, report.standing)


def _corrections(landing: LandingReport, file: LandedFile) -> Iterator[str]:
    from landing.checks.correction import CODE

    slot = (file.wave, file.kind, file.file_name)
    for check in landing.checks:
        if (check.wave, check.kind, check.file_name) != slot:
            continue
        for finding in check.findings:
            if finding.code == CODE:
                yield finding.message
                if finding.where:
                    yield f"  {finding.where}"


def print_nothing_changed(console: Console, settings: Settings, last: LastRefresh) -> None:
    """Print that there was nothing to do, and what stands since the last refresh."""
    print_line(
        console,
        f"Nothing changed for survey {settings.survey} since the refresh that ended at "
        f"{last.ended}: deliveries, registries, code, warehouse and releases are the same. "
        "(--full builds everything anew.)",
    )
    print_lines(console, last.lines)


def print_status(
    console: Console,
    settings: Settings,
    manifests: Sequence[dict[str, Any] | None],
    landed: Sequence[LandedRow] | None,
    ended: str,
    *,
    each: bool,
) -> None:
    """Print the current release of each edition and what was landed, on one screen.

    Args:
        console: where to print.
        settings: where the survey is.
        manifests: of the current releases; None of an edition without one.
        landed: the files in force; None before the first landing.
        ended: when the last refresh ended.
        each: one line per file rather than per wave.
    """
    if not any(manifests):
        print_line(console, f"No release of {settings.survey} yet: run `barometer refresh`.")
    for manifest in manifests:
        if manifest is None:
            continue
        store = edition_of(settings, manifest["edition"])
        moment = (manifest["created_at"] or "")[:16].replace("T", " ")
        made = f", made {moment} UTC" if moment else ""
        print_line(
            console,
            f"{store.name.capitalize() + ':':<13} {manifest['release_id']},"
            f" {len(manifest['tables'])} tables{made}",
        )
        if manifest["is_synthetic"]:
            print_line(console, f"{'':<13} synthetic example data")
        print_line(console, f"{'':<13} {store.current / store.file_name}")
        if store.report.exists():
            print_line(console, f"{'':<13} {store.report}")
    if any(manifests):
        print_line(console, f"Last refresh: {ended}")
    if landed is None:
        print_line(console, f"Nothing landed yet; the inbox is {settings.inbox}.")
    elif each:
        print_rows(console, ("wave", "kind", "part", "file", "rows", "landed at (UTC)"), landed)
    else:
        columns = ("wave", "files", "rows of answers", "rows of the frame", "last landed (UTC)")
        print_rows(console, columns, list(_waves(landed)))


def _waves(landed: Sequence[LandedRow]) -> Iterator[tuple[str, int, int, int, str]]:
    """Yield per wave how many files and rows are in force, and when the last of them landed."""
    for wave, group in groupby(landed, key=itemgetter(0)):
        files = list(group)
        rows = {
            kind: sum(file[4] for file in files if file[1] == kind) for kind in ("export", "frame")
        }
        yield wave, len(files), rows["export"], rows["frame"], max(file[5] for file in files)


def print_findings(console: Console, found: Sequence[DeliveryFindings]) -> None:
    """Print everything that was found in the landed files, as the check of a file prints it."""
    from landing.findings.report import findings_table

    for file in found:
        title = f"{file.file_name} (wave {file.wave}, {file.kind}, {file.part})"
        console.print(findings_table(title, file.findings))
    if not found:
        print_line(console, "Nothing was found in the landed files.")


def print_lines(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are."""
    for line in lines:
        print_line(console, line)


def print_validated(console: Console, seeds: Path, registry: Registry) -> None:
    """Print that the registries are right, and what they hold."""
    print_line(console, f"The registries in {seeds} are consistent:")
    print_line(
        console,
        f"  {len(registry.waves)} waves, {len(registry.columns)} mapped columns,"
        f" {len(registry.questions)} questions, {len(registry.options)} options,"
        f" {len(registry.organisation_groups)} organisation groups,"
        f" {len(registry.indicators)} indicators",
    )
