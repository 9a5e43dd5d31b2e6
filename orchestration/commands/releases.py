"""`barometer releases`: list, show, diff, rollback, prune."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.console import HELP
from orchestration.commands.options import EditionOption, HomeOption, SurveyOption
from orchestration.commands.rows import FormatOption, print_line, print_rows, print_rows_as

if TYPE_CHECKING:
    from rich.console import Console

    from publication.store.difference import Change, Difference
    from publication.store.releases import KeptRelease

releases = typer.Typer(
    help="Look at the releases, compare two, go back to an earlier one, remove old ones.",
    no_args_is_help=True,
    rich_markup_mode=HELP,
)

CHANGED = ("table", "row", "column", "old", "new", "difference")

ReleaseArgument = Annotated[
    str, typer.Argument(help="Id of a release, its beginning, or `current`.")
]


@releases.command("list")
def list_releases(
    survey: SurveyOption = None, home: HomeOption = None, edition: EditionOption = "internal"
) -> None:
    """List the releases, oldest first."""
    from orchestration.commands.console import new_console
    from publication.editions import edition_of
    from publication.store.releases import kept_releases

    kept = kept_releases(edition_of(load_settings(survey, home=home), edition))
    if not kept:
        typer.echo(f"No {edition} release yet: run `barometer refresh`.")
        return
    print_rows(
        new_console(),
        ("release", "made (UTC)", "state", "rows", "MB"),
        [_list_row(one) for one in kept],
        whole=("release", "made (UTC)"),
    )


@releases.command()
def show(
    release: ReleaseArgument = "current",
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
) -> None:
    """Show what a release was made from, and what it holds."""
    from orchestration.commands.console import new_console
    from publication.editions import edition_of
    from publication.store.releases import find_release

    one = find_release(edition_of(load_settings(survey, home=home), edition), release)
    manifest = one.manifest
    console = new_console()
    for line in (
        f"Release    {one.release_id} ({manifest['edition']} edition, {_state(one)})",
        f"File       {one.database}",
        f"Made       {manifest['created_at']}",
        f"Code       {manifest['code_version']}",
        f"Registries {manifest.get('registry_version', 'not recorded')}",
        f"Contents   {manifest['content_hash']}",
        f"Checks     {_checks(manifest.get('checks', {}))}",
    ):
        print_line(console, line)
    print_rows(
        console,
        ("wave", "kind", "part", "file", "rows", "sha256"),
        [
            (s["wave"], s["kind"], s["part"], s["file_name"], s["rows"], s["content_sha256"][:12])
            for s in manifest["sources"]
        ],
    )
    print_rows(
        console,
        ("table", "rows", "sha256"),
        [(table["name"], table["rows"], table["sha256"][:12]) for table in manifest["tables"]],
    )


@releases.command()
def diff(
    old: ReleaseArgument,
    new: ReleaseArgument = "current",
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
    limit: Annotated[int, typer.Option(help="Show at most this many changed cells.")] = 40,
    chosen: FormatOption = None,
) -> None:
    """Show which figures changed between two releases, and by how much."""
    from orchestration.commands.console import new_console
    from publication.editions import edition_of
    from publication.store.difference import compare
    from publication.store.releases import find_release

    store = edition_of(load_settings(survey, home=home), edition)
    before, after = find_release(store, old), find_release(store, new)
    difference = compare(before, after)
    if chosen is not None:
        cells = (_values(change) for change in difference.changes)
        print_rows_as(chosen, CHANGED, cells, sys.stdout, limit)
        return
    console = new_console()
    print_line(console, f"From {before.release_id} to {after.release_id}:")
    _print_difference(console, difference, limit)


@releases.command()
def rollback(
    release: ReleaseArgument,
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
) -> None:
    """Point readers at an earlier release; those made after it are withdrawn."""
    from barometer.logs import logged, note
    from orchestration.state.lock import writer_lock
    from publication.editions import edition_of
    from publication.store.releases import roll_back

    settings = load_settings(survey, home=home)
    with logged(settings, "rollback"), writer_lock(settings.lock_file):
        now = roll_back(edition_of(settings, edition), release)
        note("rolled_back", edition=edition, release=now.release_id)
    typer.echo(
        f"Current: {now.release_id}. Readers see it when they connect again.\n"
        "A refresh that gives the figures of a withdrawn release again will stop and say so."
    )


@releases.command()
def prune(
    survey: SurveyOption = None,
    home: HomeOption = None,
    keep: Annotated[int, typer.Option(help="How many of the newest releases stay.")] = 5,
    older_than_days: Annotated[
        int | None, typer.Option(help="Remove only releases older than this many days.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove old internal releases for good; the current one always stays."""
    from barometer.logs import logged, note
    from orchestration.state.lock import writer_lock
    from publication.editions import edition_of
    from publication.store.releases import prunable, prune

    settings = load_settings(survey, home=home)
    edition = edition_of(settings)
    with writer_lock(settings.lock_file):
        going = prunable(edition, keep, older_than_days)
        if not going:
            typer.echo("Nothing to remove.")
            return
        for one in going:
            typer.echo(f"{one.release_id}  {one.size / 1e6:.1f} MB")
        if not yes:
            typer.confirm(f"Remove {len(going)} release(s) for good?", abort=True)
        with logged(settings, "prune"):
            prune(edition, going)
            note("pruned", releases=[one.release_id for one in going])
    typer.echo(f"Removed: {len(going)}.")


