"""The start page of a survey: reports, codebooks, checks and models behind one address.

It stands in the home of the survey, readable by its owner alone as everything there, and links
to what is beside it: a folder that needs no server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from barometer.pages import page_template
from barometer.settings import Settings
from publication.catalogue.codebook import STYLE
from publication.editions import CODEBOOK_PAGE, EDITIONS, REPORT, START_PAGE, Edition, edition_of
from publication.quality.page import QUALITY_REPORT
from publication.store.files import known_releases, read_manifest
from registry import Registry

_TEMPLATE = Path(__file__).with_name("start_page.html.j2")
_PAGES: Mapping[str | Path, tuple[str, str]] = {
    REPORT: ("Report", "Rapport"),
    QUALITY_REPORT: ("Quality report", "Kwaliteitsrapport"),
    CODEBOOK_PAGE: ("Codebook", "Codeboek"),
}


@dataclass(frozen=True)
class Link:
    """A page beside the start page.

    Attributes:
        path: from the start page.
        en: what it is called in English.
        nl: likewise in Dutch.
    """

    path: str
    en: str
    nl: str = ""


@dataclass(frozen=True)
class ShownEdition:
    """One edition with its current release and those before it, newest first."""

    edition: Edition
    release_id: str
    links: tuple[Link, ...]
    earlier: tuple[Link, ...]


def write_start_page(settings: Settings, registry: Registry) -> Path:
    """Write the page anew, as the releases and other pages are now; return its path."""
    page = settings.home / START_PAGE
    text = _template().render(
        style=STYLE.read_text(encoding="utf-8"),
        survey=registry.survey,
        editions=list(_editions(settings)),
        inside=list(_inside(settings)),
    )
    page.unlink(missing_ok=True)
    page.touch(mode=0o600)
    page.write_text(text, encoding="utf-8")
    return page


def _editions(settings: Settings) -> Iterator[ShownEdition]:
    for name in EDITIONS:
        edition = edition_of(settings, name)
        manifest = read_manifest(edition.current)
        if manifest is None:
            continue
        current = str(manifest["release_id"])
        others = [str(one["release_id"]) for one in known_releases(edition)]
        yield ShownEdition(
            edition,
            current,
            tuple(_pages(settings, edition.current)),
            tuple(
                Link(_from(settings, edition.releases / other), other)
                for other in reversed(others)
                if other != current
            ),
        )


def _pages(settings: Settings, release: Path) -> Iterator[Link]:
    for name, called in _PAGES.items():
        page = release / name
        if page.exists():
            yield Link(_from(settings, page), *called)
    yield Link(_from(settings, release), "Files: DuckDB, Parquet, codebook", "Bestanden")


def _inside(settings: Settings) -> Iterator[Link]:
    checks = settings.data_docs / "index.html"
    if checks.exists():
        yield Link(_from(settings, checks), "Checks of the last refresh (Data Docs)", "Controles")
    if settings.docs_page.exists():
        yield Link(_from(settings, settings.docs_page), "Models and columns (dbt)", "Modellen")


def _from(settings: Settings, place: Path) -> str:
    return place.relative_to(settings.home).as_posix() + ("/" if place.is_dir() else "")


@cache
def _template() -> Template:
    return page_template(_TEMPLATE)
