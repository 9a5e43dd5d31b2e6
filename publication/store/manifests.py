"""What `manifest.json` says about a release, read back and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from barometer.databases import RELEASE
from barometer.json_files import read_json

MANIFEST = "manifest.json"
_TEXTS = ("release_id", "survey", "edition", "code_version", "file", "content_hash")
_OF_TABLES: Mapping[str, type] = {"name": str, "rows": int, "sha256": str}
_OF_SOURCES: Mapping[str, type] = {
    "wave": str,
    "kind": str,
    "part": str,
    "file_name": str,
    "content_sha256": str,
    "rows": int,
}


def load_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest that stands in the folder of a release.

    Raises:
        DamagedFileError: it is cut off, or lacks what every release says about itself.
    """
    return read_json(folder / MANIFEST, _checked, remedy=RELEASE.damaged)


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    _require(content, {**dict.fromkeys(_TEXTS, str), "is_synthetic": bool, "tables": list})
    for table in content["tables"]:
        _require(table, _OF_TABLES)
    # What a public release does not say stands in the ledger (`publication.store.notes`).
    for source in content.get("sources", []):
        _require(source, _OF_SOURCES)
    _require({"checks": {}, **content}, {"checks": dict})
    if "created_at" in content:
        datetime.fromisoformat(content["created_at"])
    if Path(content["file"]).name != content["file"]:
        raise ValueError("file is no file name")
    return content


def _require(content: Mapping[str, object], types: Mapping[str, type]) -> None:
    for name, wanted in types.items():
        if not isinstance(content[name], wanted):
            raise TypeError(f"{name} is no {wanted.__name__}")