def _list_row(one: KeptRelease) -> tuple[object, ...]:
    tables = one.manifest["tables"]
    return (
        one.release_id,
        one.manifest["created_at"][:16].replace("T", " "),
        _state(one),
        f"{sum(table['rows'] for table in tables):,}",
        f"{one.size / 1e6:.1f}",
    )


def _state(one: KeptRelease) -> str:
    if one.is_current:
        return "current"
    return f"withdrawn {one.withdrawn_at[:10]}" if one.withdrawn_at else "earlier"


def _checks(checks: dict[str, dict[str, object]]) -> str:
    layers = ", ".join(checks.get("expectations_held_at", {})) or "not recorded"
    tests = checks.get("dbt_tests_of_the_marts", {})
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tests.items()))
    return f"expectations held on {layers}; dbt tests of the marts: {counts or 'not recorded'}"


def _print_difference(console: Console, difference: Difference, limit: int) -> None:

    if difference.is_empty:
        print_line(console, "The same figures.")
        return
    for verb, tables in (("gone", difference.tables_gone), ("new", difference.tables_new)):
        if tables:
            print_line(console, f"Tables {verb}: {', '.join(tables)}")
    print_rows(
        console,
        ("table", "rows gone", "rows new", "rows changed", "cells changed", "columns"),
        [
            (
                table.table + (" (no key: whole rows)" if table.without_key else ""),
                table.rows_gone,
                table.rows_new,
                table.rows_changed,
                table.cells_changed,
                ", ".join(
                    [f"-{c}" for c in table.columns_gone] + [f"+{c}" for c in table.columns_new]
                ),
            )
            for table in difference.tables
            if not table.is_empty
        ],
    )
    shown = difference.changes[: max(limit, 0)]
    if shown:
        print_rows(
            console,
            CHANGED,
            [_cells(change) for change in shown],
        )
    left = len(difference.changes) - len(shown)
    if left:
        print_line(console, f"{left:,} more changed cells: --limit, or --format csv for all.")


def _values(change: Change) -> tuple[object, ...]:
    """The cells of a change, with numbers as numbers: `-0.1` as text would look like a formula."""
    if change.difference is None:
        return _cells(change)
    table, row, column, *_ = _cells(change)
    return table, row, column, float(change.old or 0), float(change.new or 0), change.difference


def _cells(change: Change) -> tuple[str, ...]:
    return (
        change.table,
        ", ".join(value for _, value in change.key),
        change.column,
        change.old or "",
        change.new or "",
        "" if change.difference is None else f"{change.difference:+.6g}",
    )


def download(
    table: Annotated[
        str, typer.Argument(help="A table, as core.mart_findings; or a schema, as innovation.")
    ],
    target: Annotated[
        Path,
        typer.Argument(help="File to write: .csv, .xlsx or .parquet; of a schema, .xlsx."),
    ],
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
    dutch: Annotated[
        bool, typer.Option("--dutch", help="CSV with semicolons and decimal commas.")
    ] = False,
) -> None:
    """Write a table of the current release, or a schema, to a file that a spreadsheet opens."""
    from publication.editions import edition_of
    from publication.outlets.downloads import DUTCH, PLAIN
    from publication.outlets.downloads import download as write_download
    from publication.store.releases import find_release

    store = edition_of(load_settings(survey, home=home), edition)
    one = find_release(store, "current")
    style = DUTCH if dutch else PLAIN
    count = write_download(one.database, table, target, store.rights, style)
    typer.echo(f"{count:,} rows of {table} from {one.release_id}: {target}")
