"""What is public already: the memory that later public releases are audited against.

One file per release, written before readers can see it, in a folder that no reader opens. It holds
the rules, the public constants, the cells, how many answered, and short keyed fingerprints of the
responses of the last release, to count how many changed. No id of a response or an organisation.

A file begins as pending; it becomes final once the release is in the release store. One that is
pending without a release never was public and is removed, so that a crash costs nothing and a
published release is always in the ledger.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from barometer.json_files import read_json
from barometer.settings import Settings
from protection.edition.edition import Edition
from publication.editions import PUBLIC, edition_of
from publication.errors import PublicationError
from publication.public.ledger.format import wave_as_json, wave_from_json
from publication.public.method.corrections import Tags
from publication.public.method.protect import ProtectedWave
from publication.store.files import fsync, write_atomically
from publication.store.notes import RESTORE_LEDGER, ledger_beside

PENDING = ".pending"
KEY = "key"


@dataclass(frozen=True)
class LedgerEntry:
    """One public release as the ledger remembers it.

    Attributes:
        release_id: the release.
        created_at: when it was made (UTC, ISO 8601); not in the release itself.
        notes: what the release was made from; not in the release itself.
        waves: the waves it shows.
    """

    release_id: str
    created_at: str
    notes: Mapping[str, Any]
    waves: tuple[ProtectedWave, ...]


def ledger_folder(settings: Settings) -> Path:
    """Return the folder of the ledger."""
    return ledger_beside(edition_of(settings, PUBLIC))


def ledger_key(settings: Settings) -> bytes:
    """Return the secret of the fingerprints, made at first use."""
    path = ledger_folder(settings) / KEY
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, secrets.token_hex(32) + "\n")
    return bytes.fromhex(path.read_text(encoding="utf-8").strip())


def read_ledger(settings: Settings) -> tuple[LedgerEntry, ...]:
    """Settle what a crash left open and return every release that is public, oldest first.

    Raises:
        PublicationError: a release is in the release store that the ledger does not know.
        DamagedFileError: a file of the ledger is damaged.
    """
    folder = ledger_folder(settings)
    releases = edition_of(settings, PUBLIC).releases
    for pending in sorted(folder.glob(f"*{PENDING}")):
        release_id = pending.name.removesuffix(f".json{PENDING}")
        if (releases / release_id).exists():
            finalise(settings, release_id)
        else:
            pending.unlink()
    editions: dict[str, Edition] = {}
    entries = tuple(_read(path, editions) for path in sorted(folder.glob("*.json")))
    known = {entry.release_id for entry in entries}
    unknown = sorted(
        path.name for path in releases.glob("[!.]*") if path.is_dir() and path.name not in known
    )
    if unknown:
        raise PublicationError(
            f"The ledger of public releases does not know {', '.join(unknown)}.",
            where=str(folder),
            expected="a file for every public release",
            remedy=RESTORE_LEDGER,
        )
    return entries


def write_pending(settings: Settings, entry: LedgerEntry) -> None:
    """Remember a release that readers cannot see yet."""
    content = {
        "release_id": entry.release_id,
        "created_at": entry.created_at,
        "notes": dict(entry.notes),
        "waves": [wave_as_json(wave) for wave in entry.waves],
    }
    path = ledger_folder(settings) / f"{entry.release_id}.json{PENDING}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def finalise(settings: Settings, release_id: str) -> None:
    """Say that a release is in the release store; earlier files lose their fingerprints."""
    folder = ledger_folder(settings)
    pending = folder / f"{release_id}.json{PENDING}"
    if pending.exists():
        pending.rename(folder / f"{release_id}.json")
        fsync(folder)
    for path in sorted(folder.glob("*.json"))[:-1]:
        _rewrite(path, {})


def forget_absent(settings: Settings, present: Mapping[str, Tags]) -> None:
    """Drop the fingerprints of responses that are not in the warehouse any more.

    Args:
        settings: the survey.
        present: fingerprints of the responses there are now, per wave.
    """
    paths = sorted(ledger_folder(settings).glob("*.json"))
    for path in paths[:-1]:
        _rewrite(path, {})
    if paths:
        _rewrite(paths[-1], present)


def waves_before(entries: Sequence[LedgerEntry], wave: str) -> list[ProtectedWave]:
    """Return a wave as each earlier release shows it, oldest first."""
    return [each for entry in entries for each in entry.waves if each.wave == wave]


def _read(path: Path, editions: dict[str, Edition]) -> LedgerEntry:
    return read_json(path, partial(_entry, editions), remedy=RESTORE_LEDGER)


def _entry(editions: dict[str, Edition], content: dict[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        content["release_id"],
        content["created_at"],
        content["notes"],
        tuple(wave_from_json(wave, editions) for wave in content["waves"]),
    )


def _rewrite(path: Path, present: Mapping[str, Tags]) -> None:
    """Keep of a file's fingerprints only those that are present."""
    content = read_json(path, dict, remedy=RESTORE_LEDGER)
    before = json.dumps(content["waves"])
    for wave in content["waves"]:
        there = present.get(wave["wave"], {})
        wave["tags"] = {
            atom: sorted((Counter(tags) & Counter(there.get(atom, ()))).elements())
            for atom, tags in wave["tags"].items()
        }
    if json.dumps(content["waves"]) != before:
        write_atomically(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
