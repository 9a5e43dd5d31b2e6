"""Names and links that lead somewhere else, or hide what they are."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import answers, query, run, write_csv

from barometer.settings import Settings
from landing.check import check_file
from landing.deliveries import InboxFile, find_deliveries
from landing.findings.errors import LandingError
from landing.loader import land
from registry import Registry

HEADER = ["id", "org", "name", "email", "when", "size", "kind", "t[A]", "t[B]", "why"]


@pytest.mark.parametrize(
    "name",
    [
        "toy2023_export\n.csv",
        "toy2023_export\x1b[2J.csv",
        "toy2023_export\x7f.csv",
        "toy2023_export\u202evsc.csv",
        "toy2023_export\u2028.csv",
        os.fsdecode(b"toy2023_export\xff.csv"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused_and_shown_harmless(
    settings: Settings, registry: Registry, deliver: Callable[..., Path], name: str
) -> None:
    path = deliver(name)

    with pytest.raises(LandingError, match="characters that cannot be shown") as caught:
        find_deliveries(settings.inbox, registry)
    assert str(caught.value).isprintable() or "\n" in str(caught.value)
    assert all(character.isprintable() for character in str(caught.value).replace("\n", ""))
    assert "\\" in str(caught.value)

    with pytest.raises(LandingError, match="cannot be shown"):
        check_file(path, wave="2023", registry=registry)
    with pytest.raises(LandingError, match="cannot be shown"):
        land(settings, registry, [InboxFile(path, registry.deliveries[1])])
    assert not settings.home.exists()


def test_a_link_out_of_the_inbox_is_refused(
    settings: Settings, registry: Registry, tmp_path: Path
) -> None:
    secret = write_csv(tmp_path / "secret.csv", HEADER, answers(3))
    (settings.inbox / "toy2023_export.csv").symlink_to(secret)

    with pytest.raises(LandingError, match="link to a place outside the inbox"):
        find_deliveries(settings.inbox, registry)


def test_a_link_through_a_folder_that_leads_out_is_refused(
    settings: Settings, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    write_csv(tmp_path / "elsewhere" / "secret.csv", HEADER, answers(3))
    (settings.inbox / "folder").symlink_to(tmp_path / "elsewhere")
    (settings.inbox / "toy2023_export.csv").symlink_to(Path("folder") / "secret.csv")

    with pytest.raises(LandingError, match="link to a place outside the inbox"):
        find_deliveries(settings.inbox, registry)


def test_a_link_within_the_inbox_and_a_linked_inbox_are_fine(
    settings: Settings, registry: Registry, deliver: Callable[..., Path], tmp_path: Path
) -> None:
    below = settings.inbox / "below"
    below.mkdir()
    write_csv(below / "x.csv", HEADER, answers(3))
    (settings.inbox / "toy2023_export.csv").symlink_to(below / "x.csv")
    linked = tmp_path / "linked"
    linked.symlink_to(settings.inbox)

    report = run(replace(settings, inbox=linked), registry)

    assert [file.file_name for file in report.landed] == ["toy2023_export.csv"]


@pytest.mark.parametrize("name", ["toy2023_export[1]*?.csv", "toy2023_export'; drop--.csv"])
def test_patterns_and_quotes_in_a_name_mean_nothing(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr("landing.readers.delimited.LARGE_BYTES", 0)
    deliver("toy2023_other1x.csv", 9)
    deliver(name, 3)

    run(settings, registry)

    assert query(settings, "select file_name, row_count from raw.exports") == [(name, 3)]
    assert query(settings, "select count(*) from raw.cells") == [(30,)]


def test_pipes_and_folders_are_no_deliveries(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    os.mkfifo(settings.inbox / "toy2023_export_pipe.csv")
    (settings.inbox / "toy2023_export_folder.csv").mkdir()
    deliver("toy2023_export.csv")

    listing = find_deliveries(settings.inbox, registry)

    assert [file.path.name for file in listing.files] == ["toy2023_export.csv"]
