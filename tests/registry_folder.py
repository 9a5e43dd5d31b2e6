"""A survey described in a few lines, written to a folder with every registry file."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from barometer.settings import PROJECT_ROOT
from registry import TABLES


def drift_rules_of_shared_files() -> str:
    """The rules of drift of a survey whose waves are delivered one and the same file."""
    rules = (PROJECT_ROOT / "seeds" / "drift_rules.csv").read_text(encoding="utf-8")
    _, *lines = rules.splitlines()
    shared = {
        "file_of_another": "file_of_another,,,information,The waves share a file.",
        "file_alike": "file_alike,1,,information,The waves share a file.",
    }
    return "\n".join(shared.get(line.partition(",")[0], line) for line in lines)


def write_registries(folder: Path, rows: Mapping[str, str]) -> Path:
    """Write each registry with the header the schema declares; those not given are empty.

    The rules of drift, which every survey has, are those of the example survey; topics and units
    are those that the indicators name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schema = TABLES
    assert set(rows) <= set(schema)
    rows = {**_named_by_indicators(rows.get("indicators", "")), **rows}
    for name, table in schema.items():
        lines = [",".join(table.header), *rows.get(name, "").strip().splitlines()]
        (folder / table.file_name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    if "drift_rules" not in rows:
        shutil.copy(PROJECT_ROOT / "seeds" / "drift_rules.csv", folder)
    return folder


def _named_by_indicators(text: str) -> dict[str, str]:
    indicators = list(csv.DictReader([",".join(TABLES["indicators"].header), *text.split("\n")]))
    topics = dict.fromkeys(row["topic"] for row in indicators)
    units = dict.fromkeys(row["unit"] for row in indicators if row["unit"])
    return {
        "topics": "\n".join(f"{name},{at},{name},{name}" for at, name in enumerate(topics, 1)),
        "units": "\n".join(f"{name},{name},{name}" for name in units),
    }
