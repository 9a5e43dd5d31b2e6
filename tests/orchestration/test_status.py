"""`barometer status` fits one screen, whatever was landed."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from barometer.settings import Settings, load_settings
from landing.findings.finding import Finding
from landing.kept_findings import DeliveryFindings
from orchestration.commands.report import print_status
from orchestration.flow.standing import open_findings

RELEASE = {
    "release_id": "20261129T231356Z-b9dcd381",
    "edition": "internal",
    "tables": [{}] * 79,
    "created_at": "2026-11-29T23:13:56.521218+00:00",
    "is_synthetic": True,
}
PUBLIC = RELEASE | {"release_id": "0001-993abbfb", "edition": "public", "created_at": None}
LANDED = [
    ("2021", "export", "a", "IBO2021_synthetic_export_v2.csv", 398, "2026-11-29 23:13"),
    ("2021", "export", "b", "IBO2021_synthetic_export_b.csv", 2, "2026-11-30 08:00"),
    ("2021", "frame", "main", "IBO2021_synthetic_frame.csv", 1360, "2026-11-29 23:13"),
    ("2023", "export", "a", "IBO2023_synthetic_export.xlsx", 388, "2026-11-29 23:13"),
]


@pytest.fixture
def settings() -> Settings:
    return load_settings("ibo")


def shown(settings: Settings, *, each: bool) -> list[str]:
    window = io.StringIO()
    ended = "2026-11-29 23:16:55 UTC"
    console = Console(file=window, width=80)
    print_status(console, settings, [RELEASE, PUBLIC], LANDED, ended, each=each)
    return window.getvalue().splitlines()


def test_both_editions_the_last_refresh_and_a_line_per_wave(settings):
    lines = shown(settings, each=False)

    assert "20261129T231356Z-b9dcd381, 79 tables, made 2026-11-29 23:13 UTC" in lines[0]
    assert any(line.startswith("Public:       0001-993abbfb, 79 tables") for line in lines)
    assert "Last refresh: 2026-11-29 23:16:55 UTC" in lines
    (wave,) = [line for line in lines if "2021" in line]
    assert [cell.strip() for cell in wave.strip("│").split("│")] == [
        "2021",
        "3",
        "400",
        "1360",
        "2026-11-30 08:00",
    ]
    assert len(lines) <= 22


def test_files_are_listed_where_they_are_asked_for(settings):
    assert sum(line.startswith("│ 2") for line in shown(settings, each=True)) == len(LANDED)


def test_open_findings_are_counted_with_the_command_that_lists_them(settings):
    one = Finding("warning", "code_unmapped", "One answer has no code.")
    accepted = Finding("information", "response_change", "Fewer.", acceptance="by somebody: so")
    found = [
        DeliveryFindings("2021", "export", "main", "x.csv", (one, one, accepted)),
        DeliveryFindings("2023", "export", "main", "y.csv", (accepted,)),
    ]

    assert list(open_findings(settings, found)) == [
        "2 open findings in 1 file:",
        "  .venv/bin/barometer status --findings",
    ]
    assert list(open_findings(settings, found[1:])) == ["No open findings in the landed files."]
