"""`barometer microdata`: responses with replicate weights, for analysts who may see the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from barometer.settings import load_settings
from orchestration.commands.options import HomeOption, SurveyOption


def microdata(
    wave: Annotated[str, typer.Argument(help="The wave, e.g. 2025.")],
    folder: Annotated[Path, typer.Argument(help="New folder for the files; its owner's alone.")],
    survey: SurveyOption = None,
    home: HomeOption = None,
    method: Annotated[
        str,
        typer.Option(
            help="jackknife (each unit left out in turn) or bootstrap (units drawn anew)."
        ),
    ] = "jackknife",
    replicates: Annotated[int, typer.Option(min=2, help="How many bootstrap replicates.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of the order of rows and the draws.")] = 1,
) -> None:
    """Write single responses, without who gave them, with replicate weights. Confidential."""
    from publication.outlets.microdata import write_microdata

    settings = load_settings(survey, home=home)
    written = write_microdata(
        settings.warehouse,
        settings.survey,
        wave,
        folder,
        method=method,
        replicates=replicates,
        seed=seed,
    )
    typer.echo(
        f"CONFIDENTIAL: {written.n_responses} responses with {written.n_replicates} replicate "
        f"weights in {written.folder}; README.txt says for whom."
    )
