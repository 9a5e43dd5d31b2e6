"""`barometer open` shows a result or says where it is; it never does nothing."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

import pytest

from barometer.errors import UsageError
from barometer.settings import Settings, load_settings
from orchestration.commands.open import DISPLAYS, Result, has_display, open_result, place_of
from publication.editions import EDITIONS, REPORT, edition_of


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    settings = load_settings("ibo", home=tmp_path)
    for name in EDITIONS:
        (edition_of(settings, name).current / REPORT).parent.mkdir(parents=True)
        (edition_of(settings, name).current / REPORT).touch()
    settings.data_docs.mkdir()
    (settings.data_docs / "index.html").touch()
    return settings


def opened(monkeypatch: pytest.MonkeyPatch, *, works: bool) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: asked.append(url) or works)
    return asked


def test_without_a_display_the_place_is_printed_and_no_browser_started(
    settings, monkeypatch, capsys
):
    asked = opened(monkeypatch, works=True)

    open_result(Result.REPORT, home=settings.home.parent)

    assert asked == []
    assert capsys.readouterr().out == (
        "There is no display here; open this where there is one:\n"
        f"{settings.home / 'current' / 'report' / 'index.html'}\n"
    )


@pytest.mark.parametrize(
    ("works", "said"), [(True, "Opened in the browser:"), (False, "No browser could be started")]
)
def test_with_a_display_the_browser_opens_it_or_it_is_told(
    settings, monkeypatch, capsys, works, said
):
    monkeypatch.setenv("DISPLAY", ":0")
    asked = opened(monkeypatch, works=works)

    open_result(Result.REPORT, home=settings.home.parent, edition="public")

    place = settings.home / "public" / "current" / "report" / "index.html"
    assert asked == [place.as_uri()]
    printed = capsys.readouterr().out
    assert printed.startswith(said)
    assert str(place) in printed


def test_every_result_has_its_place(settings):
    assert place_of(settings, Result.RELEASE, "internal") == settings.home / "current"
    assert place_of(settings, Result.DATA_DOCS, "internal") == settings.data_docs / "index.html"


def test_what_is_not_there_is_told_with_what_makes_it(settings):
    with pytest.raises(UsageError, match="nothing to open for 'docs'") as told:
        place_of(settings, Result.DOCS, "internal")

    assert "barometer docs" in told.value.render()


def test_what_has_no_editions_is_not_shown_for_one(settings):
    with pytest.raises(UsageError, match="no public edition of 'data-docs'"):
        place_of(settings, Result.DATA_DOCS, "public")


def test_macs_and_windows_have_a_display(monkeypatch):
    assert not has_display({"DISPLAY": ""}) or sys.platform in ("darwin", "win32")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert has_display({})
