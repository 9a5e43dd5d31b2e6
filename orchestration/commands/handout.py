"""`barometer handout`: what one organisation group may be given, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.options import EditionOption, HomeOption, SurveyOption


def handout(
    group: Annotated[str, typer.Argument(help="Organisation group with a schema of its own.")],
    target: Annotated[
        Path | None, typer.Argument(help="File to write; by default GROUP.duckdb here.")
    ] = None,
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
) -> None:
    """Write the tables of one organisation group from the current release to a DuckDB file."""
    from publication.editions import edition_of
    from publication.outlets.handouts import SUFFIX, write_handout
    from publication.store.releases import find_release

    store = edition_of(load_settings(survey, home=home), edition)
    one = find_release(store, "current")
    path = target or Path(f"{group}{SUFFIX}")
    tables = write_handout(one.database, group, path, store.rights)
    typer.echo(f"{', '.join(tables)} of {group} from {one.release_id}: {path}")
