"""The folders and links of releases: prepared unseen, then swapped in one step."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from barometer.settings import Settings

INCOMING = ".incoming-"
NEXT_LINK = ".current-"
MANIFEST = "manifest.json"


def remove_leftovers(settings: Settings) -> None:
    """Remove what a publication that was killed had prepared."""
    if settings.releases.exists():
        for folder in settings.releases.glob(f"{INCOMING}*"):
            shutil.rmtree(folder)
    for link in settings.home.glob(f"{NEXT_LINK}*"):
        link.unlink()


def incoming_folder(settings: Settings, release_id: str) -> Path:
    """Make and return the folder in which a release is prepared."""
    folder = settings.releases / f"{INCOMING}{release_id}"
    folder.mkdir(parents=True)
    return folder


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write what is known about a release beside its data."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what is known about a release, or None where there is no complete release."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest if (folder / manifest["file"]).exists() else None


def seal(folder: Path) -> None:
    """Make the files of a release read-only and durable."""
    for path in sorted(folder.iterdir()):
        path.chmod(0o444)
        _fsync(path)
    _fsync(folder)


def move_in(settings: Settings, folder: Path, release_id: str) -> Path:
    """Give a sealed folder its final name."""
    final = settings.releases / release_id
    folder.rename(final)
    _fsync(settings.releases)
    return final


def swap_current(settings: Settings, release_id: str) -> None:
    """Point readers at a release; a reader finds the old one or this one, never neither."""
    link = settings.home / f"{NEXT_LINK}{release_id}"
    link.symlink_to(Path(settings.releases.name) / release_id, target_is_directory=True)
    os.replace(link, settings.current_release)  # noqa: PTH105 - the atomic rename is the point
    _fsync(settings.home)


def releases_from(settings: Settings, current: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return what is known of the current release and of any that is newer than it."""
    since = current["created_at"] if current else ""
    known = [read_manifest(folder) for folder in settings.releases.glob("[!.]*")]
    newer = [manifest for manifest in known if manifest and manifest["created_at"] >= since]
    return sorted(newer, key=lambda manifest: str(manifest["created_at"]))


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
