"""The command line: `barometer refresh`, `check`, `validate`, `status`, `query` and more.

Commands import what they need themselves, so that `barometer --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from barometer.errors import BarometerError, system_error
from barometer.json_files import DamagedFileError
from barometer.private import keep_to_owner
from barometer.settings import load_settings
from orchestration.commands.check import check
from orchestration.commands.console import HELP, replace_what_cannot_be_printed
from orchestration.commands.deliveries import deliveries, use
from orchestration.commands.doctor import doctor
from orchestration.commands.forget import forget
from orchestration.commands.handout import handout
from orchestration.commands.match import match
from orchestration.commands.microdata import microdata
from orchestration.commands.new_wave import new_wave
from orchestration.commands.open import open_result
from orchestration.commands.options import EditionOption, HomeOption, InboxOption, SurveyOption
from orchestration.commands.publish import publish
from orchestration.commands.releases import download, releases
from orchestration.commands.report_pages import report
from orchestration.commands.rows import FormatOption, print_rows_as

app = typer.Typer(
    help="The open data warehouse for yearly public-sector innovation surveys.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=HELP,
)

app.add_typer(releases, name="releases")
app.command()(check)
app.command()(deliveries)
app.command()(doctor)
app.command()(download)
app.command()(forget)
app.command()(handout)
app.command()(match)
app.command()(microdata)
app.command()(new_wave)
app.command("open")(open_result)
app.command()(publish)
app.command()(report)
app.command()(use)


@app.command()
def refresh(
    survey: SurveyOption = None,
    inbox: InboxOption = None,
    home: HomeOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Build everything anew, changed or not.")
    ] = False,
) -> None:
    """Run the whole flow: land, check, build, publish; only what changed is built."""
    from orchestration.commands.console import new_console
    from orchestration.commands.report import print_nothing_changed
    from orchestration.state import last_refresh

    settings = load_settings(survey, inbox=inbox, home=home)
    console = new_console()
    if not full:
        try:
            last = last_refresh.recall(settings)
        except DamagedFileError as damaged:
            typer.echo(f"{damaged} Everything is built anew.", err=True)
            last, full = None, True
        if last is not None:
            changed = last_refresh.changes(settings, last)
            if not changed:
                print_nothing_changed(console, settings, last)
                return
            typer.echo(f"Changed since {last.finished_at}: {', '.join(changed)}", err=True)

    # dbt, Great Expectations and DuckDB take seconds to import: only for who has work for them.
    from orchestration.commands.report import print_refresh
    from orchestration.flow.progress import progress_for
    from orchestration.flow.refresh import refresh as run_refresh

    print_refresh(console, settings, run_refresh(settings, progress_for(console), full=full))


@app.command()
def validate(survey: SurveyOption = None) -> None:
    """Check the registries of a survey."""
    from orchestration.commands.console import new_console
    from orchestration.commands.report import print_validated
    from orchestration.flow.steps import read_registry

    settings = load_settings(survey)
    print_validated(new_console(), settings.seeds, read_registry(settings))


@app.command()
def status(
    survey: SurveyOption = None,
    home: HomeOption = None,
    files: Annotated[
        bool, typer.Option("--files", help="List the landed files rather than the waves.")
    ] = False,
    findings: Annotated[
        bool,
        typer.Option("--findings", help="Also list what was found in the landed files, all of it."),
    ] = False,
) -> None:
    """Show the releases, the last refresh, what has been landed and what waits for somebody."""
    from orchestration.commands.console import new_console
    from orchestration.commands.query import landed_files
    from orchestration.commands.report import print_findings, print_lines, print_status
    from orchestration.flow.standing import open_findings
    from orchestration.flow.steps import delivery_findings, read_registry
    from orchestration.state.last_refresh import recall
    from publication.editions import EDITIONS, edition_of
    from publication.store.releases import current_manifest

    settings = load_settings(survey, home=home)
    manifests = [current_manifest(edition_of(settings, name)) for name in EDITIONS]
    console = new_console()
    try:
        last = recall(settings)
        ended = "none has ended since anything was written" if last is None else last.ended
    except BarometerError as error:
        ended = error.render()
    print_status(console, settings, manifests, landed_files(settings), ended, each=files)
    try:
        found = delivery_findings(settings, read_registry(settings))
    except BarometerError as error:
        print_lines(console, ["What was found in them is not shown:", error.render()])
        return
    if findings:
        print_findings(console, found)
    else:
        print_lines(console, open_findings(settings, found))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL query.")],
    survey: SurveyOption = None,
    home: HomeOption = None,
    chosen: FormatOption = None,
    limit: Annotated[
        int, typer.Option(min=0, help="Show at most this many rows of a table or of records.")
    ] = 40,
    edition: EditionOption = "internal",
) -> None:
    """Run SQL on the current release, read-only: rows on a terminal, CSV in a pipe or a file."""
    from orchestration.commands.query import query_release

    with query_release(load_settings(survey, home=home), sql, edition) as selected:
        print_rows_as(chosen, selected.columns, selected.rows, sys.stdout, limit)


@app.command()
def docs(survey: SurveyOption = None, home: HomeOption = None) -> None:
    """Write the documentation of every model and column as one web page."""
    from orchestration.flow.steps import generate_docs
    from orchestration.state.lock import writer_lock

    settings = load_settings(survey, home=home)
    with writer_lock(settings.lock_file):
        typer.echo(generate_docs(settings))


@app.command()
def serve(
    survey: SurveyOption = None,
    inbox: InboxOption = None,
    home: HomeOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3000,
    automation: Annotated[
        bool, typer.Option(help="Start with the schedule and the sensors switched on.")
    ] = False,
) -> None:
    """Open Dagster: the asset graph, its schedule and the sensor on the inbox."""
    from orchestration.commands.serve import serve as run_server

    settings = load_settings(survey, inbox=inbox, home=home)
    run_server(
        settings,
        host,
        port,
        automation=automation,
        environment=os.environ,
        tell=typer.echo,
    )


def main() -> None:
    """Run the command line; an error meant for people is shown without a traceback."""
    keep_to_owner()
    replace_what_cannot_be_printed()
    try:
        app()
    except BarometerError as error:
        print(error.render(), file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        told = system_error(error)
        if told is None:
            raise
        print(told.render(), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
