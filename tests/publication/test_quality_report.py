"""The quality report: all headings of SIMS, numbers of the tables, nothing of an organisation."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from barometer.settings import PROJECT_ROOT, Settings
from publication.editions import EDITIONS, Edition, edition_of
from publication.quality.page import QUALITY_REPORT, write_quality_report
from publication.quality.words import number, percent
from registry import load_registry
from registry.tables.waves import Survey

pytestmark = pytest.mark.xdist_group("example_refresh")

CONCEPTS = {
    "nl": (
        *("Contact", "Actualisering van de metadata", "Statistische presentatie", "Meeteenheid"),
        *("Verslagperiode", "Institutioneel mandaat", "Vertrouwelijkheid", "Publicatiebeleid"),
        *("Frequentie van verspreiding", "Toegankelijkheid en duidelijkheid", "Kwaliteitsbeheer"),
        *("Relevantie", "Nauwkeurigheid en betrouwbaarheid", "Tijdigheid en punctualiteit"),
        *("Coherentie en vergelijkbaarheid", "Kosten en lasten", "Herziening van gegevens"),
        *("Statistische verwerking", "Opmerking"),
    ),
    "en": (
        *("Contact", "Metadata update", "Statistical presentation", "Unit of measure"),
        *("Reference period", "Institutional mandate", "Confidentiality", "Release policy"),
        *("Frequency of dissemination", "Accessibility and clarity", "Quality management"),
        *("Relevance", "Accuracy and reliability", "Timeliness and punctuality"),
        *("Coherence and comparability", "Cost and burden", "Data revision"),
        *("Statistical processing", "Comment"),
    ),
}


class Page(HTMLParser):
    """What a reader finds in the page, by language: headings, rows of tables, links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: dict[str, list[str]] = {"nl": [], "en": []}
        self.rows: dict[str, list[list[str]]] = {"nl": [], "en": []}
        self.addresses: list[str] = []
        self._language = "nl"
        self._open: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("href", "src") if name in given]
        if tag == "main":
            self._language = given["lang"] or ""
        if tag == "h2":
            self._open = self.headings[self._language]
            self._open.append("")
        if tag == "tr":
            self.rows[self._language].append([])
        if tag in ("td", "th"):
            self._open = self.rows[self._language][-1]
            self._open.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "td", "th"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open[-1] += data


def report_of(settings: Settings, name: str) -> tuple[Edition, Path, Page]:
    edition = edition_of(settings, name)
    path = edition.current / QUALITY_REPORT
    return edition, path, Page(path.read_text(encoding="utf-8"))


