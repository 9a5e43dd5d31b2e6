from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_survey import query, run

from barometer.settings import PROJECT_ROOT, Settings
from landing import intake as staging
from landing import loader
from landing.findings.errors import LandingError
from landing.storage import warehouse
from registry import Registry


def test_an_error_between_inserts_leaves_nothing_of_the_run(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver("toy2022.csv")
    run(settings, registry)
    deliver("toy2023_export.csv")
    before = query(settings, "select * from raw.exports")

    def fail(connection: object, table: str, *rest: object) -> None:
        if table == "cells":
            raise RuntimeError("power cut")
        warehouse.insert(connection, table, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "insert", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        run(settings, registry)
    monkeypatch.undo()

    assert query(settings, "select * from raw.exports") == before
    assert query(settings, "select count(*) from raw.export_columns") == [(10,)]
    assert len(run(settings, registry).landed) == 1


def test_a_run_killed_between_inserts_leaves_nothing_and_can_be_repeated(
    settings: Settings, registry: Registry, deliver: Callable[..., Path], tmp_path: Path
) -> None:
    deliver("toy2022.csv")
    run(settings, registry)
    deliver("toy2023_export.csv")
    before = query(settings, "select * from raw.exports")
    handover = tmp_path / "handover.pickle"
    handover.write_bytes(pickle.dumps((settings, registry)))
    script = textwrap.dedent(
        f"""
        import os, pathlib, pickle, signal
        from landing import loader
        from landing.storage import warehouse
        from landing.deliveries import find_deliveries

        def killed_before_the_frame_row(connection, table, rows):
            warehouse.insert(connection, table, rows)
            if table == "cells":
                os.kill(os.getpid(), signal.SIGKILL)

        loader.insert = killed_before_the_frame_row
        settings, registry = pickle.loads(pathlib.Path({str(handover)!r}).read_bytes())
        loader.land(settings, registry, find_deliveries(settings.inbox, registry).files)
        """
    )

    killed = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_ROOT, check=False)

    assert killed.returncode == -9
    assert query(settings, "select * from raw.exports") == before
    assert query(settings, "select count(distinct export_id) from raw.cells") == [(1,)]
    assert len(run(settings, registry).landed) == 1


def test_a_warehouse_that_another_process_has_open_is_named(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2022.csv")
    run(settings, registry)
    deliver("toy2023_export.csv")
    script = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); "
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LandingError, match="in use by another process") as caught:
            run(settings, registry)
        holder.communicate(b"")

    assert str(settings.warehouse) in caught.value.where
    assert len(run(settings, registry).landed) == 1


def test_a_file_that_is_no_warehouse_is_left_alone(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2022.csv")
    settings.home.mkdir()
    settings.warehouse.write_bytes(b"something else" * 1000)

    with pytest.raises(LandingError, match="no DuckDB database"):
        run(settings, registry)

    assert settings.warehouse.read_bytes() == b"something else" * 1000


def test_a_file_that_grows_while_it_is_read_is_refused(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = deliver("toy2023_export.csv")
    read = staging.read_table

    def read_while_written(*args: object, **options: object) -> object:
        table = read(*args, **options)  # type: ignore[arg-type]
        with path.open("ab") as stream:
            stream.write(b"4,")
        return table

    monkeypatch.setattr(staging, "read_table", read_while_written)

    with pytest.raises(LandingError, match="changed while it was being read"):
        run(settings, registry)
    assert not settings.home.exists()


def test_two_landings_at_once_cannot_both_write(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver("toy2022.csv")
    stage = loader._stage

    def staged_while_another_run_lands(*args: object) -> object:
        monkeypatch.undo()
        run(settings, registry)
        return stage(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "_stage", staged_while_another_run_lands)

    with pytest.raises(LandingError, match="Somebody else landed files"):
        run(settings, registry)
    assert query(settings, "select count(*) from raw.exports") == [(1,)]
