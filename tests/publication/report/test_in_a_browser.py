"""Pages as a browser shows them: accessible, narrow, in both languages, printed."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publication.editions import INTERNAL, PUBLIC
from publication.errors import PublicationError
from publication.report import pdf
from publication.report.page import write_report

needs_browser = pytest.mark.skipif(
    not any(shutil.which(name) for name in pdf.BROWSERS), reason="no Chromium on this machine"
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
NARROW = 360

Looked = Callable[..., Any]


def axe() -> str:
    """Return the script of axe, which a package for another way of driving browsers ships."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def written(bakers, tmp_path_factory) -> Callable[[str], Path]:
    def page(edition: str) -> Path:
        folder = tmp_path_factory.mktemp("pages")
        return write_report(bakers(edition), folder)[0]

    return page


@pytest.fixture
def look(tmp_path: Path) -> Looked:
    """Show a page in a frame, run a script in it when its charts are drawn, return its answer."""

    def run(
        page: Path, script: str, *, width: int = 1280, scripts: str = "", language: str = ""
    ) -> Any:
        # A copy of the page that lets the examiner in; what the page may do is tested elsewhere.
        text = page.read_text(encoding="utf-8")
        text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        examiner = f"""<!doctype html><body style="margin:0"><pre id="answer"></pre>
<iframe id="page" style="border:0;width:{width}px;height:4000px"></iframe>
<script>const text = {json.dumps(text).replace("</", "<" + chr(92) + "/")};
const extra = {json.dumps(scripts).replace("</", "<" + chr(92) + "/")};
const frame = document.getElementById("page");
frame.onload = async () => {{
  const w = frame.contentWindow, d = frame.contentDocument;
  {f'd.getElementById("choose-{language}").click();' if language else ""}
  for (let i = 0; i < 400 && d.documentElement.dataset.drawn !== "{language or "nl"}"; i += 1)
    await new Promise((done) => setTimeout(done, 25));
  if (extra) {{ const s = d.createElement("script"); s.textContent = extra; d.head.append(s); }}
  const answer = await (async (w, d) => {{ {script} }})(w, d).catch((error) => `${{error}}`);
  document.getElementById("answer").textContent = JSON.stringify(answer);
}};
frame.srcdoc = text;</script>"""
        (tmp_path / "examiner.html").write_text(examiner, encoding="utf-8")
        command = pdf.headless(pdf.browser(), tmp_path / "profile")
        done = subprocess.run(
            [
                *command,
                *("--window-size=1400,1000", "--dump-dom"),
                (tmp_path / "examiner.html").as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        found = re.search('<pre id="answer">(.*?)</pre>', done.stdout, re.DOTALL)
        assert found
        assert found.group(1), "the page never answered"
        return json.loads(html.unescape(found.group(1)))

    return run


@needs_browser
@pytest.mark.thorough
@pytest.mark.parametrize("edition", [INTERNAL, PUBLIC])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing(written, look, edition, language):
    script = f"""d.querySelectorAll("details").forEach((each) => {{ each.open = true; }});
        const found = await w.axe.run(d, {{runOnly: {json.dumps(RULES)}}});
        return [found.passes.length, ...found.violations.map((v) =>
            [v.id, v.nodes.length, v.nodes[0].html, v.nodes[0].failureSummary])];"""

    passes, *violations = look(written(edition), script, scripts=axe(), language=language)
    assert violations == []
    assert passes > 20


@needs_browser
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_no_page_is_wider_than_its_screen(written, look, width):
    wide = look(written(INTERNAL), "return d.scrollingElement.scrollWidth;", width=width)

    assert wide <= width


@needs_browser
def test_charts_are_drawn_anew_at_the_width_there_is(written, look):
    script = """return [...d.querySelectorAll(".drawing")].map((drawing) =>
        [drawing.clientWidth, drawing.querySelector("svg").clientWidth]);"""

    drawn = look(written(INTERNAL), script, width=NARROW)
    assert isinstance(drawn, list), drawn
    assert len(drawn) > 8
    assert [pair for pair in drawn if pair[0] != pair[1]] == []


@needs_browser
def test_one_language_is_seen_and_the_other_is_not(written, look):
    script = """const text = d.body.innerText;
        return [d.documentElement.lang, text.includes("Contents"), text.includes("Inhoud"),
            [...d.querySelectorAll(".drawing")].map((each) => each.textContent).join()];"""

    lang, has_english, has_dutch, drawn = look(written(INTERNAL), script, language="en")
    assert (lang, has_english, has_dutch) == ("en", True, False)
    assert "rye en" in drawn
    assert "rye nl" not in drawn


@needs_browser
def test_without_a_script_the_chosen_language_is_seen_all_the_same(written, look):
    script = """d.documentElement.classList.remove("scripted");
        d.getElementById("choose-en").checked = true;
        return [d.body.innerText.includes("Contents"), d.body.innerText.includes("Inhoud")];"""

    assert look(written(INTERNAL), script) == [True, False]


@needs_browser
@pytest.mark.thorough
def test_a_page_is_printed_in_each_language(written):
    page = written(PUBLIC)

    for language in ("nl", "en"):
        printed = pdf.print_page(page, language)
        assert printed.name == f"index.{language}.pdf"
        assert printed.read_bytes().startswith(b"%PDF")


def test_without_a_browser_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)

    with pytest.raises(PublicationError, match="Install Chromium"):
        pdf.print_page(tmp_path / "page.html", "nl")


def test_a_browser_that_does_not_end_is_stopped(monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o700)
    monkeypatch.setattr(pdf, "browser", lambda: str(slow))

    with pytest.raises(PublicationError, match="nothing after"):
        pdf.print_page(tmp_path / "page.html", "nl", seconds=0.3)


def test_a_browser_that_prints_nothing_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "browser", lambda: shutil.which("true"))

    with pytest.raises(PublicationError, match="was not printed"):
        pdf.print_page(tmp_path / "page.html", "nl")
