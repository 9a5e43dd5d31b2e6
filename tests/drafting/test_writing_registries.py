"""Registries are written as a whole: not half by a killed run, not over the rows of others."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT
from drafting.decisions import add_decisions
from landing.frames.review import Decision
from registry import load_registry
from registry import writing as registry_writing
from registry.writing import (
    JOURNAL,
    RegistryWriteError,
    replace_registries,
    write_whole,
)

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from registry import writing as registry_writing
from barometer.settings import Settings
from drafting.newwave import new_wave

wanted, folder = int(sys.argv[1]), Path(sys.argv[2])
write_whole, count = registry_writing.write_whole, 0

def dying(path, text):
    global count
    count += 1
    if count == wanted:
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(text[: len(text) // 2], encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    write_whole(path, text)

registry_writing.write_whole = dying
new_wave(Settings("ibo", folder, folder / "home", folder / "inbox", folder / "registries"),
         "2027", write=True)
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return shutil.copytree(PROJECT_ROOT / "seeds", tmp_path / "seeds")


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}


# The journal is the first of six files; killed in it, nothing was begun.
@pytest.mark.parametrize("step", [1, 2, 3, 6])
def test_a_killed_write_is_whole_or_nothing_for_the_next_command(settings, review, step) -> None:
    from drafting.newwave import new_wave

    report = new_wave(settings, "2027", source="2025")

    def decide(table: str, row: dict[str, str]) -> None:
        row["decided"] = "ok" if row["decide"] else ""

    review(report.folder, decide)
    before = texts(settings.seeds)
    died = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(step), str(settings.root)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert (settings.seeds / JOURNAL).exists() == (step > 1)

    registry = load_registry(settings.seeds)
    assert ("2027" in registry.wave_ids) == (step > 1)
    assert not (settings.seeds / JOURNAL).exists()
    if step == 1:
        assert texts(settings.seeds) == before
    else:
        changed = {name for name, text in texts(settings.seeds).items() if text != before[name]}
        assert changed == {
            "waves.csv",
            "deliveries.csv",
            "columns.csv",
            "codes.csv",
            "strata_design.csv",
        }


def test_rows_of_somebody_else_are_not_overwritten(seeds: Path) -> None:
    before = texts(seeds)
    ours = {"waves.csv": before["waves.csv"] + "ours\n", "codes.csv": before["codes.csv"]}
    write_whole(seeds / "waves.csv", before["waves.csv"] + "theirs\n")

    with pytest.raises(RegistryWriteError, match=r"changed waves\.csv meanwhile"):
        replace_registries(seeds, before, ours)

    assert texts(seeds)["waves.csv"].endswith("theirs\n")


def test_a_registry_keeps_who_may_read_it(seeds: Path) -> None:
    before = texts(seeds)["waves.csv"]
    (seeds / "waves.csv").chmod(0o664)

    strict = os.umask(0o077)
    try:
        replace_registries(seeds, {"waves.csv": before}, {"waves.csv": before + "\n"})
    finally:
        os.umask(strict)

    assert (seeds / "waves.csv").stat().st_mode & 0o777 == 0o664


def test_two_commands_at_once_lose_no_row(seeds: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from drafting.decisions import add_decisions;"
        "from landing.frames.review import Decision;"
        "add_decisions(Path(sys.argv[1]), '2025', [Decision(sys.argv[2], '', '', 'x', '')])"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(seeds), f"k{number}"],
            cwd=PROJECT_ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    outcomes = [(process.communicate()[1], process.returncode) for process in running]

    written = {match.delivered_key for match in load_registry(seeds).organisation_matches}
    succeeded = {f"k{number}" for number, (_, code) in enumerate(outcomes) if code == 0}
    assert written == succeeded
    assert succeeded
    assert all(code == 0 or "meanwhile" in error for error, code in outcomes)


def test_an_unfinished_write_that_was_edited_by_hand_is_left_to_a_person(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts(seeds)["waves.csv"]

    with monkeypatch.context() as patch:
        patch.setattr(registry_writing, "write_whole", _only_the_journal)
        with pytest.raises(KeyboardInterrupt):
            replace_registries(seeds, {"waves.csv": before}, {"waves.csv": before + "\n"})
    write_whole(seeds / "waves.csv", before + "by hand\n")

    with pytest.raises(RegistryWriteError, match="was changed since"):
        load_registry(seeds)
    assert texts(seeds)["waves.csv"].endswith("by hand\n")


def _only_the_journal(path: Path, text: str) -> None:
    if path.name != JOURNAL:
        raise KeyboardInterrupt
    write_whole(path, text)


def test_a_folder_that_cannot_be_written_stays_as_it_was(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts(seeds)
    after = {name: before[name] + "\n" for name in ("waves.csv", "codes.csv")}

    def full(path: Path, text: str) -> None:
        if path.name == "codes.csv" and text.endswith("\n\n"):
            raise OSError(28, os.strerror(28))
        write_whole(path, text)

    monkeypatch.setattr(registry_writing, "write_whole", full)
    with pytest.raises(RegistryWriteError, match="No space left"):
        replace_registries(seeds, before, after)

    assert texts(seeds) == before
    assert sorted(path.name for path in seeds.iterdir() if path.name.startswith(".")) == []


def test_decisions_that_would_spoil_the_registries_are_refused(seeds: Path) -> None:
    from drafting.seedfiles import DraftError

    twice = [Decision("k", "n", "00021", "x", ""), Decision("k", "n", "00022", "x", "")]
    with pytest.raises(DraftError, match="have 2 mistakes"):
        add_decisions(seeds, "2025", twice)
    assert load_registry(seeds).organisation_matches == ()
