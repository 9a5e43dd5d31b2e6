"""What the command line says and returns, without the pipeline behind it."""

from __future__ import annotations

import errno
import os
import time

import pytest

from barometer.errors import BarometerError
from orchestration import cli as command_line
from orchestration.flow import refresh as refresh_module


def test_help_answers_quickly(cli):
    started = time.monotonic()
    done = cli("--help")

    assert done.returncode == 0
    assert time.monotonic() - started < 5.0  # 0.4 s on an idle machine
    for command in ("refresh", "check", "validate", "status", "query", "docs", "serve"):
        assert command in done.stdout


def test_help_loads_no_heavy_library(cli):
    import subprocess
    import sys

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, orchestration.cli\n"
            "heavy = {'dagster', 'dbt', 'duckdb', 'great_expectations', 'pandas', 'pyreadstat'}\n"
            "print(sorted(heavy & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_survey_is_an_error_for_people(cli):
    done = cli("refresh", "--survey", "unknown")

    assert done.returncode == 2
    assert "There is no survey called 'unknown'." in done.stderr
    assert "Traceback" not in done.stderr


def test_validate_says_what_the_registries_hold(cli):
    done = cli("validate")

    assert done.returncode == 0
    assert "3 waves" in done.stdout


def test_status_before_the_first_refresh_says_so(cli, tmp_path):
    done = cli("status", "--home", tmp_path)

    assert done.returncode == 0
    assert "No release of ibo yet" in done.stdout
    assert not (tmp_path / "ibo").exists()


def test_query_before_the_first_refresh_says_what_to_do(cli, tmp_path):
    done = cli("query", "select 1", "--home", tmp_path)

    assert done.returncode == 2
    assert "Run `barometer refresh` first." in done.stderr


def test_check_of_a_missing_file_is_an_error(cli, tmp_path):
    done = cli("check", tmp_path / "nothing.csv", "--wave", "2021")

    assert done.returncode != 0
    assert "nothing.csv" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_check_of_an_unknown_wave_names_the_known_ones(cli, tmp_path):
    export = tmp_path / "export.csv"
    export.write_text("a,b\n1,2\n")

    done = cli("check", export, "--wave", "1999")

    assert done.returncode != 0
    assert "2021" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_for_people_has_no_traceback(monkeypatch, capsys, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise BarometerError("The inbox is empty.", remedy="Put the export in it.")

    monkeypatch.setattr(refresh_module, "refresh", fail)
    monkeypatch.setattr("sys.argv", ["barometer", "refresh", "--home", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        command_line.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err == ("The inbox is empty.\n  to do:    Put the export in it.\n")


def test_a_full_disk_is_an_error_for_people(monkeypatch, capsys, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/validations.json")

    monkeypatch.setattr(refresh_module, "refresh", fail)
    monkeypatch.setattr("sys.argv", ["barometer", "refresh", "--home", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        command_line.main()

    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert printed.startswith("The disk is full; the current release stays as it was.")
    assert "/data/validations.json" in printed


@pytest.mark.parametrize(
    "reason", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EDQUOT]
)
def test_a_home_that_cannot_be_written_is_an_error_for_people(
    monkeypatch, capsys, tmp_path, reason
):
    def fail(path, *_: object, **__: object) -> None:
        raise OSError(reason, os.strerror(reason), str(path))

    # From the lock, which is the first to write, and from whatever comes later.
    for part in ("orchestration.state.lock.os.open", "orchestration.state.lock.writer_lock"):
        with monkeypatch.context() as broken:
            broken.setattr(part, fail)
            broken.setattr("sys.argv", ["barometer", "releases", "prune", "--home", str(tmp_path)])
            with pytest.raises(SystemExit) as ended:
                command_line.main()

        assert ended.value.code == 2
        printed = capsys.readouterr().err
        assert printed.startswith(("A file or folder cannot be read", "The disk is full"))
        assert "to do:" in printed
        assert str(tmp_path / "ibo" / ".lock") in printed


@pytest.mark.parametrize(
    "command",
    [("refresh",), ("docs",), ("releases", "prune"), ("releases", "rollback", "a"), ("serve",)],
)
def test_a_home_below_a_file_is_an_error_for_people(cli, tmp_path, command):
    (tmp_path / "file").write_text("no folder")

    done = cli(*command, "--home", tmp_path / "file" / "home")

    assert done.returncode == 2
    assert "cannot be read or written (Not a directory)" in done.stderr
    assert "--home" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_is_a_file_is_an_error_for_people(cli, tmp_path):
    (tmp_path / "ibo").write_text("no folder")

    done = cli("releases", "prune", "--home", tmp_path)

    assert done.returncode == 2
    assert str(tmp_path / "ibo") in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unexpected_error_keeps_its_traceback(monkeypatch, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(refresh_module, "refresh", fail)
    monkeypatch.setattr("sys.argv", ["barometer", "refresh", "--home", str(tmp_path)])

    with pytest.raises(ZeroDivisionError):
        command_line.main()