def select(settings: Settings, query: str, edition: str = "internal") -> list[tuple]:
    which = edition_of(settings, edition)
    with duckdb.connect(str(which.current / which.file_name), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", EDITIONS)
def test_every_concept_of_sims_is_there_in_both_languages(
    example_refresh: Settings, name: str
) -> None:
    _, _, page = report_of(example_refresh, name)
    for language, concepts in CONCEPTS.items():
        numbered = [f"{place}{title}" for place, title in enumerate(concepts, start=1)]
        assert page.headings[language] == numbered


def test_numbers_are_those_of_the_tables(example_refresh: Settings) -> None:
    _, _, page = report_of(example_refresh, "internal")
    whole = "classification_id = 'overheidslaag' and group_id = 'overheid'"
    for wave, population, responses in select(
        example_refresh,
        f"select wave, n_population, n_responses from core.fct_response_rates where {whole}",
    ):
        for language in ("nl", "en"):
            said = [number(population), number(responses), percent(responses / population)]
            assert [wave, *(getattr(text, language) for text in said)] in page.rows[language]
    for row in select(
        example_refresh,
        "select wave, r_indicator, r_lower, r_upper, coefficient_of_variation"
        " from core.mart_representativeness where level = 'wave'",
    ):
        r, lower, upper, variation = (f"{value:.3f}" for value in row[1:])
        assert [row[0], r, f"{lower} to {upper}", variation] in page.rows["en"]
    for row in select(
        example_refresh,
        "select label_en, n_answered, estimate, estimate_lower, estimate_upper,"
        " bound_lower, bound_upper from core.fct_estimates join core.dim_indicators using"
        f" (indicator_id) where {whole} and wave = '2025' and indicator_id = 'innovated'",
    ):
        shares = [f"{100 * value:.1f} %" for value in row[2:]]
        expected = [*row[:1], str(row[1]), shares[0]]
        expected += [f"{shares[1]} to {shares[2]}", f"{shares[3]} to {shares[4]}"]
        assert expected in page.rows["en"]
    for wave, kept, excluded, rejected in select(
        example_refresh,
        "select wave, n_responses, n_excluded_responses, n_rejected_answers"
        " from core.mart_weighting",
    ):
        assert [wave, str(kept), str(excluded), str(rejected)] in page.rows["en"]


def test_verdicts_are_counted_beside_what_chance_would_give(example_refresh: Settings) -> None:
    _, _, page = report_of(example_refresh, "internal")
    ((tests, declared, families, unadjusted),) = select(
        example_refresh,
        "select sum(n_tests), sum(n_verdicts), sum(n_families), sum(n_unadjusted)"
        " from core.mart_verdicts where purpose = 'comparison' and wave = '2021'",
    )
    expected = ["between groups", "2021", f"{tests:,}", str(declared), f"{0.05 * families:,.1f}"]
    assert [*expected, str(unadjusted), f"{0.05 * float(tests):,.1f}"] in page.rows["en"]
    assert any(row[:2] == ["claims, all waves together", "all"] for row in page.rows["en"])


@pytest.mark.parametrize("name", EDITIONS)
def test_no_organisation_is_named_and_nothing_is_fetched(
    example_refresh: Settings, name: str
) -> None:
    _, path, page = report_of(example_refresh, name)
    text = path.read_text(encoding="utf-8")
    with duckdb.connect(str(example_refresh.warehouse), read_only=True) as connection:
        listed = connection.execute(
            "select organisation_key, organisation_name from cleaned.cln_organisations"
        ).fetchall()
    assert len(listed) > 1000
    words = set(re.findall(r"[\w-]+", text))
    assert not {key for key, _ in listed} & words
    assert not {organisation for _, organisation in listed if organisation and organisation in text}
    assert page.addresses
    assert all(address.startswith("#") for address in page.addresses)
    assert "<script" not in text
    assert "url(" not in text


def test_the_public_report_is_made_of_public_tables(example_refresh: Settings) -> None:
    """A release of the public file alone gives the same report; no figure of the internal one."""
    _, path, page = report_of(example_refresh, "public")
    shown = {cell for row in page.rows["en"] for cell in row}
    (row,) = select(
        example_refresh,
        "select r_indicator, weighting_effect from core.mart_representativeness join"
        " core.mart_weighting using (wave) where level = 'wave' and wave = '2025'",
    )
    assert not {f"{value:.3f}" for value in row} & shown
    assert "Bounds" not in " ".join(page.headings["en"])
    text = path.read_text(encoding="utf-8")
    # What the tables leave empty is not told as if it had been looked at.
    assert "the day of submission was not recorded" not in text
    assert not [row for row in page.rows["en"] if len(row) > 2 and set(row[1:]) == {"–"}]


@pytest.mark.parametrize("name", EDITIONS)
def test_the_release_lists_it_and_the_same_release_gives_the_same_bytes(
    example_refresh: Settings, name: str, tmp_path: Path
) -> None:
    edition, path, _ = report_of(example_refresh, name)
    manifest = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
    package = json.loads((path.parent / "datapackage.json").read_text(encoding="utf-8"))
    assert manifest["quality_report"] == QUALITY_REPORT
    assert QUALITY_REPORT in [resource["path"] for resource in package["resources"]]
    (tmp_path / edition.file_name).symlink_to(edition.current.resolve() / edition.file_name)
    survey = load_registry(PROJECT_ROOT / "seeds").survey
    write_quality_report(tmp_path, edition, survey, [])
    assert (tmp_path / QUALITY_REPORT).read_bytes() == path.read_bytes()


def written(folder: Path, sql: str, earlier: list[str]) -> Page:
    edition = Edition("internal", "trial", folder, "trial_release.duckdb")
    with duckdb.connect(str(folder / edition.file_name)) as connection:
        connection.execute(
            "create schema core; create table core.about_release as select '7-a' as release_id,"
            " 'trial' as survey, 'internal' as edition, true as is_synthetic, 'A note.' as label;"
            + sql
        )
    survey = Survey(
        row=2,
        survey_id="trial",
        label_nl="Proef & meer",
        label_en="Trial & more",
        organisation_term_nl="organisaties",
        organisation_term_en="organisations",
        unlisted_columns="error",
        source=None,
        licence=None,
    )
    write_quality_report(folder, edition, survey, earlier)
    return Page((folder / QUALITY_REPORT).read_text(encoding="utf-8"))


def test_what_a_release_lacks_is_left_out_and_every_heading_stays(tmp_path: Path) -> None:
    page = written(tmp_path, "", ["5-x", "6-y"])
    assert len(page.headings["nl"]) == len(page.headings["en"]) == 19
    assert page.rows == {"nl": [], "en": []}
    text = (tmp_path / QUALITY_REPORT).read_text(encoding="utf-8")
    assert "Trial &amp; more" in text
    assert "5-x, 6-y" in text
    assert "not recorded" in text
