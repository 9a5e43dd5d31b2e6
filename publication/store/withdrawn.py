"""Releases that were rolled back: the same figures do not come back by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from barometer.json_files import of_texts, read_json
from publication.editions import Edition
from publication.errors import WithdrawnError
from publication.store.files import write_atomically

FILE = "withdrawn.json"


def withdrawn(edition: Edition) -> dict[str, str]:
    """Return when each release was rolled back (UTC, ISO 8601), by release id.

    Raises:
        DamagedFileError: the file that says so is damaged.
    """
    path = edition.folder / FILE
    if not path.exists():
        return {}
    return read_json(
        path,
        of_texts,
        remedy="Restore it from the backup, or write it anew by hand: an object that gives, by "
        "release id, the moment of its rollback; without one, figures that were rolled back could "
        "be published again.",
    )


def withdraw(edition: Edition, release_ids: Iterable[str]) -> None:
    """Mark releases as rolled back; those marked before keep their moment."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _write(edition, {**dict.fromkeys(release_ids, now), **withdrawn(edition)})


def reinstate(edition: Edition, release_id: str) -> None:
    """Take the mark off a release that is to be current again."""
    _write(edition, {one: when for one, when in withdrawn(edition).items() if one != release_id})


def refuse_withdrawn(edition: Edition, release_ids: Iterable[str]) -> None:
    """Refuse to publish figures that somebody rolled back.

    Raises:
        WithdrawnError: one of the releases was withdrawn.
    """
    marks = withdrawn(edition)
    for release_id in release_ids:
        if release_id in marks:
            place = edition.releases / release_id
            mend = (
                f"`barometer releases rollback {release_id}` makes it current again."
                if place.exists()
                else f"take its line out of {edition.folder / FILE}; it was pruned since."
            )
            raise WithdrawnError(
                f"These are the figures of release {release_id}, which was rolled back on "
                f"{marks[release_id]}.",
                where=str(place),
                expected="other figures, after a correction of what was wrong",
                remedy="Correct the cause and refresh again; or, if the release was right after "
                f"all, {mend}",
            )


def _write(edition: Edition, marks: Mapping[str, str]) -> None:
    text = json.dumps(dict(sorted(marks.items())), indent=2) + "\n"
    write_atomically(edition.folder / FILE, text, edition.rights)
