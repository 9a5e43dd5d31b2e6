"""`barometer check`: what would happen if a file were landed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, SurveyOption


def check(
    file: Annotated[Path, typer.Argument(help="An export or a sampling frame.")],
    wave: Annotated[str, typer.Option(help="The wave the file belongs to, e.g. 2025.")],
    kind: Annotated[Literal["export", "frame"], typer.Option(help="What it is.")] = "export",
    survey: SurveyOption = None,
    home: HomeOption = None,
    columns: Annotated[
        bool, typer.Option("--columns", help="List every column that the registry knows.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON instead.")] = False,
    show_answers: Annotated[
        bool,
        typer.Option(
            "--show-answers", help="Quote answers that have no code: somebody may have typed them."
        ),
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Also write the report as one web page, to this file.")
    ] = None,
) -> None:
    """Say what would happen if FILE were landed, and what changed since the wave before it.

    Nothing is changed, and no answer without a code is quoted unless asked for. The exit code is 1
    when something stops landing.
    """
    from landing.check import check_file
    from landing.drift.as_json import report_as_json
    from landing.drift.page import write_page
    from landing.findings.report import render_check
    from orchestration.commands.console import new_console
    from orchestration.flow.steps import read_registry

    settings = load_settings(survey, home=home)
    report = check_file(
        file,
        wave=wave,
        kind=kind,
        registry=read_registry(settings),
        warehouse=settings.warehouse,
    )
    if not show_answers:
        report = report.without_answers()
    if json:
        typer.echo(report_as_json(report))
    else:
        render_check(report, new_console(), all_columns=columns)
    if html is not None:
        write_page(report, html)
        typer.echo(f"Report: {html}", err=True)
    if report.errors:
        raise typer.Exit(1)
