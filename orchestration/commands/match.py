"""`barometer match`: responses whose organisation is not in the frame, with candidates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, SurveyOption

if TYPE_CHECKING:
    from rich.console import Console

    from landing.frames.matching import MatchReport, Unmatched


def match(
    wave: Annotated[str, typer.Option(help="The wave, e.g. 2025.")],
    survey: SurveyOption = None,
    home: HomeOption = None,
    output: Annotated[
        Path | None, typer.Option(help="Also write the candidates to this CSV file.")
    ] = None,
    decided: Annotated[
        Path | None,
        typer.Option(help="The reviewed list: put its decisions in organisation_matches.csv."),
    ] = None,
) -> None:
    """List responses whose organisation is not in the frame, with organisations they may mean.

    Nothing is matched by the list: decide in its column `decision` and take it in with --decided,
    or write rows in organisation_matches.csv yourself.
    """
    from landing.frames.matching import match_report
    from landing.frames.review import read_decisions, write_review_list
    from orchestration.commands.console import new_console
    from orchestration.flow.steps import read_registry

    settings = load_settings(survey, home=home)
    report = match_report(settings, read_registry(settings), wave)
    if decided is not None:
        from drafting.decisions import add_decisions

        n_written = add_decisions(settings.seeds, wave, read_decisions(decided, report))
        typer.echo(f"{n_written} decision(s) written: {settings.seeds}/organisation_matches.csv")
        typer.echo("The next `barometer refresh` uses them.")
        return
    _print(new_console(), report)
    if output is not None:
        write_review_list(report, output)
        typer.echo(f"Candidates: {output}")


def _print(console: Console, report: MatchReport) -> None:
    from rich.markup import escape
    from rich.table import Table

    how = ", ".join(f"{count:,} by {method}" for method, count in sorted(report.matched.items()))
    console.print(f"Wave {escape(report.wave)}: responses matched: {how or 'none'}.")
    if report.decided_none:
        console.print(f"{report.decided_none:,} decided to be outside the frame.")
    for decision in report.unused:
        named = decision.delivered_key or decision.delivered_name or ""
        console.print(
            f"[yellow]organisation_matches.csv line {decision.row}: no response was delivered "
            f"as {escape(named)}.[/yellow]"
        )
    if not report.unmatched:
        console.print("[green]Every response has its organisation, or a decision.[/green]")
        return
    table = Table(title="Not in the frame: for a person to decide", title_justify="left")
    table.add_column("key", overflow="fold")
    table.add_column("name", overflow="fold")
    table.add_column("n", justify="right")
    table.add_column("candidate", overflow="fold")
    table.add_column("score", justify="right")
    table.add_column("second", justify="right")
    table.add_column("verdict")
    for one in report.unmatched:
        table.add_row(*(escape(cell) for cell in _cells(one)))
    console.print(table)
    console.print(
        "Decide for each which organisation_key it speaks for, or none: in the file that --output "
        "writes, taken in with --decided, or as rows of organisation_matches.csv."
    )


def _cells(one: Unmatched) -> tuple[str, ...]:
    best, second = one.suggestion.best, one.suggestion.second_score
    candidate, score = "", ""
    verdict: str = one.suggestion.verdict
    if one.by_key is not None:
        candidate = f"{one.by_key.key} {one.by_key.name}"
        verdict = "same key but for zeros"
    elif best is not None:
        candidate, score = f"{best.key} {best.name}", f"{best.score:.0f}"
    return (
        one.delivered_key or "(none)",
        one.delivered_name or "(none)",
        str(one.n_responses),
        candidate,
        score,
        "" if second is None or not score else f"{second:.0f}",
        f"{one.left_out} in the frame; {verdict}" if one.left_out else verdict,
    )
