"""A copy of the example survey's registries, and the reviewer who fills in a draft."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from altered_export import write_altered_export
from draft_files import read_rows

from barometer.settings import PROJECT_ROOT, Settings

Edit = Callable[[str, dict[str, str]], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    seeds = tmp_path / "registries"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds)
    return Settings("ibo", tmp_path, tmp_path / "home", tmp_path / "inbox", seeds)


@pytest.fixture(scope="session")
def altered_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    return write_altered_export(folder / "IBO2027_synthetic_export_v1.sav")


@pytest.fixture
def review() -> Callable[[Path, Edit], None]:
    return edit_draft


def edit_draft(folder: Path, edit: Edit) -> None:
    """Let `edit` change every row of every draft file, as a person does in a spreadsheet."""
    for path in sorted(folder.glob("*.csv")):
        rows = read_rows(path)
        for row in rows:
            edit(path.stem, row)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
