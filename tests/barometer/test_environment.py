"""The variables of the environment: declared once, documented in full, read in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from barometer import environment
from barometer.settings import PROJECT_ROOT

NAME = re.compile(r"BAROMETER_[A-Z]+(?:_[A-Z]+)*")
DECLARED = {variable.name for variable in environment.VARIABLES} | set(environment.FOR_DBT)
CODE = ("barometer", "registry", "landing", "drafting", "estimation", "expectations")
MORE_CODE = ("protection", "publication", "orchestration", "bench", "models", "macros")
SETTINGS = PROJECT_ROOT / "docs" / "operations.md"


def files() -> list[Path]:
    found = [path for room in (*CODE, *MORE_CODE) for path in (PROJECT_ROOT / room).rglob("*")]
    found += [PROJECT_ROOT / name for name in ("dbt_project.yml", "profiles.yml", "Makefile")]
    return [path for path in found if path.suffix in {".py", ".yml", ".yaml", ".sql", ""}]


def test_every_variable_that_anything_names_is_declared():
    used = {
        name
        for path in files()
        if path.is_file()
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }

    assert used == DECLARED


def test_the_documented_settings_are_those_declared():
    section = SETTINGS.read_text(encoding="utf-8").split("\n## Settings\n")[1]
    rows = [line for line in section.splitlines() if line.startswith("| `BAROMETER_")]

    assert rows == [variable.documented() for variable in environment.VARIABLES]
    assert all(f"`{name}`" in section for name in environment.FOR_DBT)


def test_nothing_else_reads_them_by_name():
    reads = re.compile(r"environ\W+(?:get\W+)?BAROMETER_|getenv\W+BAROMETER_")

    wrong = [str(path) for path in files() if path.suffix == ".py" and reads.search(read(path))]

    assert wrong == []


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "found"), [(None, ""), ("", ""), ("  ", ""), (" pls\n", "pls")])
def test_a_variable_is_read_without_white_space(monkeypatch, text, found):
    monkeypatch.delenv(environment.SURVEY.name, raising=False)
    if text is not None:
        monkeypatch.setenv(environment.SURVEY.name, text)

    assert environment.SURVEY.read() == found
