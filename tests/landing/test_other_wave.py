"""A file of another wave is one message, not one per column; and what there is to compare with."""

from __future__ import annotations

from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT
from landing.check import check_file
from registry import load_registry

EXAMPLES = PROJECT_ROOT / "examples" / "ibo"


@pytest.mark.parametrize(
    ("file", "kind", "given", "of"),
    [
        ("IBO2025_synthetic_frame.csv", "frame", "2021", "2025"),
        ("IBO2021_synthetic_frame.csv", "frame", "2025", "2021"),
        ("IBO2021_synthetic_export_v2.csv", "export", "2025", "2021"),
    ],
)
def test_a_file_of_another_wave_is_one_message(file: str, kind: str, given: str, of: str) -> None:
    registry = load_registry(PROJECT_ROOT / "seeds")
    report = check_file(EXAMPLES / file, wave=given, kind=kind, registry=registry)

    (error,) = report.errors
    assert error.code == "other_wave"
    assert error.message.startswith(f"The file is a {kind} of wave {of}, not of {given}")
    assert f"--wave {of}" in error.remedy
    others = {finding.code for finding in report.findings} - {"other_wave"}
    assert others <= {"file_name", "encoding_guessed"}


def test_the_right_wave_is_checked_column_by_column() -> None:
    registry = load_registry(PROJECT_ROOT / "seeds")
    report = check_file(
        EXAMPLES / "IBO2021_synthetic_frame.csv", wave="2021", kind="frame", registry=registry
    )
    assert "other_wave" not in {finding.code for finding in report.findings}


def test_without_an_earlier_wave_nothing_speaks_of_one(tmp_path: Path) -> None:
    text = (EXAMPLES / "IBO2021_synthetic_frame.csv").read_text(encoding="cp1252")
    path = tmp_path / "IBO2021_synthetic_frame.csv"
    lines = text.splitlines()
    wide = [lines[0] + ";Provincie", *(line + ";x" for line in lines[1:])]
    path.write_text("\n".join(wide) + "\n", encoding="cp1252")

    registry = load_registry(PROJECT_ROOT / "seeds")
    report = check_file(path, wave="2021", kind="frame", registry=registry)
    (new,) = (finding for finding in report.findings if finding.code == "column_new")
    assert "no earlier frame was landed" in new.message
    assert not any("previous" in finding.message for finding in report.findings)
