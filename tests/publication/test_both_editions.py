"""The two editions of one refresh: both are audited before readers see either."""

from __future__ import annotations

import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from built_skeleton import write_build
from public_survey import build_file, redrawn, registry, settings_in, survey
from sample_sizes import cases
from typer.testing import CliRunner

from barometer.settings import Settings
from orchestration.cli import app
from orchestration.flow import steps
from publication.editions import EDITIONS, edition_of
from publication.errors import AuditError, WithdrawnError
from publication.public import release as public_release
from publication.store import swap
from publication.store.releases import roll_back
from publication.store.swap import ReleaseReport
from publication.store.withdrawn import withdraw

FIRST = replace(survey(1), indicators=frozenset({"ai_use"}))
SECOND = redrawn(FIRST, 5, 30)

Refresh = Callable[[int], ReleaseReport]

CHILD = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], str(Path(sys.argv[2]).parent)]
from public_survey import settings_in
from test_both_editions import publish_as_built
from publication.store import files
swap_current = files.swap_current

def die(*arguments):
    swap_current(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

files.swap_current = die
publish_as_built(2, settings_in(Path(sys.argv[1])))
"""


def current(settings: Settings) -> list[str]:
    return [edition_of(settings, name).current.resolve().name for name in EDITIONS]


def leftovers(settings: Settings) -> list[str]:
    return [
        path.name
        for edition in (edition_of(settings, name) for name in EDITIONS)
        for folder in (edition.folder, edition.releases)
        for path in folder.iterdir()
        if path.name.startswith((".incoming", ".current"))
    ]


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def publish_as_built(number: int, settings: Settings) -> ReleaseReport:
    """Publish what a refresh of this number would have built."""
    wave = FIRST if number == 1 else SECOND
    built = build_file(wave)
    write_build(settings, registry(), [wave], built.rates)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"update core.mart_estimates set estimate = 0.{number}")
        connection.execute(
            "create schema raw; create table raw.exports as select '2025' as wave,"
            " 'export' as kind, 'main' as part, 'a.csv' as file_name,"
            " 'abc' as content_sha256, 126 as row_count,"
            " true as is_synthetic, null::varchar as superseded_by"
        )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(public_release, "read_build", lambda *_: built)
        patched.setattr(steps, "require_checked", lambda _: None)
        return steps.publish_release(settings, steps.read_registry(settings))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a first release of both editions."""
    home = tmp_path_factory.mktemp("both") / "home"
    publish_as_built(1, settings_in(home))
    return home


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    shutil.copytree(published, tmp_path / "home", symlinks=True)
    return settings_in(tmp_path / "home")


def test_everybody_can_read_the_public_edition_and_its_owner_alone_the_rest(
    settings, tmp_path
) -> None:
    """The fixture publishes under the umask of the test run, which leaves files open."""
    public = edition_of(settings, "public")
    target = tmp_path / "table.csv"
    arguments = ["core.mart_estimates", str(target), "--edition", "public"]
    command = ["download", *arguments, "--home", str(settings.home.parent)]
    assert CliRunner().invoke(app, command).exit_code == 0
    withdraw(public, [])

    shown = [target, *(path for path in public.folder.rglob("*") if not path.is_symlink())]
    ledger = list((settings.home / "public_ledger").iterdir())
    internal = list(edition_of(settings).releases.rglob("*"))

    assert {rights(path) for path in shown if path.is_file()} == {0o444, 0o644}
    assert {rights(path) for path in (public.folder, *shown) if path.is_dir()} == {0o755}
    assert {rights(path) for path in ledger} == {0o600}
    assert {rights(path) for path in internal if path.is_file()} == {0o400}
    assert {rights(path) for path in internal if path.is_dir()} == {0o700}


@pytest.mark.parametrize(
    "stage", cases([("audit_public",), ("finalise",)], everyday=["audit_public"])
)
def test_an_error_in_the_public_edition_leaves_both_as_they_were(
    settings, monkeypatch, stage
) -> None:
    before = current(settings)

    def fail(*_: object) -> None:
        raise AuditError("A count could be worked out.")

    with monkeypatch.context() as broken:
        broken.setattr(public_release, stage, fail)
        with pytest.raises(AuditError):
            publish_as_built(2, settings)
    assert current(settings) == before

    report = publish_as_built(2, settings)

    assert report.public is not None
    assert current(settings) == [report.release_id, report.public.release_id]
    assert not set(before) & set(current(settings))
    assert leftovers(settings) == []


def test_public_figures_that_were_withdrawn_keep_the_internal_release_back(
    settings, monkeypatch
) -> None:
    """Although the clock was behind when they were published."""

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(days=1)

    _, first = current(settings)
    with monkeypatch.context() as behind:
        behind.setattr(swap, "datetime", Yesterday)
        publish_as_built(2, settings)
    roll_back(edition_of(settings, "public"), first)
    internal, _ = current(settings)

    with pytest.raises(WithdrawnError):
        publish_as_built(3, settings)

    assert current(settings) == [internal, first]
    assert leftovers(settings) == []


def test_killed_between_the_two_swaps_the_next_run_swaps_the_second(settings) -> None:
    before = current(settings)
    arguments = [str(settings.home.parent), str(Path(__file__).parent)]

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], cwd=settings.root, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    internal, public = current(settings)
    assert internal != before[0]
    assert public == before[1]

    report = publish_as_built(2, settings)

    assert report.unchanged
    assert report.release_id == internal
    assert report.public is not None
    assert not report.public.unchanged
    assert current(settings) == [internal, report.public.release_id]
    assert leftovers(settings) == []
