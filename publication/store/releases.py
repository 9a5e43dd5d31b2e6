"""The releases in the store: list, show, roll back, prune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from barometer.errors import UsageError
from publication.editions import PUBLIC, Edition
from publication.store import files
from publication.store.notes import read_notes
from publication.store.withdrawn import reinstate, withdraw, withdrawn


@dataclass(frozen=True)
class KeptRelease:
    """One release in the store.

    Attributes:
        manifest: what its `manifest.json` says.
        folder: where it stands.
        size: bytes of all its files.
        is_current: whether readers are pointed at it.
        withdrawn_at: when it was rolled back (UTC, ISO 8601), if it was.
    """

    manifest: dict[str, Any]
    folder: Path
    size: int
    is_current: bool
    withdrawn_at: str | None

    @property
    def release_id(self) -> str:
        """Return the id, which begins with the moment it was made (UTC)."""
        return str(self.manifest["release_id"])

    @property
    def database(self) -> Path:
        """Return the database file."""
        return self.folder / str(self.manifest["file"])


def kept_releases(edition: Edition) -> tuple[KeptRelease, ...]:
    """Return every whole release of an edition, oldest first."""
    current = files.read_manifest(edition.current)
    marks = withdrawn(edition)
    notes = read_notes(edition)
    return tuple(
        _shelved(edition, _complete(manifest, notes), current, marks)
        for manifest in files.known_releases(edition)
    )


def current_manifest(edition: Edition) -> dict[str, Any] | None:
    """Return what is known about the current release of an edition, or None before the first."""
    manifest = files.read_manifest(edition.current)
    return None if manifest is None else _complete(manifest, read_notes(edition))


def _complete(manifest: dict[str, Any], notes: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Add what a public release does not say about itself and its publisher wrote down."""
    nothing: dict[str, Any] = {"created_at": "", "checks": {}, "sources": []}
    return {**nothing, **notes.get(manifest["release_id"], {}), **manifest}


def find_release(edition: Edition, release_id: str) -> KeptRelease:
    """Return one release by its id, the beginning of its id if only one begins so, or `current`.

    Raises:
        UsageError: no release fits, or more than one.
    """
    kept = kept_releases(edition)
    if release_id == "current":
        fitting = [one for one in kept if one.is_current]
    else:
        fitting = [one for one in kept if one.release_id == release_id] or [
            one for one in kept if one.release_id.startswith(release_id)
        ]
    if len(fitting) == 1:
        return fitting[0]
    ids = [one.release_id for one in (fitting or kept)]
    raise UsageError(
        f"'{release_id}' is the beginning of {len(fitting)} releases."
        if fitting
        else f"There is no {edition.name} release '{release_id}'.",
        where=str(edition.releases),
        expected="one of: " + ", ".join(ids) if ids else "a release; there is none yet",
        remedy="`barometer releases list` shows them.",
    )


def roll_back(edition: Edition, release_id: str) -> KeptRelease:
    """Make another release current; those made after it are withdrawn. The caller holds the lock.

    A release that was withdrawn itself is reinstated. The figures of a withdrawn release are
    refused when a refresh brings them again (`publication.store.withdrawn`).

    Returns:
        The release that is current now.

    Raises:
        UsageError: there is no such release, or it is current already.
    """
    chosen = find_release(edition, release_id)
    if chosen.is_current:
        raise UsageError(
            f"Release {chosen.release_id} is the current one already.",
            where=str(edition.current),
            remedy="Name another release; `barometer releases list` shows them.",
        )
    later = [
        one["release_id"]
        for one in files.releases_from(edition, chosen.manifest)
        if one["release_id"] != chosen.release_id
    ]
    current = files.read_manifest(edition.current)
    # Where neither has a number, only a clock says which was made first, and it may be wrong.
    numbers = [files.number_of(one) for one in (chosen.manifest, current) if one]
    if current and numbers == [0, 0] and chosen.withdrawn_at is None:
        later.append(current["release_id"])
    # The marks first: killed in between, a refresh refuses rather than brings back what was wrong.
    withdraw(edition, later)
    reinstate(edition, chosen.release_id)
    files.swap_current(edition, chosen.release_id)
    return find_release(edition, chosen.release_id)


def prunable(
    edition: Edition, keep: int, older_than_days: int | None = None, now: datetime | None = None
) -> tuple[KeptRelease, ...]:
    """Return the releases that pruning would remove, oldest first.

    Args:
        edition: the edition; only the internal one can be pruned.
        keep: how many of the newest releases stay, besides the current one.
        older_than_days: where given, only releases older than this go.
        now: the moment to count from; the present one by default.

    Raises:
        UsageError: the edition is public: what was published stays known to whoever took it,
            so every later release is audited together with it.
    """
    if edition.name == PUBLIC:
        raise UsageError(
            "Public releases are not pruned.",
            where=str(edition.releases),
            expected="the internal edition",
            remedy="Keep them: the audit of the next public release reads all earlier ones.",
        )
    if keep < 0 or (older_than_days is not None and older_than_days < 0):
        raise UsageError(
            "Pruning takes no negative numbers.",
            expected="0 or more releases to keep, 0 or more days",
            remedy="Correct --keep or --older-than-days.",
        )
    kept = kept_releases(edition)
    newest = {one.release_id for one in kept[len(kept) - min(keep, len(kept)) :]}
    before = (
        None
        if older_than_days is None
        else (now or datetime.now(UTC)) - timedelta(days=older_than_days)
    )
    return tuple(
        one
        for one in kept
        if not one.is_current
        and one.release_id not in newest
        and (before is None or datetime.fromisoformat(one.manifest["created_at"]) < before)
    )


def prune(edition: Edition, releases: tuple[KeptRelease, ...]) -> None:
    """Remove releases for good; readers that have one open keep it. The caller holds the lock."""
    for one in releases:
        if find_release(edition, one.release_id).is_current:
            continue
        files.move_out(edition, one.release_id)


def _shelved(
    edition: Edition,
    manifest: dict[str, Any],
    current: dict[str, Any] | None,
    marks: dict[str, str],
) -> KeptRelease:
    release_id = manifest["release_id"]
    folder = edition.releases / release_id
    return KeptRelease(
        manifest=manifest,
        folder=folder,
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        is_current=current is not None and current["release_id"] == release_id,
        withdrawn_at=marks.get(release_id),
    )
