"""`barometer doctor`: whether the files of a survey are readable by whom they should be."""

from __future__ import annotations

import stat

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, InboxOption, SurveyOption

SHOWN = 20
WRITE = stat.S_IWGRP | stat.S_IWOTH


def doctor(survey: SurveyOption = None, inbox: InboxOption = None, home: HomeOption = None) -> None:
    """Check that nobody but the owner reads what is not public, and nobody changes what is.

    Nothing is changed. The exit code is 1 when something is open.
    """
    from barometer.private import open_to_others
    from orchestration.flow.steps import open_folders
    from publication.editions import PUBLIC, edition_of

    settings = load_settings(survey, inbox=inbox, home=home)
    found = [
        (path, mode) for path, mode, _ in open_to_others(settings.home, open_folders(settings))
    ]
    folder = edition_of(settings, PUBLIC).folder
    public = [(path, path.lstat().st_mode) for path in folder.rglob("*")]
    found += [
        (path, stat.S_IMODE(mode))
        for path, mode in public
        if mode & WRITE and not stat.S_ISLNK(mode)
    ]
    if not found:
        typer.echo(f"Only the public edition is open to others: {settings.home}")
        return
    typer.echo(f"Open to others than the owner, {len(found)} file(s) and folder(s):")
    for path, mode in found[:SHOWN]:
        typer.echo(f"  {mode:04o}  {path}")
    if len(found) > SHOWN:
        typer.echo(f"  and {len(found) - SHOWN} more")
    typer.echo(
        "What to do: `barometer refresh --full` closes them, or `chmod go-rwx` each (in public/: "
        "`chmod go-w`).\nIf others may have read answers, tell whoever is responsible for the data."
    )
    raise typer.Exit(1)
