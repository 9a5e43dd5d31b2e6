"""The pages of a release: whole, in both languages, from the release alone, and quiet."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from bakery import HOSTILE
from typer.testing import CliRunner

from barometer.errors import UsageError
from orchestration.cli import app
from publication.editions import INTERNAL, PUBLIC, Edition
from publication.quality.words import Text
from publication.report.content.blocks import Chart, Claim, Grid
from publication.report.copies import write_copy
from publication.report.page import INDEX, sections_of, write_report
from publication.report.read import group_schemas, one_group
from publication.report.sections.headline import heading, headline

LARGEST = 3_000_000
WORDS_OF_SURVEYS = re.compile(
    r"innovat|climate_(?!distribution)|overheid|library|bibliothe|agencies", re.I
)


class Page(HTMLParser):
    """Tags of a page with their attributes, and the text that is no script or style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else data


def texts_in(value: object) -> Iterator[Text]:
    """Yield every text inside blocks, however deep."""
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts_in(each)


@pytest.fixture
def pages(bakers, tmp_path):
    def written(edition: str = INTERNAL) -> dict[str, str]:
        found = write_report(bakers(edition), tmp_path / edition)
        return {path.name: path.read_text(encoding="utf-8") for path in found}

    return written


def test_there_is_a_page_of_the_release_and_of_each_group_with_a_schema(pages):
    assert list(pages()) == [INDEX, "bread.html"]


def test_no_text_lacks_one_of_its_languages(material):
    found = list(texts_in(sections_of(material)))
    found += [*texts_in(headline(material)), *heading(material).values()]

    assert len(found) > 100
    assert [text for text in found if bool(text.nl) != bool(text.en)] == []


def test_a_page_asks_nothing_of_any_network(pages):
    for text in pages().values():
        page = Page(text)
        policy = next(a["content"] for _, a in page.tags if a.get("http-equiv"))
        assert policy.startswith("default-src 'none'")
        assert "connect-src" not in policy
        assert "unsafe-eval" not in policy
        loaded = [a[n] for _, a in page.tags for n in ("src", "srcset", "action") if n in a]
        assert loaded == []
        links = [a["href"] for tag, a in page.tags if tag in ("a", "link") and a.get("href")]
        assert [one for one in links if re.match("https?:|//", one)] == []
        assert [tag for tag, _ in page.tags if tag in ("link", "iframe", "img", "object")] == []


def test_every_anchor_is_one_place_and_every_link_within_the_report_leads_somewhere(pages):
    written = pages()
    for text in written.values():
        page = Page(text)
        ids = Counter(a["id"] for _, a in page.tags if a.get("id"))
        assert [one for one, number in ids.items() if number > 1] == []
        links = [a["href"] for tag, a in page.tags if tag == "a" and a.get("href")]
        assert [one for one in links if one.startswith("#") and one[1:] not in ids] == []
        labels = [a["aria-labelledby"] for _, a in page.tags if a.get("aria-labelledby")]
        assert [one for one in labels if one not in ids] == []
        inside = {one for one in links if one.endswith(".html") and "/" not in one}
        assert inside <= written.keys()


def test_every_chart_has_its_table_download_and_drawing(pages):
    page = Page(pages()[INDEX])
    charts = [a["id"] for tag, a in page.tags if tag == "figure"]
    tables = [a["id"] for tag, a in page.tags if tag == "caption"]
    downloads = [a["download"] for _, a in page.tags if a.get("download")]

    assert len(charts) > 8
    for chart in charts:
        assert f"{chart}-table" in tables
        assert f"{chart}.csv" in downloads
    assert len([1 for tag, a in page.tags if tag == "svg" and "viewbox" in a]) >= len(charts)


def test_what_a_registry_says_is_shown_and_never_run(pages):
    page = Page(pages()[INDEX])

    assert [tag for tag, _ in page.tags if tag == "img"] == []
    assert HOSTILE in page.text


def test_the_same_release_gives_the_same_bytes(bakers, tmp_path):
    first, again = (
        [path.read_bytes() for path in write_report(bakers(INTERNAL), tmp_path / name)]
        for name in ("first", "again")
    )

    assert first == again


def test_pages_say_who_may_read_them_and_that_answers_are_made_up(pages):
    for edition, said in ((INTERNAL, "Confidential"), (PUBLIC, "for everybody")):
        for text in pages(edition).values():
            assert said in Page(text).text
            assert "Synthetic example data" in Page(text).text
            assert len(text.encode()) < LARGEST


