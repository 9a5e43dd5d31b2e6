"""What a release was made from: landed files, registries, code, checks."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from barometer.settings import Settings
from publication.tables import quote


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
        results["expectations_held_at"] = json.loads(marks.read_text(encoding="utf-8"))
    ran = settings.dbt_target / "run_results.json"
    if ran.exists():
        outcomes: dict[str, int] = {}
        for result in json.loads(ran.read_text(encoding="utf-8"))["results"]:
            if result["unique_id"].startswith("test."):
                outcomes[result["status"]] = outcomes.get(result["status"], 0) + 1
        results["dbt_tests_of_the_marts"] = outcomes
    return results
