"""`barometer deliveries` and `barometer use`: which versions were landed, and which is in force."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, InboxOption, SurveyOption

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from landing.storage.history import Version


def deliveries(
    wave: Annotated[str | None, typer.Option(help="Only this wave, e.g. 2025.")] = None,
    survey: SurveyOption = None,
    home: HomeOption = None,
) -> None:
    """List every version that was landed of every delivery, and which of them is in force."""
    from landing.storage.history import landed_versions
    from orchestration.commands.console import new_console
    from orchestration.flow.steps import read_registry

    settings = load_settings(survey, home=home)
    registry = read_registry(settings)
    if wave is not None:
        registry.wave(wave)
    versions = [
        version
        for version in landed_versions(settings.warehouse, registry.survey.survey_id)
        if wave in (None, version.export.wave)
    ]
    if not versions:
        typer.echo("Nothing landed yet: put the files in the inbox and run `barometer refresh`.")
        return
    console = new_console()
    for slot, several in groupby(versions, lambda version: version.export.slot):
        console.print("wave {}, {}, {}".format(*slot), markup=False, highlight=False)
        for version in several:
            for line in _lines(version):
                console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _lines(version: Version) -> Iterator[str]:
    from landing.choosing import version_name

    export = version.export
    mark = "*" if export.is_current else " "
    yield f"{mark} {version_name(export)}  {export.row_count:>9,} rows  {export.file_name}"
    yield f"    landed {_moment(version.landed_at)} by {version.landed_by}"
    again = ""
    if version.reinstated_at is not None:
        verb = "chosen" if version.is_chosen else "in force again"
        again = f"{verb} {_moment(version.reinstated_at)} by {version.reinstated_by}"
    if export.is_current:
        yield f"    in force{': ' + again if version.is_chosen else ', ' + again if again else ''}"
        return
    if again:
        yield f"    {again}"
    if version.superseded_at is not None and version.superseded_by is not None:
        name = version.superseded_by.removeprefix("-".join(export.slot) + "-")
        yield f"    replaced {_moment(version.superseded_at)} by {name}"


def _moment(when: dt.datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def use(
    version: Annotated[
        str,
        typer.Argument(help="Id of a landed version, or the beginning of its hash."),
    ],
    survey: SurveyOption = None,
    inbox: InboxOption = None,
    home: HomeOption = None,
) -> None:
    """Make an earlier version of a delivery the one in force, until a new one is delivered."""
    from barometer.logs import logged, note
    from landing.choosing import choose
    from orchestration.flow.steps import read_registry
    from orchestration.state.checked_layers import forget_checked
    from orchestration.state.lock import writer_lock

    settings = load_settings(survey, inbox=inbox, home=home)
    registry = read_registry(settings)
    with writer_lock(settings.lock_file), logged(settings, "use"):
        # What is built belongs to the version that was in force: no release is made of it.
        chosen = choose(settings, registry, version, lambda: forget_checked(settings, "raw"))
        note("version_chosen", export=chosen.version.export_id)
    export, before = chosen.version, chosen.instead_of
    typer.echo(
        f"In force: {export.export_id} ({export.file_name}, {export.row_count:,} rows), "
        f"instead of {before.export_id} ({before.file_name}).\n"
        "It stays so until a new file is delivered: new content, a new name, or a file in the "
        "inbox that is written anew.\n"
        "The figures follow with the next `barometer refresh`."
    )
