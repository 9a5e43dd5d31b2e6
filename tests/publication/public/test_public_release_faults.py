"""Whatever fails, and whenever it is killed: readers of the public edition keep a whole release,
and every release that readers can see is in the ledger."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from public_survey import publish, redrawn, settings_in, survey
from sample_sizes import cases

from barometer.errors import BarometerError
from barometer.settings import Settings
from orchestration.state.lock import writer_lock
from publication.editions import edition_of
from publication.errors import PublicationError
from publication.outlets import files as outlets
from publication.public import release as public_release
from publication.public.ledger.ledger import read_ledger
from publication.store import files, swap

FIRST = survey(1)
SECOND = redrawn(FIRST, 5, 30)
STAGES = [
    (public_release, "write_tables"),
    (public_release, "audit_public"),
    (outlets, "write_codebook"),
    (outlets, "data_package"),
    (swap, "rewrite_database"),
    (files, "write_manifest"),
    (files, "seal"),
    (public_release, "write_pending"),
    (files, "move_in"),
    (public_release, "finalise"),
    (files, "swap_current"),
]

CHILD = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [sys.argv[4], str(Path(sys.argv[4]).parent)]
from public_survey import publish, redrawn, settings_in, survey
from publication.store import files
from publication.public import release as public_release
module = {"public_release": public_release, "files": files}[sys.argv[1]]
original = getattr(module, sys.argv[2])

def die(*arguments, **keywords):
    original(*arguments, **keywords)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, sys.argv[2], die)
publish(settings_in(Path(sys.argv[3])), redrawn(survey(1), 5, 30))
"""


FULL = """
import resource, sys
from pathlib import Path
sys.path[:0] = [sys.argv[4], str(Path(sys.argv[4]).parent)]
from public_survey import publish, redrawn, settings_in, survey
from publication.store import files, swap
from publication.outlets import files as outlets
from publication.public import release as public_release
module = {"public_release": public_release, "outlets": outlets, "swap": swap, "files": files}
module = module[sys.argv[1]]
original = getattr(module, sys.argv[2])

def full(*arguments, **keywords):
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    return original(*arguments, **keywords)

setattr(module, sys.argv[2], full)
publish(settings_in(Path(sys.argv[3])), redrawn(survey(1), 5, 30))
"""


def current(settings: Settings) -> str:
    return edition_of(settings, "public").current.resolve().name


def visible(settings: Settings) -> set[str]:
    return {path.name for path in edition_of(settings, "public").releases.glob("[!.]*")}


def leftovers(settings: Settings) -> list[str]:
    edition = edition_of(settings, "public")
    return [
        path.name
        for folder in (edition.folder, edition.releases, settings.home / "public_ledger")
        for path in folder.iterdir()
        if path.name.startswith(".") or path.name.endswith(".pending")
    ]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("public") / "home")
    publish(settings, FIRST)
    return settings


@pytest.fixture
def settings(published: Settings, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(published.home.parent, home, symlinks=True)
    return settings_in(home)


@pytest.mark.parametrize(("module", "stage"), cases(STAGES, everyday=["audit_public", "finalise"]))
def test_an_error_at_any_stage_leaves_the_old_release_current(
    settings, monkeypatch, module, stage
) -> None:
    before = current(settings)

    def fail(*_arguments: object, **_keywords: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(module, stage, fail)
        with pytest.raises(OSError, match="No space left"):
            publish(settings, SECOND)
    assert current(settings) == before
    assert visible(settings) <= {entry.release_id for entry in read_ledger(settings)}

    after = publish(settings, SECOND)

    assert current(settings) == after.release_id != before
    assert [entry.release_id for entry in read_ledger(settings)] == sorted(visible(settings))
    assert leftovers(settings) == []


# Before each of them is after the one before.
@pytest.mark.parametrize(
    ("module", "stage"),
    cases(
        [
            ("files", "seal"),
            ("public_release", "write_pending"),
            ("files", "move_in"),
            ("public_release", "finalise"),
            ("files", "swap_current"),
        ],
        everyday=["move_in"],
    ),
)
def test_a_kill_at_any_stage_loses_nothing_and_the_next_run_recovers(
    settings, module, stage
) -> None:
    before = current(settings)
    folder = str(Path(__file__).parents[1])
    home = str(settings.home.parent)

    killed = subprocess.run([sys.executable, "-c", CHILD, module, stage, home, folder], check=False)

    assert killed.returncode == -signal.SIGKILL
    swapped = stage == "swap_current"
    assert (current(settings) != before) == swapped
    assert visible(settings) <= {entry.release_id for entry in read_ledger(settings)}

    after = publish(settings, SECOND)

    assert after.unchanged == swapped
    assert current(settings) == after.release_id != before
    assert [entry.release_id for entry in read_ledger(settings)] == sorted(visible(settings))
    assert len(visible(settings)) == 2
    assert leftovers(settings) == []


@pytest.mark.parametrize(
    ("module", "stage"),
    cases(
        [
            ("public_release", "write_tables"),
            ("outlets", "write_codebook"),
            ("swap", "rewrite_database"),
            ("files", "write_manifest"),
            ("public_release", "write_pending"),
        ],
        everyday=["rewrite_database"],
    ),
)
def test_a_disk_that_takes_no_more_leaves_the_old_release_current(settings, module, stage) -> None:
    """The system itself breaks off the file that is being written."""
    before = current(settings)
    folder, home = str(Path(__file__).parents[1]), str(settings.home.parent)

    full = subprocess.run(
        [sys.executable, "-c", FULL, module, stage, home, folder],
        check=False,
        capture_output=True,
        text=True,
    )

    assert full.returncode != 0
    assert "File too large" in full.stderr
    assert current(settings) == before
    assert [entry.release_id for entry in read_ledger(settings)] == [before]
    assert visible(settings) == {before}

    after = publish(settings, SECOND)

    assert current(settings) == after.release_id != before
    assert [entry.release_id for entry in read_ledger(settings)] == sorted(visible(settings))
    assert leftovers(settings) == []


def test_a_release_that_the_ledger_does_not_know_stops_the_next_one(settings) -> None:
    (settings.home / "public_ledger" / f"{current(settings)}.json").unlink()

    with pytest.raises(PublicationError, match="does not know"):
        publish(settings, SECOND)


def test_two_publishers_at_once_take_turns(settings) -> None:
    with (
        writer_lock(settings.lock_file),
        pytest.raises(BarometerError),
        writer_lock(settings.lock_file),
    ):
        publish(settings, SECOND)
    assert publish(settings, FIRST).unchanged


def test_what_was_never_visible_is_not_in_the_ledger(settings, monkeypatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files, "move_in", fail)
        with pytest.raises(OSError, match="No space left"):
            publish(settings, SECOND)

    assert list((settings.home / "public_ledger").glob("*.pending"))
    assert [entry.release_id for entry in read_ledger(settings)] == [current(settings)]
    assert not list((settings.home / "public_ledger").glob("*.pending"))


def test_a_group_of_few_organisations_gets_no_schema_in_the_public_edition(tmp_path):
    settings = settings_in(tmp_path / "home")
    courts = [one for one in FIRST.respondents if "overheidslaag.rechtswezen" in one.groups]
    others = [one for one in FIRST.respondents if one not in courts]

    with pytest.raises(PublicationError, match="rechtswezen has 2 in wave 2025"):
        publish(settings, replace(FIRST, respondents=(*others, courts[0])))

    edition = edition_of(settings, "public")
    assert not edition.current.exists()
    assert not list(edition.releases.glob("*"))
    assert read_ledger(settings) == ()
