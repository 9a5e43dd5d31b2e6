"""Killed at any step, the same command does what is left."""

from __future__ import annotations

import io
import pickle
import signal
import subprocess
import sys
import textwrap
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from personal_survey import (
    deliver,
    files_with,
    land_inbox,
    personal_registry,
    query,
    respondents,
    values_of,
)
from rich.console import Console
from sample_sizes import cases

from barometer.errors import BarometerError
from barometer.settings import PROJECT_ROOT
from landing.personal.finishing import unfinished
from orchestration.flow import forgetting, steps
from orchestration.flow.progress import PlainProgress
from orchestration.state.lock import AlreadyRunningError, writer_lock
from publication.editions import edition_of
from publication.store import files
from publication.store.swap import Prepared, ReleaseReport

CHILD = textwrap.dedent(
    """
    import importlib, io, os, pathlib, pickle, signal, sys
    sys.path[:0] = [sys.argv[5], str(pathlib.Path(sys.argv[5]).parents[1])]
    from test_forgetting_faults import forget, stand_in
    module, name = importlib.import_module(sys.argv[1]), sys.argv[2]
    owner = module
    *path, last = name.split(".")
    for step in path:
        owner = getattr(owner, step)
    original = getattr(owner, last)

    def die(*arguments, **keywords):
        if sys.argv[3] == "after":
            original(*arguments, **keywords)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, last, die)
    settings, registry = pickle.loads(pathlib.Path(sys.argv[4]).read_bytes())
    forget(settings, registry)
    """
)

STEPS = [
    ("landing.personal.erasure", "_copy"),
    ("landing.personal.erasure", "Path.replace"),
    ("landing.personal.forgetting", "remove_their_originals"),
    ("publication.store.files", "swap_current"),
    ("landing.personal.finishing", "remove_earlier_releases"),
    ("landing.personal.finishing", "_log"),
]


def stand_in(run, settings, registry=None):
    """Stand in for build and publication: a release is a copy of the cells that are landed."""

    def publish(_settings):
        known = len(list(settings.releases.glob("*"))) if settings.releases.exists() else 0
        draft = files.incoming_folder(edition_of(settings), "draft")
        cells = query(settings, "select value from raw.cells where value is not null")
        (draft / "release.txt").write_text(str(cells), encoding="utf-8")
        final = files.move_in(edition_of(settings), draft, f"release-{known}-{len(cells)}")
        files.swap_current(edition_of(settings), final.name)

    files.remove_leftovers(edition_of(settings))
    publish(settings)
    from landing.personal.finishing import finish

    finish(settings)
    return SimpleNamespace(release_id="r", path=settings.current_release)


def forget(settings, registry, response_id="r2"):
    forgetting.rebuild = stand_in
    progress = PlainProgress(Console(file=io.StringIO()))
    return forgetting.forget_response(settings, registry, "2024", response_id, None, progress)


@pytest.fixture
def landed(settings, monkeypatch):
    """A landed export of which two releases were made."""
    monkeypatch.setattr(forgetting, "rebuild", stand_in)
    registry = personal_registry()
    deliver(settings, "2024_export_main_v1.csv", respondents((1, 2, 3)))
    land_inbox(settings, registry)
    stand_in(None, settings)
    stand_in(None, settings)
    return registry


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("module", "name"), cases(STEPS, everyday=["Path.replace"]))
def test_a_kill_at_any_step_is_made_good_by_the_same_command(
    settings, landed, tmp_path: Path, module, name, moment
) -> None:
    handover = tmp_path / "handover.pickle"
    handover.write_bytes(pickle.dumps((settings, landed)))
    arguments = [module, name, moment, str(handover), str(Path(__file__).parent)]

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], cwd=PROJECT_ROOT, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    # Readers have a whole release at every moment.
    assert (settings.current_release / "release.txt").exists()
    assert values_of(settings, "id")[0] == "r1"

    forget(settings, landed)

    assert values_of(settings, "id") == ["r1", "r3"]
    assert files_with(settings.home, "planted-r2@", "mail-r2@") == []
    assert [p for p in settings.archive.rglob("*") if p.is_file()] == []
    assert [p.name for p in settings.releases.iterdir()] == [
        settings.current_release.resolve().name
    ]
    log = (settings.home / "forgotten.log").read_text(encoding="utf-8")
    assert log.count("\n") == 1
    assert unfinished(settings) == ()
    assert not (settings.home / ".forgetting").exists()


def test_a_failed_rebuild_says_what_is_done_and_what_is_not(settings, landed, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise BarometerError("dbt could not finish")

    progress = PlainProgress(Console(file=io.StringIO()))
    with monkeypatch.context() as broken:
        broken.setattr(forgetting, "rebuild", fail)
        with pytest.raises(forgetting.UnfinishedError, match="still counts in the") as error:
            forgetting.forget_response(settings, landed, "2024", "r2", None, progress)

    assert "dbt could not finish" in error.value.render()
    assert values_of(settings, "id") == ["r1", "r3"]
    assert len(list(settings.releases.iterdir())) == 2
    forget(settings, landed)
    assert len(list(settings.releases.iterdir())) == 1


def test_the_next_refresh_finishes_too(settings, landed, monkeypatch) -> None:
    steps.erase_response(settings, landed, "2024", "r2")
    assert len(unfinished(settings)) == 1

    monkeypatch.setattr(steps, "require_checked", lambda _: None)
    report = ReleaseReport("r", settings.current_release, (), unchanged=True)
    standing = Prepared(edition_of(settings), None, report, None)
    monkeypatch.setattr(
        "publication.internal.release.prepared_internal", lambda *_: nullcontext(standing)
    )
    monkeypatch.setattr("publication.public.release.prepared_public", lambda *_: nullcontext(None))
    assert steps.publish_release(settings, landed) == report

    assert unfinished(settings) == ()
    assert len(list(settings.releases.iterdir())) == 1


def test_nothing_is_done_while_somebody_else_writes(settings, landed) -> None:
    with writer_lock(settings.lock_file), pytest.raises(AlreadyRunningError):
        forget(settings, landed)

    assert values_of(settings, "id") == ["r1", "r2", "r3"]
