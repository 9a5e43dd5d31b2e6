"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SurveyOption = Annotated[
    str | None,
    typer.Option(
        help="Which survey: ibo, or the name of a folder in surveys/.", show_default="ibo"
    ),
]
InboxOption = Annotated[
    Path | None,
    typer.Option(help="Folder with the delivered files.", show_default="examples/<survey>"),
]
HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder for warehouses and releases.", show_default="warehouse"),
]
EditionOption = Annotated[
    str,
    typer.Option(help="Which edition: internal (all figures) or public (protected)."),
]
