"""`barometer open`: the report and other results in the browser, or where they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from barometer.errors import UsageError
from barometer.settings import Settings, load_settings
from orchestration.commands.options import EditionOption, HomeOption, SurveyOption

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
"""Variables of which one says that a browser can show something, where windows are not a given."""


class Result(StrEnum):
    """What can be opened."""

    START = "start"
    REPORT = "report"
    RELEASE = "release"
    DATA_DOCS = "data-docs"
    DOCS = "docs"


def open_result(
    what: Annotated[
        Result,
        typer.Argument(
            help="The start page, which links to all others; the report or folder of the current "
            "release, the Data Docs (checks), or what `barometer docs` wrote."
        ),
    ] = Result.START,
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
) -> None:
    """Open a result in the browser; where there is no display, say where it is."""
    import webbrowser

    path = place_of(load_settings(survey, home=home), what, edition)
    if not has_display(os.environ):
        typer.echo("There is no display here; open this where there is one:")
    elif webbrowser.open(path.as_uri()):
        typer.echo("Opened in the browser:")
    else:
        typer.echo("No browser could be started; open this yourself:")
    typer.echo(str(path))


def place_of(settings: Settings, what: Result, edition: str) -> Path:
    """Return where a result is.

    Raises:
        UsageError: it is not there, or there is no such edition of it.
    """
    from publication.editions import INTERNAL, START_PAGE, edition_of

    store = edition_of(settings, edition)
    if what in (Result.START, Result.DATA_DOCS, Result.DOCS) and edition != INTERNAL:
        raise UsageError(
            f"There is no {edition} edition of '{what}'.",
            expected="the report or the release, which have editions",
            remedy="Leave --edition out; it shows the build, for those who run it.",
        )
    path, remedy = {
        Result.START: (settings.home / START_PAGE, "Run `barometer refresh`, which writes it."),
        Result.REPORT: (store.report, "Run `barometer refresh`, which writes it."),
        Result.RELEASE: (store.current, "Run `barometer refresh` first."),
        Result.DATA_DOCS: (settings.data_docs / "index.html", "Run `barometer refresh` first."),
        Result.DOCS: (settings.docs_page, "Run `barometer docs`, which writes it."),
    }[what]
    if not path.exists():
        raise UsageError(
            f"There is nothing to open for '{what}' of survey '{settings.survey}' "
            f"({edition} edition).",
            where=str(path),
            remedy=remedy,
        )
    return path.absolute()


def has_display(environment: Mapping[str, str]) -> bool:
    """Return whether a browser has somewhere to show what it opens."""
    has_windows = sys.platform in ("darwin", "win32")
    return has_windows or any(environment.get(name) for name in DISPLAYS)
