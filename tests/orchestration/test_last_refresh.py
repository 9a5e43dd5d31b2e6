"""What a finished refresh depended on, and what is not taken for unchanged."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from barometer.json_files import DamagedFileError
from barometer.settings import Settings, load_settings
from landing.loader import LandingReport
from orchestration.cli import app
from orchestration.flow import refresh
from orchestration.state import last_refresh
from orchestration.state.checked_layers import forget_checked

LINES = ("Release:   r1",)


@pytest.fixture
def settings(tmp_path) -> Settings:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "IBO2025_export.csv").write_text("a;b\n1;2\n")
    found = load_settings("ibo", home=tmp_path / "home", inbox=inbox)
    registries = shutil.copytree(found.seeds, tmp_path / "registries")
    found = dataclasses.replace(found, registries=registries)
    for path in (
        found.warehouse,
        found.releases / "r1" / found.release_file_name,
        found.home / "public" / "releases" / "0001" / "ibo_public.duckdb",
        found.home / "public_ledger" / "0001.json",
        found.data_docs / "index.html",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("whole")
    found.current_release.symlink_to("releases/r1")
    return found


@pytest.fixture
def finished(settings) -> last_refresh.LastRefresh:
    last_refresh.remember(settings, last_refresh.inputs(settings), LINES)
    found = last_refresh.recall(settings)
    assert found is not None
    return found


def test_nothing_is_remembered_before_the_first_refresh(settings):
    assert last_refresh.recall(settings) is None


def test_what_is_as_it_was_left_is_unchanged(settings, finished):
    assert last_refresh.changes(settings, finished) == ()
    assert finished.lines == LINES


def rewrite(path):
    # Same size, and a clock that is set back: only the system's own time stamp tells.
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    ("touch", "told"),
    [
        (lambda s: rewrite(s.inbox / "IBO2025_export.csv"), "delivery IBO2025_export.csv"),
        (lambda s: (s.inbox / "more.csv").touch(), "delivery more.csv"),
        (lambda s: (s.inbox / "IBO2025_export.csv").unlink(), "delivery IBO2025_export.csv"),
        (lambda s: rewrite(s.seeds / "questions.csv"), "registry questions.csv"),
        (lambda s: rewrite(s.warehouse), "the warehouse"),
        (lambda s: s.warehouse.unlink(), "the warehouse"),
        (lambda s: rewrite(s.releases / "r1" / s.release_file_name), "the releases"),
        (lambda s: shutil.rmtree(s.home / "public"), "the releases"),
        (lambda s: s.current_release.unlink(), "the current releases"),
        (lambda s: rewrite(s.home / "public_ledger" / "0001.json"), "the public ledger"),
        (lambda s: shutil.rmtree(s.data_docs), "the Data Docs"),
    ],
)
def test_whatever_is_touched_is_named(settings, finished, touch, told):
    touch(settings)

    assert last_refresh.changes(settings, finished) == (told,)


def test_what_is_delivered_while_a_refresh_runs_is_left_for_the_next(settings):
    read = last_refresh.inputs(settings)
    (settings.inbox / "late.csv").touch()
    last_refresh.remember(settings, read, LINES)

    found = last_refresh.recall(settings)
    assert found is not None
    assert last_refresh.changes(settings, found) == ("delivery late.csv",)


def test_whoever_writes_a_layer_forgets_the_last_refresh_first(settings, finished):
    forget_checked(settings, "marts")

    assert last_refresh.recall(settings) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"finished_at": "x"}', '{"lines": 1}'])
def test_a_damaged_memory_is_an_error_with_a_remedy(settings, content):
    (settings.home / "last_refresh.json").write_text(content)

    with pytest.raises(DamagedFileError, match="last_refresh"):
        last_refresh.recall(settings)


def test_the_code_that_compiled_sql_does_not_show_has_a_fingerprint(tmp_path, settings):
    for name in last_refresh.UNSEEN_BY_DBT:
        source = settings.root / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "x.sql").write_text("select 1")
    same = last_refresh.code_unseen_by_dbt(tmp_path)
    (tmp_path / "macros" / "more.sql").touch()

    assert same == last_refresh.code_unseen_by_dbt(settings.root)
    assert same != last_refresh.code_unseen_by_dbt(tmp_path)


REFRESH = """
import sys
from orchestration.cli import app
app(["refresh", "--home", sys.argv[1], "--inbox", sys.argv[2]], standalone_mode=False)
heavy = {"dbt", "great_expectations", "duckdb", "dagster", "numpy"} & set(sys.modules)
assert not heavy, heavy
"""


def test_a_refresh_with_nothing_to_do_says_so_and_imports_nothing_heavy(settings):
    own = dataclasses.replace(settings, home=settings.home / "ibo", registries=None)
    own.home.mkdir()
    last_refresh.remember(own, last_refresh.inputs(own), LINES)

    done = subprocess.run(
        [sys.executable, "-c", REFRESH, str(settings.home), str(own.inbox)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Nothing changed for survey ibo since the refresh that ended at" in done.stdout
    assert LINES[0] in done.stdout


@pytest.fixture
def refreshed(monkeypatch) -> list[bool]:
    """Stand in for the refresh itself; note whether all of it was asked for."""
    asked: list[bool] = []

    def stand_in(_settings, _progress, *, full: bool) -> refresh.RefreshReport:
        asked.append(full)
        return refresh.RefreshReport((), LandingReport())

    monkeypatch.setattr(refresh, "refresh", stand_in)
    return asked


@pytest.mark.parametrize(
    ("damage", "options", "is_full", "told"),
    [
        (lambda path: None, ["--full"], True, ""),
        (lambda path: path.write_text("{"), [], True, "Everything is built anew."),
        (lambda path: path.unlink(), [], False, ""),
        (lambda path: (path.parent / "build.duckdb").touch(), [], False, "the warehouse"),
    ],
)
def test_the_command_builds_in_full_when_asked_and_when_it_cannot_know(
    settings, refreshed, damage, options, is_full, told
):
    own = dataclasses.replace(settings, home=settings.home / "ibo", registries=None)
    own.home.mkdir()
    last_refresh.remember(own, last_refresh.inputs(own), LINES)
    damage(own.home / "last_refresh.json")

    ran = CliRunner().invoke(
        app, ["refresh", "--home", str(settings.home), "--inbox", str(own.inbox), *options]
    )

    assert ran.exit_code == 0, ran.output
    assert refreshed == [is_full]
    assert told in ran.stderr
