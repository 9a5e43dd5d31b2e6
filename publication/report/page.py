"""The report of a release: one page about all of it, and one about each group with a schema.

Everything comes from the release's database file, so a page can say nothing that is not in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Template

from barometer.pages import page_template
from publication.editions import REPORT
from publication.quality.page import QUALITY_REPORT
from publication.quality.words import LANGUAGES
from publication.report.content.blocks import Chart, Section
from publication.report.content.material import Material
from publication.report.drawing.charts import palette, specification
from publication.report.drawing.svg import drawn, script
from publication.report.drawing.tabular import csv_address, header_of, rows_of, tint
from publication.report.drawing.wording import Wording
from publication.report.read import group_schemas, one_group, whole_release
from publication.report.sections.claims import claims_section
from publication.report.sections.comparisons import comparison_section
from publication.report.sections.headline import heading, headline
from publication.report.sections.method import method_section
from publication.report.sections.response import response_section
from publication.report.sections.scales import scale_section
from publication.report.sections.topics import topic_section, unseen_section
from publication.tables import STORAGE

INDEX = REPORT.name

_HALF_A_PAGE = 400
"""Pixels of a drawing that fill half a printed page with what stands around them."""
_TEMPLATES = Path(__file__).with_name("templates")


def write_report(database: Path, folder: Path, *, beside_release: bool = True) -> tuple[Path, ...]:
    """Write the pages of a release.

    Args:
        database: the DuckDB file of the release, of either edition.
        folder: where the pages go; made where it is not there.
        beside_release: the folder stands inside the release, so that its quality report can be
            linked to.

    Returns:
        The pages: of the whole release first, then of the groups in order of their schema; none
        of a release without findings.
    """
    written = []
    with duckdb.connect(str(database), read_only=True, config=STORAGE) as connection:
        for name, material in _pages(connection):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(_page(material, beside_release=beside_release), encoding="utf-8")
            written.append(path)
    return tuple(written)


def sections_of(material: Material) -> tuple[Section, ...]:
    """Return the sections of a page, those alone that the release has something for."""
    topics = [topic_section(material, topic) for topic in material.topics]
    shown = {section.anchor for section in topics if section is not None}
    found = [
        *topics,
        unseen_section(material, shown),
        comparison_section(material),
        scale_section(material),
        claims_section(material),
        response_section(material),
        method_section(material),
    ]
    return tuple(section for section in found if section is not None)


def _pages(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Material]]:
    found = [(INDEX, whole_release(connection))]
    if found[0][1] is not None:
        found += [
            (f"{schema}.html", one_group(connection, schema))
            for schema in group_schemas(connection)
        ]
    return [(name, material) for name, material in found if material is not None]


def _page(material: Material, *, beside_release: bool) -> str:
    wording = Wording()
    sections = sections_of(material)
    drawings = {
        block.anchor: _drawing(block, wording)
        for section in sections
        for block in section.blocks
        if isinstance(block, Chart)
    }
    style, own_script = _text("page.css"), _text("page.js")
    return _template().render(
        heading=heading(material),
        headline=headline(material),
        sections=sections,
        drawings=drawings,
        texts=_inside_script([[text.nl, text.en] for text in wording.texts]),
        style=style,
        scripts=(script(), own_script),
        policy=_policy(script(), own_script),
        material=material,
        palette=palette,
        languages=LANGUAGES,
        names={"nl": "Nederlands", "en": "English"},
        kind_of=lambda block: type(block).__name__,
        quality_report=f"../{QUALITY_REPORT}" if beside_release else None,
    )


def _drawing(chart: Chart, wording: Wording) -> Mapping[str, Any]:
    """Return a chart twice from one description: drawn, and for the script to draw anew."""
    described = specification(chart, wording)
    svg = drawn(described).replace("<svg ", '<svg aria-hidden="true" ', 1)
    return {
        "svg": wording.spelt_out(svg),
        "specification": _inside_script(described),
        "is_short": described["height"] <= _HALF_A_PAGE,
    }


def _inside_script(value: object) -> str:
    """Return a value as JSON that no text in it can end the script around it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _policy(*scripts: str) -> str:
    """Return what the page may do: run its own scripts, and ask nothing of any network."""
    hashes = " ".join(f"'sha256-{base64.b64encode(_sha256(text)).decode()}'" for text in scripts)
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
        f" script-src {hashes}; base-uri 'none'; form-action 'none'"
    )


@cache
def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@cache
def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return page_template(
        _TEMPLATES / "page.html.j2",
        tint=tint,
        tabled=rows_of,
        headed=header_of,
        downloaded=csv_address,
    )
