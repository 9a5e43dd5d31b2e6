"""`barometer new-wave`: draft the registry rows of a new wave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from barometer.settings import Settings, load_settings
from orchestration.commands.options import HomeOption, SurveyOption


def new_wave(
    wave: Annotated[str, typer.Argument(help="Id of the new wave, e.g. 2027.")],
    source: Annotated[
        str | None,
        typer.Option("--from", help="The wave to copy.", show_default="the nearest, earlier first"),
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="An export of the new wave. A draft remembers it.")
    ] = None,
    questionnaire: Annotated[
        Path | None,
        typer.Option(help="LimeSurvey questionnaire (.lss) of it. A draft remembers it."),
    ] = None,
    frame: Annotated[
        Path | None, typer.Option(help="Its sampling frame. A draft remembers it.")
    ] = None,
    survey: SurveyOption = None,
    home: HomeOption = None,
    drafts: Annotated[
        Path | None, typer.Option(help="Folder for drafts.", show_default="drafts in the project")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the draft in the registries, once all is decided.")
    ] = False,
) -> None:
    """Draft the registry rows of a new wave, and list what a person must decide.

    The draft stands in drafts/<survey>/<wave>/. Nothing in the registries changes without
    --write, which refuses while a decision is open.
    """
    from drafting.newwave import new_wave as draft_new_wave
    from drafting.report import render_new_wave
    from orchestration.commands.console import new_console

    settings = load_settings(survey, home=home)
    report = draft_new_wave(
        settings,
        wave,
        source=source,
        export=export,
        questionnaire=questionnaire,
        frame=frame,
        drafts=drafts,
        last_counts=_landed_counts(settings),
        write=write,
    )
    render_new_wave(report, new_console())


def _landed_counts(settings: Settings) -> dict[str, int]:
    """Return the responses of every wave that has one landed export."""
    if not settings.warehouse.exists():
        return {}
    from orchestration.commands.query import landed_files

    counts: dict[str, list[int]] = {}
    for wave, kind, _, _, rows, _ in landed_files(settings) or ():
        if kind == "export":
            counts.setdefault(wave, []).append(rows)
    return {wave: found[0] for wave, found in counts.items() if len(found) == 1}
