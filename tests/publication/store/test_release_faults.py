"""Whatever fails, and whenever it is killed: readers keep a whole release."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from sample_sizes import cases

from publication.internal import release
from publication.internal.release import publish
from publication.outlets import files as outlets
from publication.store import files, swap

STAGES = [
    (release, "copy_tables"),
    (swap, "table_contents"),
    (release, "audit_release"),
    (outlets, "write_codebook"),
    (outlets, "data_package"),
    (files, "write_manifest"),
    (files, "seal"),
    (files, "move_in"),
    (files, "swap_current"),
    (files.os, "replace"),
]

CHILD = """
import os, signal, sys
from pathlib import Path
from barometer.settings import load_settings
from publication.store import files
from publication.outlets import files as outlets
from publication.internal import release

module = {"release": release, "outlets": outlets, "files": files, "os": os}[sys.argv[1]]
original = getattr(module, sys.argv[2])

def die(*arguments, **keywords):
    if sys.argv[3] == "after":
        original(*arguments, **keywords)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, sys.argv[2], die)
release.publish(load_settings("ibo", home=Path(sys.argv[4])))
"""

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
sql = "select estimate from core.estimates where group_id = 'rechtswezen'"
for _ in sys.stdin:
    print(connection.execute(sql).fetchone()[0], flush=True)
"""


def change(warehouse, value: float) -> None:
    warehouse.execute(
        f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
    )


def shown(warehouse) -> float:
    path = warehouse.settings.current_release / warehouse.settings.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(
            "select estimate from core.estimates where group_id = 'rechtswezen'"
        ).fetchone()
    return float(row[0])


def leftovers(warehouse) -> list[str]:
    return [
        path.name
        for folder in (warehouse.settings.home, warehouse.settings.releases)
        for path in folder.iterdir()
        if path.name.startswith((".incoming", ".current"))
    ]


@pytest.mark.parametrize(("module", "stage"), cases(STAGES, everyday=["audit_release", "replace"]))
def test_an_error_at_any_stage_leaves_the_old_release_current(
    warehouse, monkeypatch, module, stage
):
    old = publish(warehouse.settings)
    change(warehouse, 0.5)

    def fail(*_arguments: object, **_keywords: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(module, stage, fail)
        with pytest.raises(OSError, match="No space left"):
            publish(warehouse.settings)
    assert warehouse.settings.current_release.resolve() == old.path.parent
    assert shown(warehouse) == pytest.approx(0.7857)

    new = publish(warehouse.settings)

    assert warehouse.settings.current_release.resolve() == new.path.parent
    assert shown(warehouse) == pytest.approx(0.5)
    assert leftovers(warehouse) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("module", "stage"),
    cases(
        [
            ("release", "copy_tables"),
            ("release", "audit_release"),
            ("outlets", "write_codebook"),
            ("files", "write_manifest"),
            ("files", "seal"),
            ("files", "move_in"),
            ("os", "replace"),
        ],
        everyday=["replace"],
    ),
)
def test_a_kill_at_any_stage_leaves_a_whole_release_and_the_next_run_recovers(
    warehouse, module, stage, moment
):
    old = publish(warehouse.settings)
    change(warehouse, 0.5)
    home = str(warehouse.settings.home.parent)

    killed = subprocess.run([sys.executable, "-c", CHILD, module, stage, moment, home], check=False)

    assert killed.returncode == -signal.SIGKILL
    swapped = (module, moment) == ("os", "after")
    assert shown(warehouse) == pytest.approx(0.5 if swapped else 0.7857)
    assert old.path.exists()

    new = publish(warehouse.settings)

    assert new.unchanged == swapped
    assert shown(warehouse) == pytest.approx(0.5)
    assert leftovers(warehouse) == []
    assert len(list(warehouse.settings.releases.iterdir())) == 2


def test_a_reader_elsewhere_keeps_its_release_while_the_next_is_published(warehouse):
    publish(warehouse.settings)
    path = warehouse.settings.current_release / warehouse.settings.release_file_name
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def ask() -> float:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return float(reader.stdout.readline())

        assert ask() == pytest.approx(0.7857)
        change(warehouse, 0.5)
        publish(warehouse.settings)
        assert ask() == pytest.approx(0.7857)
        assert shown(warehouse) == pytest.approx(0.5)
        reader.stdin.close()
    assert reader.returncode == 0


def test_the_link_is_relative_so_the_folder_can_be_moved(warehouse, tmp_path: Path):
    publish(warehouse.settings)
    moved = tmp_path / "elsewhere"
    warehouse.settings.home.rename(moved)

    assert (moved / "current" / warehouse.settings.release_file_name).exists()
    assert not (moved / "current").readlink().is_absolute()
