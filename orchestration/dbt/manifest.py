"""dbt's manifest, from which Dagster learns the models: parsed when it is missing or stale.

`DbtProject.prepare_if_dev` of dagster-dbt is not used: it parses at every start of every process,
changed or not, only below `dagster dev`, with whichever dbt and environment the process has.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

from barometer.private import make_home
from barometer.settings import Settings
from orchestration.dbt.child import PARSE
from orchestration.dbt.process import stream_dbt

PROJECT_FOLDERS = ("models", "macros", "tests")
PROJECT_FILES = ("dbt_project.yml", "profiles.yml")


def ensure_manifest(settings: Settings) -> Path:
    """Return a manifest that is at least as new as the project it describes.

    It lives apart from the artefacts of a build, so that a build in progress is never read
    half-written.
    """
    target = settings.home / "dbt" / "parsed"
    manifest = target / "manifest.json"
    make_home(settings.home)
    target.mkdir(parents=True, exist_ok=True)
    # Dagster loads the definitions in several processes at once; one of them parses.
    with (target / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_stale(manifest, settings):
            for _ in stream_dbt(settings, PARSE, target=target):
                pass
    return manifest


def is_stale(manifest: Path, settings: Settings) -> bool:
    """Return whether anything dbt reads changed after the manifest was written."""
    if not manifest.exists():
        return True
    written = manifest.stat().st_mtime
    return any(path.stat().st_mtime > written for path in _inputs(settings))


def _inputs(settings: Settings) -> Iterator[Path]:
    for name in PROJECT_FILES:
        yield settings.root / name
    # Folders too: theirs is the only time stamp that tells of a removed file.
    for folder in (*(settings.root / name for name in PROJECT_FOLDERS), settings.seeds):
        yield folder
        yield from (
            path
            for path in folder.rglob("*")
            if path.is_dir() or path.suffix in {".sql", ".yml", ".csv", ".md"}
        )
