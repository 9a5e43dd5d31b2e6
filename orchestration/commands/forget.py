"""`barometer forget`: remove one respondent everywhere, and build everything again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, InboxOption, SurveyOption

if TYPE_CHECKING:
    from rich.console import Console

    from barometer.settings import Settings
    from landing.personal.forgetting import Plan


def forget(
    response_id: Annotated[str, typer.Argument(help="The id that the survey tool gave.")],
    wave: Annotated[str, typer.Option(help="The wave, e.g. 2025.")],
    part: Annotated[
        str | None,
        typer.Option(help="The part of the wave, where several parts have this id."),
    ] = None,
    survey: SurveyOption = None,
    inbox: InboxOption = None,
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Remove one respondent everywhere: warehouse, archive, releases. It cannot be undone."""
    from landing.personal.forgetting import plan
    from orchestration.commands.console import new_console
    from orchestration.flow.forgetting import forget_response
    from orchestration.flow.progress import progress_for
    from orchestration.flow.steps import read_registry

    settings = load_settings(survey, inbox=inbox, home=home)
    registry = read_registry(settings)
    console = new_console()
    planned = plan(settings, registry, wave, response_id, part)
    _print_plan(console, settings, planned)
    if not yes:
        typer.confirm("Forget this respondent? It cannot be undone", abort=True)
    release = forget_response(settings, registry, wave, response_id, part, progress_for(console))
    _line(console, f"Forgotten. Release: {release.path}; earlier ones were removed.")
    _line(console, f"Record:    {settings.home / 'forgotten.log'}")
    if planned.elsewhere:
        _line(console, "Still there, for you to look at and remove or have delivered anew:")
        for path in planned.elsewhere:
            _line(console, f"  {path}")


def _print_plan(console: Console, settings: Settings, planned: Plan) -> None:
    if planned.begun is not None:
        _line(
            console,
            f"A run that was begun on {planned.begun.forgotten_at:%Y-%m-%d %H:%M} UTC and not "
            f"finished (record {planned.begun.record_id}) is finished now.",
        )
    for one in planned.found:
        standing = "current" if one.is_current else "superseded"
        original = "original removed" if one.archive_path else "no original kept"
        _line(console, f"{one.export_id} ({standing}): {len(one.rows)} row(s), {original}")
    releases = list(settings.releases.glob("[!.]*")) if settings.releases.exists() else []
    _line(
        console,
        f"Wave {planned.wave} is left without this respondent, everything is built again, and "
        f"{len(releases)} release(s) are replaced by one new one.",
    )


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
