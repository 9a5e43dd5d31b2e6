"""A database file that cannot be used is called by its name: in use, damaged, or out of reach."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from barometer.databases import RELEASE, attach, opened
from barometer.errors import UsageError
from barometer.settings import load_settings
from landing.findings.errors import LandingError
from landing.frames.matching import unmatched_counts
from landing.storage.warehouse import attached, open_warehouse
from landing.storage.workspace import Workspace
from orchestration.commands.query import landed_files

HEADERS = slice(4096, 12288)

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda content: content[: HEADERS.stop],
    "its beginning only": lambda content: content[:4096],
    "empty": lambda content: b"",
    "another kind of file": lambda content: b"something else" * 1000,
    "headers overwritten": lambda content: (
        content[: HEADERS.start] + b"\xff" * 8192 + content[HEADERS.stop :]
    ),
    "contents overwritten": lambda content: (
        content[: HEADERS.stop] + b"\xff" * (len(content) - HEADERS.stop)
    ),
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database in a folder whose name is no reason to say that it is locked."""
    path = tmp_path / "locked block" / "build.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table numbers as select range as n, md5(range::varchar) as label"
            " from range(50000)"
        )
    return path


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_called_damaged(database: Path, damage: str) -> None:
    database.write_bytes(DAMAGES[damage](database.read_bytes()))

    for read_only in (True, False):
        with (
            pytest.raises(LandingError, match="is damaged, or no DuckDB database") as told,
            open_warehouse(database, read_only=read_only),
        ):
            pass
        assert told.value.where == str(database)
        assert "in use" not in told.value.render()
    with (
        Workspace() as workspace,
        pytest.raises(LandingError, match="The file of the warehouse is damaged"),
        attached(database, workspace),
    ):
        pass
    with (
        pytest.raises(UsageError, match="The file of the release is damaged"),
        opened(UsageError, RELEASE, database),
    ):
        pass
    with (
        duckdb.connect() as connection,
        pytest.raises(UsageError, match="The file of the release is damaged"),
    ):
        attach(UsageError, RELEASE, database, connection, "there")


def test_damage_that_shows_only_when_it_is_read_is_called_damage(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[20_000:21_000] = b"\xff" * 1_000
    database.write_bytes(content)

    with (
        pytest.raises(LandingError, match="The file of the warehouse is damaged"),
        open_warehouse(database, read_only=True) as connection,
    ):
        connection.execute("select max(n), max(label) from numbers").fetchall()


def test_a_wrong_statement_on_a_sound_file_is_no_damage(database: Path) -> None:
    with (
        pytest.raises(duckdb.CatalogException),
        open_warehouse(database, read_only=True) as connection,
    ):
        connection.execute("from nothing")


def test_a_file_that_another_process_writes_is_in_use(database: Path) -> None:
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(UsageError, match="The release is in use by another process"),
            opened(UsageError, RELEASE, database),
        ):
            pass
        holder.communicate(b"\n")


def test_a_file_that_this_process_has_open_otherwise_is_in_use(database: Path) -> None:
    with (
        duckdb.connect(str(database)),
        pytest.raises(LandingError, match="The warehouse is in use"),
        open_warehouse(database, read_only=True),
    ):
        pass


def test_a_folder_that_is_no_folder_is_neither_damaged_nor_in_use(database: Path) -> None:
    for read_only in (True, False):
        with (
            pytest.raises(LandingError, match="The warehouse cannot be opened"),
            open_warehouse(database / "build.duckdb", read_only=read_only),
        ):
            pass


def test_what_reads_the_warehouse_beside_landing_says_the_same(tmp_path: Path) -> None:
    settings = load_settings("ibo", home=tmp_path)
    settings.home.mkdir()
    settings.warehouse.write_bytes(b"something else" * 1000)

    for read in (landed_files, unmatched_counts):
        with pytest.raises(LandingError, match="The file of the warehouse is damaged"):
            read(settings)
