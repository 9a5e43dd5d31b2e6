"""The folders and links of releases: prepared unseen, then swapped in one step."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from barometer.private import set_rights
from publication.editions import PUBLIC, Edition
from publication.store.manifests import MANIFEST, load_manifest

INCOMING = ".incoming-"
REMOVED = ".removed-"
NEXT_LINK = ".current-"
READ_ONLY = 0o444


def remove_leftovers(edition: Edition) -> None:
    """Remove what a publication or a pruning that was killed had left."""
    if edition.releases.exists():
        for pattern in (f"{INCOMING}*", f"{REMOVED}*"):
            for folder in edition.releases.glob(pattern):
                shutil.rmtree(folder)
    for link in edition.folder.glob(f"{NEXT_LINK}*"):
        link.unlink()


def incoming_folder(edition: Edition, release_id: str) -> Path:
    """Make and return the folder in which a release is prepared; its owner alone sees into it."""
    edition.releases.mkdir(parents=True, exist_ok=True)
    if edition.name == PUBLIC:
        set_rights(edition.folder, edition.folder_rights)
    set_rights(edition.releases, edition.folder_rights)
    folder = edition.releases / f"{INCOMING}{release_id}"
    folder.mkdir(mode=0o700)
    return folder


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write what is known about a release beside its data."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what is known about a release, or None where there is no complete release.

    Raises:
        DamagedFileError: its manifest is damaged.
    """
    if not (folder / MANIFEST).exists():
        return None
    manifest = load_manifest(folder)
    return manifest if (folder / manifest["file"]).exists() else None


def seal(folder: Path, edition: Edition) -> None:
    """Make a release durable, its files read-only, and let read it who may read the edition."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            seal(path, edition)
        else:
            set_rights(path, edition.rights & READ_ONLY)
            fsync(path)
    set_rights(folder, edition.folder_rights)
    fsync(folder)


def move_in(edition: Edition, folder: Path, release_id: str) -> Path:
    """Give a sealed folder its final name."""
    final = edition.releases / release_id
    folder.rename(final)
    fsync(edition.releases)
    return final


def move_out(edition: Edition, release_id: str) -> None:
    """Take a release away: out of sight in one step, then off the disk."""
    hidden = edition.releases / f"{REMOVED}{release_id}"
    (edition.releases / release_id).rename(hidden)
    fsync(edition.releases)
    shutil.rmtree(hidden)


def swap_current(edition: Edition, release_id: str) -> None:
    """Point readers at a release; a reader finds the old one or this one, never neither."""
    link = edition.folder / f"{NEXT_LINK}{release_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(edition.releases.name) / release_id, target_is_directory=True)
    os.replace(link, edition.current)  # noqa: PTH105 - the atomic rename is the point
    fsync(edition.folder)


def write_atomically(path: Path, text: str, rights: int = 0o600) -> None:
    """Write a small file so that a reader, or a crash, finds the old text or the new."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    set_rights(draft, rights)
    os.replace(draft, path)  # noqa: PTH105 - the atomic rename is the point
    fsync(path.parent)


def known_releases(edition: Edition) -> list[dict[str, Any]]:
    """Return the manifests of all whole releases, oldest first."""
    known = [read_manifest(folder) for folder in edition.releases.glob("[!.]*")]
    return sorted((manifest for manifest in known if manifest), key=place_in_order)


def number_of(manifest: dict[str, Any]) -> int:
    """Return which release of its edition it is, from 1; 0 from before they were numbered."""
    number = str(manifest["release_id"]).partition("-")[0]
    return int(manifest.get("number") or (number if number.isdigit() else 0))


def place_in_order(manifest: dict[str, Any]) -> tuple[int, str]:
    """Return what sorts releases by age: their number; a clock may have been wrong.

    Of those without a number nothing is known but when they say they were made.
    """
    return number_of(manifest), str(manifest.get("created_at", ""))


def releases_from(edition: Edition, current: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the manifests of the current release and of any that is newer than it."""
    since = place_in_order(current) if current else (0, "")
    return [one for one in known_releases(edition) if place_in_order(one) >= since]


def fsync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
