"""What the publisher wrote down about public releases, which they do not say themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from barometer.json_files import read_json
from publication.editions import PUBLIC, Edition

LEDGER = "public_ledger"
"""Folder beside that of the public edition; no reader opens it."""

RESTORE_LEDGER = (
    "Restore the ledger from the backup; without it nobody can say whether the next release is "
    "safe beside those that are public."
)


def ledger_beside(edition: Edition) -> Path:
    """Return the folder of the ledger of public releases."""
    return edition.folder.parent / LEDGER


def read_notes(edition: Edition) -> dict[str, dict[str, Any]]:
    """Return when each public release was made and from what, by release id.

    Raises:
        DamagedFileError: a file of the ledger is damaged.
    """
    if edition.name != PUBLIC:
        return {}
    found = {}
    for path in sorted(ledger_beside(edition).glob("*.json*")):
        release_id, notes = read_json(path, _notes, remedy=RESTORE_LEDGER)
        found[release_id] = notes
    return found


def _notes(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return content["release_id"], {"created_at": content["created_at"], **content["notes"]}
