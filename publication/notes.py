"""What the publisher wrote down about public releases, which they do not say themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from publication.editions import PUBLIC, Edition

LEDGER = "public_ledger"
"""Folder beside that of the public edition; no reader opens it."""


def ledger_beside(edition: Edition) -> Path:
    """Return the folder of the ledger of public releases."""
    return edition.folder.parent / LEDGER


def read_notes(edition: Edition) -> dict[str, dict[str, Any]]:
    """Return when each public release was made and from what, by release id."""
    if edition.name != PUBLIC:
        return {}
    found = {}
    for path in sorted(ledger_beside(edition).glob("*.json*")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found[content["release_id"]] = {"created_at": content["created_at"], **content["notes"]}
    return found
