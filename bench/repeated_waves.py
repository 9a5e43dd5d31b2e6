"""The libraries survey with every wave repeated under other names: real answers, more of them."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

from barometer.errors import UsageError

SURVEY = "pls"


def repeat_waves(registries: Path, source: Path, inbox: Path, times: int) -> None:
    """Rewrite registries in place, and fill the inbox, so that each wave is there so many times.

    The copies of a wave sort right after it, and begin a day later each: what a question's first
    and last wave say stays true.

    Raises:
        UsageError: a file of the survey is not there.
    """
    deliveries = _read(registries / "deliveries.csv")[1]
    for row in deliveries:
        file = source / row["file_pattern"]
        if not file.is_file():
            raise UsageError(
                "A file of the libraries survey is not there.",
                where=str(file),
                expected=", ".join(row["file_pattern"] for row in deliveries),
                remedy="Put the files there, or name their folder in BAROMETER_SHARED_DATA.",
            )
        for number in range(1, times + 1):
            shutil.copy(file, inbox / _file_name(row, number))
    for path in sorted(registries.glob("*.csv")):
        header, rows = _read(path)
        repeated = [copy for row in rows for copy in _copies(path.stem, row, times)]
        with path.open("w", encoding="utf-8", newline="") as file_written:
            writer = csv.DictWriter(file_written, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(repeated)


def _copies(registry: str, row: dict[str, str], times: int) -> list[dict[str, str]]:
    if row.get("last_wave"):
        return [row | {"last_wave": _wave(row["last_wave"], times)}]
    if not row.get("wave") or registry == "comparability_breaks":
        return [row]
    copies = []
    for number in range(1, times + 1):
        copy = row | {"wave": _wave(row["wave"], number)}
        if "file_pattern" in row:
            copy["file_pattern"] = _file_name(row, number)
        for column in ("reference_start", "reference_end"):
            if row.get(column):
                later = date.fromisoformat(row[column]) + timedelta(days=number - 1)
                copy[column] = later.isoformat()
        copies.append(copy)
    return copies


def _wave(wave: str, number: int) -> str:
    return wave if number == 1 else f"{wave}_{number:02d}"


def _file_name(row: dict[str, str], number: int) -> str:
    return f"{_wave(row['wave'], number)}.csv"


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)
