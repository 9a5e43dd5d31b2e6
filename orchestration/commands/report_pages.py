"""`barometer report`: where the report of a release is, or its pages written anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from barometer.errors import UsageError
from barometer.settings import load_settings
from orchestration.commands.options import EditionOption, HomeOption, SurveyOption


def report(
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
    to: Annotated[
        Path | None,
        typer.Option(help="Write the pages anew to this new folder, whichever release made them."),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print them to PDF, in both languages; with --to.")
    ] = False,
) -> None:
    """Print where the report of the current release is, or write it to a folder.

    The report is one web page about the whole release and one per organisation group with a
    schema of its own.
    """
    from publication.editions import edition_of
    from publication.store.releases import find_release

    store = edition_of(load_settings(survey, home=home), edition)
    one = find_release(store, "current")
    if to is not None:
        from publication.report.copies import write_copy

        for path in write_copy(one.database, to, store, pdf=pdf):
            typer.echo(path)
        return
    if pdf:
        raise UsageError(
            "A release is sealed, so no PDF can be added to it.",
            where=str(one.folder),
            expected="a folder of your own",
            remedy="Add --to FOLDER.",
        )
    kept = one.manifest.get("report")
    if not kept:
        raise UsageError(
            f"Release {one.release_id} was made without a report.",
            where=str(one.folder),
            remedy="Write one with --to FOLDER, or make a release with `barometer refresh`.",
        )
    typer.echo(store.current / kept)
