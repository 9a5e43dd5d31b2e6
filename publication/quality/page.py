"""The quality report of a release as one web page that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Template

from barometer.pages import page_template
from publication.editions import Edition
from publication.quality.facts import read_facts
from publication.quality.sections import headings, sections
from publication.quality.words import LANGUAGES
from publication.tables import STORAGE
from registry.tables.waves import Survey

QUALITY_REPORT = "quality_report.html"

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def write_quality_report(
    folder: Path, edition: Edition, survey: Survey, earlier: Sequence[str]
) -> None:
    """Write the report of a release into its folder, from the database there.

    Args:
        folder: of the release.
        edition: that it is of.
        survey: row of the survey in the registry.
        earlier: ids of the releases of this edition before it.
    """
    database = str(folder / edition.file_name)
    with duckdb.connect(database, read_only=True, config=STORAGE) as connection:
        facts = read_facts(connection, survey, earlier)
    text = _template().render(
        languages=LANGUAGES,
        names={"nl": "Nederlands", "en": "English"},
        heading=headings(facts),
        sections=sections(facts),
        kind_of=lambda block: type(block).__name__,
    )
    (folder / QUALITY_REPORT).write_text(text, encoding="utf-8")


@cache
def _template() -> Template:
    # A text in one of its languages.
    return page_template(_TEMPLATE, said=getattr)
