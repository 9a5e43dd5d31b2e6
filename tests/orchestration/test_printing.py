"""What is printed where the encoding lacks a character, and commands that can be pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from barometer.settings import load_settings
from orchestration.flow.standing import example_command, next_lines
from registry import load_registry


def run(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if "BAROMETER" not in name}
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        capture_output=True,
        env={**clean, "PYTHONIOENCODING": encoding},
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_character_that_cannot_be_printed_is_replaced(tmp_path, encoding) -> None:
    home = str(tmp_path / "café − 日本")

    said = run(encoding, "query", "select '−'", "--home", home)
    shown = run(encoding, "status", "--home", home)

    assert (said.returncode, shown.returncode) == (2, 0)
    assert b"There is no internal release" in said.stderr
    assert b"No release of ibo yet" in shown.stdout
    assert b"Traceback" not in said.stderr + shown.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_name_that_is_no_text_is_printed_all_the_same(tmp_path, encoding) -> None:
    inbox = tmp_path / os.fsdecode(b"inbox \xff")

    done = run(encoding, "check", str(inbox), "--wave", "2021")

    assert done.returncode != 0
    assert b"inbox" in done.stderr
    assert b"Traceback" not in done.stderr


def test_validate_prints_its_boxes_and_arrows_in_ascii() -> None:
    done = run("ascii", "validate")

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_printed_command_can_be_pasted_where_the_home_has_blanks(tmp_path: Path) -> None:
    settings = load_settings("ibo", home=tmp_path / "my warehouse; it's here")

    words = shlex.split(example_command(settings, load_registry(settings.seeds)))

    assert words[words.index("--home") + 1] == str(settings.home.parent)
    assert words[-1].startswith("select wave")


def test_what_next_opens_the_report_where_there_is_one() -> None:
    settings = load_settings("ibo")
    registry = load_registry(settings.seeds)

    with_report = list(next_lines(settings, registry, has_report=True))
    without = list(next_lines(settings, registry, has_report=False))

    assert with_report[1].startswith("  .venv/bin/barometer open  # ")
    assert with_report[2] == "  .venv/bin/barometer open report"
    assert without == [*with_report[:2], *with_report[3:]]
    assert (settings.root / "docs" / "bi.md").exists()
    for line in with_report[1:]:
        if "barometer" in line:
            assert "barometer" in shlex.split(line, comments=True)[0]


def test_the_home_may_be_written_with_a_tilde(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BAROMETER_HOME", "~/wh")

    assert load_settings("ibo").home == tmp_path / "wh" / "ibo"
    assert load_settings("ibo", home=Path("~/other")).home == tmp_path / "other" / "ibo"
