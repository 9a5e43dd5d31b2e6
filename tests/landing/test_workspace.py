"""Room for large files: beside the warehouse, bounded, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_survey import query, run

from barometer.settings import PROJECT_ROOT, Settings
from landing.findings.errors import LandingError
from landing.readers.workspace_rows import stage_rows
from landing.storage.workspace import Workspace, remove_left_behind
from registry import Registry

ROWS = [("a", None, "ja"), ("", "2", "ja"), ("c", "3", "nee"), (" c ", "", "ja")]


def test_rows_in_a_workspace_are_a_sequence() -> None:
    rows = stage_rows(Workspace(), iter(ROWS), 3)

    assert len(rows) == 4
    assert list(rows) == ROWS
    assert rows == ROWS
    assert rows[-1] == ROWS[-1]
    assert rows[1:3] == ROWS[1:3]
    assert list(rows[2:].column_values(1)) == ["c", " c "]
    assert rows[5:] == []
    assert not rows[4:]
    with pytest.raises(IndexError):
        rows[4]


def test_rows_in_a_workspace_answer_questions() -> None:
    rows = stage_rows(Workspace(), iter(ROWS), 3)

    assert rows.value_counts(3) == {"ja": 3, "nee": 1}
    assert rows.value_counts(2) == {"2": 1, "3": 1, "": 1}
    assert rows.filled_counts() == [3, 2, 4]
    assert rows[1:].filled_counts() == [2, 2, 3]
    assert rows.narrowed(2)[0] == ("a", None)


def test_a_large_file_lands_and_leaves_no_folder(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("landing.readers.delimited.LARGE_BYTES", 0)
    deliver("toy2023_export.csv")
    deliver("toy2022.csv")

    run(settings, registry)

    assert query(settings, "select count(*) from raw.cells") == [(60,)]
    assert sorted(path.name for path in settings.home.iterdir()) == ["archive", "build.duckdb"]


def test_a_large_file_that_is_refused_leaves_nothing(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("landing.readers.delimited.LARGE_BYTES", 0)
    deliver("toy2023_export.csv", header=["nr", "org"])

    with pytest.raises(LandingError):
        run(settings, registry)

    assert not settings.home.exists()


def test_what_a_killed_run_left_is_removed_and_what_is_in_use_stays(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys; from landing.storage.workspace import Workspace; "
        "room = Workspace(pathlib.Path(sys.argv[1])); (room.folder() / 'answers').touch(); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT_ROOT, check=False)
    assert len(list(tmp_path.glob(".landing-*/answers"))) == 1

    with Workspace(tmp_path) as room:
        folder = room.folder()
        assert list(tmp_path.iterdir()) == [folder]
        remove_left_behind(tmp_path)
        assert list(tmp_path.iterdir()) == [folder]

    assert list(tmp_path.iterdir()) == []


def test_many_small_tables_that_do_not_fit_memory_together_spill_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landing.storage.workspace.MEMORY_LIMIT", "40MB")

    with Workspace(tmp_path) as workspace:
        for _ in range(4):
            workspace.connection.execute(
                f"create table {workspace.new_name()} as"
                " select md5(cast(range as varchar)) as cell from range(500_000)"
            )
        (rows,) = workspace.connection.execute("select count(*) from staged_0").fetchone()

    assert rows == 500_000
    assert list(tmp_path.iterdir()) == []