def test_every_claim_has_its_sentence_and_verdict_also_where_figures_are_withheld(material):
    claims = [
        claim
        for section in sections_of(material)
        for block in section.blocks
        if isinstance(block, tuple)
        for claim in block
        if isinstance(claim, Claim)
    ]

    assert [(claim.sentence.en, claim.verdict.en) for claim in claims] == [
        ("Small bakes less.", "in line"),
        ("Large bakes =better.", "not shown"),
    ]
    assert "withheld" in claims[1].lines[0].en


def test_forms_follow_from_the_figures(material):
    forms = {
        section.anchor: [b.form for b in section.blocks if isinstance(b, Chart)]
        for section in sections_of(material)
    }

    assert forms["flour"] == ["dots", "bars"]
    assert forms["mood"] == ["dots", "bars"]
    assert forms["loaves"] == ["amounts"]
    assert forms["pairs"] == ["pairs"]
    assert forms["scales"] == ["dots", "parts", "dots"]


def test_ranked_figures_stand_from_high_to_low(material):
    ranked = next(
        block
        for section in sections_of(material)
        for block in section.blocks
        if isinstance(block, Chart) and block.form == "bars" and section.anchor == "flour"
    )

    places = [row.marks[0].figure.place for row in ranked.rows]
    assert places == sorted(places, reverse=True)
    assert ranked.heading.en.startswith("Most often: spelt en")


def test_groups_are_compared_within_one_classification(material):
    grid = next(
        b for s in sections_of(material) for b in s.blocks if isinstance(b, Grid) and b.rows
    )

    assert [label.en for label, _ in grid.rows] == ["All bakers", "Bread bakers", f"Cake {HOSTILE}"]


def test_the_page_of_a_group_needs_no_other_table(bakers, tmp_path):
    path = tmp_path / "own.duckdb"
    path.write_bytes(bakers(INTERNAL).read_bytes())
    with duckdb.connect(str(path)) as connection:
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'core'"
        ).fetchall():
            if name != "about_release":
                connection.execute(f"drop table core.{name}")
        assert group_schemas(connection) == ("bread",)
        found = one_group(connection, "bread")

    assert found is not None
    assert [group.group_id for group in found.groups] == ["bread", "small"]
    assert sections_of(found)[0].title.en == "flour en"


def test_a_group_of_which_nothing_is_public_is_told_so(bakers, tmp_path):
    path = tmp_path / "withheld.duckdb"
    path.write_bytes(bakers(INTERNAL).read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("update bread.findings set suppression_status = 'suppressed'")
        found = one_group(connection, "bread")

    assert found is not None
    section = next(one for one in sections_of(found) if one.anchor == "not-shown")
    assert "flour en, mood en and loaves en" in section.blocks[1].en


def test_a_release_without_findings_has_no_report(tmp_path):
    path = tmp_path / "bare.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core; create table core.about_release (survey varchar)")

    assert write_report(path, tmp_path / "report") == ()
    assert not (tmp_path / "report").exists()


def test_no_line_of_code_knows_a_survey():
    room = Path(write_report.__code__.co_filename).parent
    sources = [*room.rglob("*.py"), *room.rglob("*.j2"), *room.rglob("*.js")]

    assert len(sources) > 15
    assert [p.name for p in sources if WORDS_OF_SURVEYS.search(p.read_text("utf-8"))] == []


def test_a_copy_is_for_who_may_read_the_edition(bakers, tmp_path):
    for name, rights in ((INTERNAL, 0o600), (PUBLIC, 0o644)):
        edition = Edition(name, "bakers", tmp_path, f"{name}.duckdb")
        for path in write_copy(bakers(name), tmp_path / name, edition):
            assert path.stat().st_mode & 0o777 == rights
            assert "../quality_report" not in path.read_text(encoding="utf-8")


def test_a_copy_replaces_nothing(bakers, tmp_path):
    edition = Edition(INTERNAL, "bakers", tmp_path, "internal.duckdb")

    with pytest.raises(UsageError, match="cannot be made"):
        write_copy(bakers(INTERNAL), tmp_path, edition)


def test_the_command_tells_what_it_cannot_do(tmp_path):
    result = CliRunner().invoke(app, ["report", "--home", str(tmp_path)])

    assert isinstance(result.exception, UsageError)
    assert "There is no internal release 'current'" in str(result.exception)
