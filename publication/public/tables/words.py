"""What a public table says in words of its own figures, with the macros that the marts use."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader

from barometer.settings import PROJECT_ROOT

DISPLAY, SUPPRESSION = "display_", "suppression_label_"
LANGUAGES = ("nl", "en")
IN_WORDS = frozenset(f"{what}{each}" for what in (DISPLAY, SUPPRESSION) for each in LANGUAGES)
"""Columns that follow from the other columns of a row."""


def in_words(column: str, columns: Collection[str]) -> str:
    """Return a column as SQL over the other columns of its row.

    Args:
        column: one of `IN_WORDS`.
        columns: those of the table. One of shares alone need not say so in every row.
    """
    language = column.rpartition("_")[2]
    if column.startswith(SUPPRESSION):
        return str(_macros().suppression_words(language))
    told = {
        name: name for name in ("range_lower", "range_upper", "smallest_base") if name in columns
    }
    macros = _macros()
    words = macros.display_words if "kind" in columns else macros.share_words
    return str(words(language, **told))


@cache
def _macros() -> Any:  # noqa: ANN401 - a module of macros
    # SQL, not a page: nothing is to be escaped.
    environment = Environment(loader=FileSystemLoader(PROJECT_ROOT / "macros"))
    return environment.get_template("display.sql").module
