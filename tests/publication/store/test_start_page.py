"""The page in the home of a survey that links to all others."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

from barometer.settings import PROJECT_ROOT
from orchestration.flow.start_page import write_start_page
from publication.editions import CODEBOOK_PAGE, REPORT, edition_of
from publication.internal.release import publish
from publication.quality.page import QUALITY_REPORT
from registry import load_registry

REGISTRY = load_registry(PROJECT_ROOT / "seeds")


def links(page: Path) -> list[str]:
    found = re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8"))
    return [each for each in found if not each.startswith("http://127.0.0.1")]


def test_everything_it_links_to_is_there_and_only_its_owner_reads_it(warehouse):
    settings = warehouse.settings
    first = publish(settings)
    warehouse.execute("update core.estimates set estimate = 0.2 where group_id = 'rechtswezen'")
    publish(settings)
    settings.data_docs.mkdir()
    (settings.data_docs / "index.html").touch()

    page = write_start_page(settings, REGISTRY)

    assert all((settings.home / each).exists() for each in links(page))
    assert f"releases/{first.release_id}/" in links(page)
    wanted = (f"current/{QUALITY_REPORT}", f"current/{CODEBOOK_PAGE}", "data_docs/index.html")
    assert set(wanted) <= set(links(page))
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_report_is_linked_where_the_release_has_one(warehouse):
    settings = warehouse.settings
    publish(settings)
    report = edition_of(settings).current / REPORT
    has_report = report.exists()

    page = write_start_page(settings, REGISTRY)

    assert (f"current/{REPORT}" in links(page)) == has_report


def test_without_a_release_it_says_how_to_make_one(warehouse):
    shutil.rmtree(warehouse.settings.home / "releases", ignore_errors=True)

    page = write_start_page(warehouse.settings, REGISTRY)

    assert "barometer refresh" in page.read_text(encoding="utf-8")
