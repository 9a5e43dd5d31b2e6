"""The report at a terminal, as JSON, and as a web page."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser

import pytest
from rich.console import Console
from typer.testing import CliRunner

from landing.check import check_file
from landing.drift.as_json import report_as_json
from landing.drift.page import render_page, write_page
from landing.findings.errors import LandingError
from landing.findings.report import render_check
from orchestration.cli import app

NAMED = {"src", "href", "srcset", "action", "data", "poster", "background", "cite"}


@pytest.fixture(scope="module")
def report(landed, ibo):
    path = landed.inbox / "IBO2023_synthetic_export.xlsx"
    return check_file(path, wave="2023", registry=ibo, warehouse=landed.warehouse)


def printed(report, width: int = 120, **options: bool) -> str:
    console = Console(file=io.StringIO(), width=width)
    render_check(report, console, **options)
    return console.file.getvalue()  # type: ignore[attr-defined]


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in NAMED]

    def handle_data(self, data):
        self.text += data


def test_findings_come_before_columns_and_the_verdict_comes_last(report):
    text = printed(report)

    urgent, remarks, columns = (
        text.index("Errors and warnings"),
        text.index("\nInformation"),
        text.index("Columns that the registry knows"),
    )
    assert urgent < remarks < columns
    assert text.rstrip().endswith("Fit to land.")


def test_only_columns_with_something_to_say_are_listed_unless_asked(report):
    short, long = printed(report), printed(report, all_columns=True)

    assert "6 of 40" in short
    assert "Bij ons leren we van fouten" not in short
    assert "Bij ons leren we van fouten" in long


def test_the_json_holds_everything(report):
    content = json.loads(report_as_json(report))

    assert content["format_version"] == 1
    assert content["fit_to_land"] is True
    assert len(content["findings"]) == len(report.findings)
    assert content["drift"]["previous"]["wave"] == "2021"
    assert content["drift"]["fieldwork"]["first"].startswith("2023-02-09T")


def test_the_page_asks_for_nothing_outside_itself(report):
    text = render_page(report)
    page = Page(text)

    assert all(reference.startswith("#") for reference in page.references)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert "default-src 'none'" in text
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_says_what_the_report_says(report):
    page = Page(render_page(report))

    for finding in report.findings:
        assert finding.message in page.text
    for part in ("Fit to land.", "education (77)", "innovation_budget", "wave 2021"):
        assert part in page.text


def test_text_of_the_file_stays_text_on_the_page(check_2021, sheet):
    sheet.put("G04Q11", [1], "<script>alert(1)</script>")
    sheet.rename("startlanguage", "<b>bold</b>")
    text = render_page(check_2021(sheet))

    assert "<script>" not in text
    assert "&lt;b&gt;bold" in text


def test_a_page_of_a_frame_has_organisations_and_no_answers(landed, ibo):
    path = landed.inbox / "IBO2025_synthetic_frame.csv"
    report = check_file(path, wave="2025", kind="frame", registry=ibo)

    assert report.drift.previous is None
    text = Page(render_page(report)).text
    assert "Organisations, before and now" in text
    assert "Answers, before and now" not in text


def test_a_page_that_cannot_be_written_is_an_error_for_people(report, tmp_path):
    with pytest.raises(LandingError, match="cannot be written"):
        write_page(report, tmp_path / "nowhere" / "report.html")


def test_check_prints_json_alone_and_writes_the_page(landed, tmp_path):
    page = tmp_path / "report.html"
    arguments = ["check", str(landed.inbox / "IBO2025_synthetic_export.sav"), "--wave", "2025"]
    done = CliRunner().invoke(
        app, [*arguments, "--home", str(landed.home.parent), "--json", "--html", str(page)]
    )

    assert done.exit_code == 0
    assert json.loads(done.stdout)["drift"]["previous"]["wave"] == "2023"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_check_ends_with_one_when_something_stops_landing(sheet, tmp_path):
    sheet.put("startlanguage", [3], "j.jansen@gemeente.invalid")
    done = CliRunner().invoke(
        app, ["check", str(sheet.write(tmp_path)), "--wave", "2021", "--home", str(tmp_path)]
    )

    assert done.exit_code == 1
    assert "Not fit to land: 1 error(s)." in done.stdout
    assert "jansen" not in done.stdout


@pytest.mark.parametrize("form", ["table", "json"])
def test_check_quotes_no_answer_without_a_code_unless_asked(sheet, tmp_path, form):
    """Somebody answered a closed question in words; the place where `accepted` reads stays."""
    sheet.put("G03Q06", [3, 4], "our mayor left")
    sheet.put("G01Q01", [5], "-77123")
    arguments = ["check", str(sheet.write(tmp_path)), "--wave", "2021", "--home", str(tmp_path)]
    arguments += ["--json"] if form == "json" else []
    page = tmp_path / "report.html"

    hidden = CliRunner().invoke(app, [*arguments, "--html", str(page)])
    asked = CliRunner().invoke(app, [*arguments, "--show-answers"])

    for text in ("mayor", "77123"):
        assert text not in hidden.stdout
        assert text not in page.read_text(encoding="utf-8")
        assert text in asked.stdout
    assert "G03Q06" in hidden.stdout
