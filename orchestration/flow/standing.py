"""What stands after a refresh: what waits for somebody, where the results are, how to look."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from barometer.settings import PROJECT_ROOT, Settings, survey_option
from publication.editions import REPORT

if TYPE_CHECKING:
    from landing.kept_findings import DeliveryFindings
    from landing.loader import LandingReport
    from publication.internal.release import ReleaseReport
    from registry import Registry


def standing_lines(
    settings: Settings,
    registry: Registry,
    landing: LandingReport,
    release: ReleaseReport,
    unmatched: Iterable[tuple[str, int]],
    found: Sequence[DeliveryFindings],
) -> Iterator[str]:
    """Yield the lines; a refresh that finds nothing changed tells them again.

    Args:
        settings: where the survey is.
        registry: its registries.
        landing: what the landing found in the inbox.
        release: the release that is current.
        unmatched: per wave the responses whose organisation is not in the frame, where there are.
        found: what was found in the files in force.
    """
    for file in landing.unchanged:
        if file.chosen:
            yield (
                f"Not in force {file.file_name}: {file.superseded_by} was chosen instead, "
                f"{file.chosen}; deliver the file again under another name, or choose it:"
            )
            yield f"  {_command(settings, 'use')} {file.export_id}"
        elif file.superseded_by:
            yield (
                f"Not in force {file.file_name}: an earlier version, as landed before; "
                f"{file.superseded_by} stays, because its file comes later in landing order"
            )
    if landing.unrecognised:
        names = landing.unrecognised
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        yield f"Left aside, no pattern in deliveries.csv fits: {shown}"
    landed = {file.file_name for file in (*landing.landed, *landing.landed_again)}
    yield from finding_lines(settings, found, landed)
    for wave, count in unmatched:
        yield (
            f"{count:,} response(s) of wave {wave} could not be matched to the frame and count for "
            "no organisation. Candidates:"
        )
        yield f"  {_command(settings, 'match')} --wave {wave}"
    yield from _release_lines("Release:", release)
    if release.public is not None:
        from publication.public.use import use_of

        yield from _release_lines("Public:", release.public)
        for line in use_of(release.path, release.public.path).lines():
            yield f"           {line}"
    reports = [
        one.path.parent / REPORT
        for one in (release, release.public)
        if one is not None and (one.path.parent / REPORT).exists()
    ]
    for place in reports:
        yield f"Report:    {place}"
    yield f"Data Docs: {settings.data_docs}"
    yield from next_lines(settings, registry, has_report=bool(reports))


def _release_lines(name: str, release: ReleaseReport) -> Iterator[str]:
    yield f"{name:<10} {release.release_id}"
    for said in (*release.labels, release.path):
        yield f"{'':<10} {said}"


def next_lines(settings: Settings, registry: Registry, *, has_report: bool) -> Iterator[str]:
    """Yield what somebody can do with a release, as commands that can be pasted."""
    yield "What next:"
    yield f"  {_command(settings, 'open')}  # reports, codebook and checks, in the browser"
    if has_report:
        yield f"  {_command(settings, 'open')} report"
    yield f"  {_command(settings, 'docs')}  # how every model is made"
    yield "  docs/bi.md: Excel, Power BI, Superset and other tools"
    yield f"  {example_command(settings, registry)}"


def finding_lines(
    settings: Settings, found: Sequence[DeliveryFindings], listed: Collection[str]
) -> Iterator[str]:
    """Yield what was found in the deliveries and nobody accepted yet, file by file.

    Args:
        settings: where the survey is.
        found: what was found in the files in force.
        listed: names of the files whose findings are listed; of the others they are counted.
    """
    to_see = [file for file in found if file.open]
    for file in to_see:
        noun = "finding" if len(file.open) == 1 else "findings"
        told = f"{len(file.open)} open {noun} in {file.file_name} (wave {file.wave}, {file.kind})"
        if file.file_name not in listed:
            yield told
            continue
        yield f"{told}:"
        for line in file.lines():
            yield f"  {line}"
    if to_see:
        yield f"All of them, and what to do: {_command(settings, 'status')} --findings"


def open_findings(settings: Settings, found: Sequence[DeliveryFindings]) -> Iterator[str]:
    """Yield how many findings nobody accepted yet, and the command that lists them."""
    to_see = [file for file in found if file.open]
    count = sum(len(file.open) for file in to_see)
    if not count:
        yield "No open findings in the landed files."
        return
    noun = "finding" if count == 1 else "findings"
    files = "1 file" if len(to_see) == 1 else f"{len(to_see)} files"
    yield f"{count} open {noun} in {files}:"
    yield f"  {_command(settings, 'status')} --findings"


def example_command(settings: Settings, registry: Registry) -> str:
    """Return a command line that works as it stands from the project's folder."""
    return f'{_command(settings, "query")} "{example_query(registry)}"'


def _command(settings: Settings, name: str) -> str:
    survey = survey_option(settings.survey)
    base = settings.home.parent
    home = "" if base == PROJECT_ROOT / "warehouse" else f" --home {shlex.quote(str(base))}"
    return f".venv/bin/barometer {name}{survey}{home}"


def example_query(registry: Registry) -> str:
    """Return SQL for the first indicator, by group of the first classification."""
    indicator = min(registry.indicators, key=lambda row: row.position)
    classification = min(registry.classifications, key=lambda row: row.position)
    return (
        "select wave, group_label_en, display_en from core.mart_findings"
        f" where indicator_id = '{indicator.indicator_id}'"
        f" and classification_id = '{classification.classification_id}'"
        " order by group_position, wave"
    )
