"""What a release was made from: landed files, registries, code, checks."""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from barometer.json_files import of_texts, read_json
from barometer.settings import Settings
from publication.tables import quote

_REFRESH = "Remove it and run the whole refresh, which writes it anew."


@dataclass(frozen=True)
class Source:
    """One landed file that the figures rest on."""

    wave: str
    kind: str
    part: str
    file_name: str
    content_sha256: str
    rows: int
    is_synthetic: bool


def read_sources(connection: duckdb.DuckDBPyConnection, database: str) -> tuple[Source, ...]:
    """Return the landed files now in force in an attached build database."""
    rows = connection.execute(
        "select wave, kind, part, file_name, content_sha256, row_count, is_synthetic"
        f" from {quote(database)}.raw.exports where superseded_by is null"
        " order by wave, kind, part"
    ).fetchall()
    return tuple(Source(*row) for row in rows)


def registry_version(folder: Path) -> str:
    """Return a fingerprint of the registries: equal files, equal version (first 16 hex digits)."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def code_version(root: Path) -> str:
    """Return the version of this project, with the commit where git can tell."""
    package = importlib.metadata.version("barometer")
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return package
    described = subprocess.run(
        [git, "-C", str(root), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    commit = described.stdout.strip()
    return f"{package}+{commit}" if described.returncode == 0 and commit else package


def check_results(settings: Settings) -> dict[str, Any]:
    """Return which checks the build passed: expectations per layer, and dbt's tests by outcome."""
    results: dict[str, Any] = {}
    marks = settings.home / "checked.json"
    if marks.exists():
        results["expectations_held_at"] = read_json(marks, of_texts, remedy=_REFRESH)
    ran = settings.dbt_target / "run_results.json"
    if ran.exists():
        results["dbt_tests_of_the_marts"] = read_json(ran, _test_outcomes, remedy=_REFRESH)
    return results


def _test_outcomes(content: dict[str, Any]) -> dict[str, int]:
    return dict(
        Counter(
            result["status"]
            for result in content["results"]
            if result["unique_id"].startswith("test.")
        )
    )
