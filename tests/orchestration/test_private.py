"""Who may read what: everything below the home is its owner's alone but for the public edition."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from barometer.private import NotPrivateError, close_home, make_home
from barometer.settings import Settings, load_settings
from orchestration import cli, definitions
from orchestration.flow import steps
from orchestration.state.lock import writer_lock


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings("ibo", home=tmp_path / "above" / "home")


def rights(path: Path) -> str:
    return f"{stat.S_IMODE(path.lstat().st_mode):04o}"


def written(path: Path, mode: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    path.chmod(mode)
    return path


def test_others_get_through_the_folders_that_are_made_and_see_nothing_in_them(settings) -> None:
    os.umask(0o077)

    make_home(settings.home)

    home = settings.home
    assert [rights(each) for each in (home, home.parent, home.parent.parent)] == ["0711"] * 3
    assert os.umask(0o077) == 0o077


def test_a_folder_that_was_there_keeps_its_rights(settings) -> None:
    settings.home.parent.mkdir(parents=True)
    settings.home.parent.chmod(0o1777)

    make_home(settings.home)

    assert rights(settings.home.parent) == "1777"
    assert rights(settings.home) == "0711"


def test_what_an_earlier_version_left_open_is_closed(settings, tmp_path: Path) -> None:
    home = settings.home
    build = written(home / "build.duckdb", 0o644)
    released = written(home / "releases" / "r1" / "parquet" / "t.parquet", 0o444)
    closed = written(home / "archive" / "ab" / "abc", 0o400)
    public = written(home / "public" / "releases" / "0001-a" / "codebook.csv", 0o444)
    elsewhere = written(tmp_path / "elsewhere" / "theirs.csv", 0o664)
    (home / "link").symlink_to(elsewhere)
    (home / "folder").symlink_to(elsewhere.parent, target_is_directory=True)

    close_home(home, [home / "public"])

    assert rights(home) == "0711"
    assert rights(build) == "0600"
    assert rights(released) == "0400"
    assert {rights(each) for each in released.parents if home in each.parents} == {"0700"}
    assert rights(closed) == "0400"
    assert rights(public) == "0444"
    assert {rights(each) for each in public.parents if home in each.parents} == {"0755"}
    assert (rights(elsewhere), rights(elsewhere.parent)) == ("0664", "0755")


def test_rights_are_never_given(settings) -> None:
    settings.home.mkdir(parents=True, mode=0o700)

    close_home(settings.home, [])

    assert rights(settings.home) == "0700"


def test_a_refresh_closes_the_home_and_leaves_the_inbox_alone(settings, monkeypatch) -> None:
    inbox = written(settings.home / "deliveries" / "inbox" / "export.csv", 0o664).parent
    build = written(settings.home / "build.duckdb", 0o644)
    own = Settings("ibo", settings.root, settings.home, inbox)

    def stop(*_: object) -> None:
        raise InterruptedError

    monkeypatch.setattr("landing.deliveries.find_deliveries", stop)
    with pytest.raises(InterruptedError):
        steps.land_inbox(own, steps.read_registry(own))

    assert rights(build) == "0600"
    assert rights(inbox / "export.csv") == "0664"
    assert (rights(inbox), rights(inbox.parent)) == ("0755", "0755")


@pytest.mark.parametrize("place", ["at the lock", "in the home"])
def test_a_file_system_that_refuses_rights_is_told_of_before_landing(
    settings, monkeypatch, place
) -> None:
    written(settings.home / "build.duckdb", 0o644)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    attempts = {"at the lock": hold, "in the home": land}
    with pytest.raises(NotPrivateError, match=r"Operation not permitted(.|\n)*on a local disk"):
        attempts[place](settings)


def land(settings: Settings) -> None:
    steps.land_inbox(settings, steps.read_registry(settings))


def hold(settings: Settings) -> None:
    with writer_lock(settings.lock_file):
        pass


def test_the_command_line_and_dagsters_processes_write_for_the_owner(settings, monkeypatch) -> None:
    monkeypatch.setattr(cli, "app", lambda: None)
    cli.main()
    assert os.umask(0o022) == 0o077

    monkeypatch.setattr(definitions, "load_settings", lambda: settings)
    monkeypatch.setattr(definitions, "build_definitions", lambda _: definitions.dg.Definitions())
    definitions.defs()
    assert os.umask(0o022) == 0o077


def test_the_doctor_names_what_is_open_and_says_what_to_do(settings) -> None:
    arguments = ["doctor", "--home", str(settings.home.parent)]
    written(settings.home / "archive" / "ab" / "abc", 0o600)
    close_home(settings.home, [settings.home / "public"])
    well = CliRunner().invoke(cli.app, arguments)

    build = written(settings.home / "build.duckdb", 0o640)
    public = written(settings.home / "public" / "releases" / "0001-a" / "codebook.csv", 0o444)
    changeable = written(settings.home / "public" / "withdrawn.json", 0o666)
    ill = CliRunner().invoke(cli.app, arguments)

    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert f"0640  {build}" in ill.stdout
    assert f"0666  {changeable}" in ill.stdout
    assert str(public) not in ill.stdout
    assert "chmod go-rwx" in ill.stdout
    # It looks and changes nothing.
    assert rights(build) == "0640"


def test_a_run_that_was_killed_leaves_nothing_open(tmp_path: Path) -> None:
    """Killed while the build file, its log and dbt's files were being written."""
    home = tmp_path / "home"
    started = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "refresh", "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        umask=0o022,
        start_new_session=True,
    )
    try:
        target = load_settings("ibo", home=home).dbt_target
        deadline = time.monotonic() + 120
        while not (target / "manifest.json").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (target / "manifest.json").exists()
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()

    done = CliRunner().invoke(cli.app, ["doctor", "--home", str(home)])
    assert done.exit_code == 0, done.stdout
    assert len(list(home.rglob("*"))) > 10
