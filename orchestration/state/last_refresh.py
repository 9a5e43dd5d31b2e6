"""What the last finished refresh depended on, so that one with nothing to do says so and ends.

A run that lands or builds removes the file before its first write and writes it as its last act:
a run that was killed has left none. What it says is compared with the files as they are, so that
nobody can be told "nothing changed" of a warehouse or a release that somebody touched since.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from barometer.json_files import read_json, write_json
from barometer.settings import Settings

ROOMS = (
    *("barometer", "estimation", "expectations", "landing", "macros", "models", "orchestration"),
    *("protection", "publication", "registry", "tests/dbt"),
)
PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "uv.lock")
UNSEEN_BY_DBT = ("estimation", "macros", *PROJECT_FILES)
"""Code that the compiled SQL of a model does not show."""


@dataclass(frozen=True)
class LastRefresh:
    """What a finished refresh depended on and what it left to be known.

    Attributes:
        finished_at: when it ended, in UTC, to the second.
        depends_on: fingerprint by what it is of, in words: `export x.csv`, `the code`.
        lines: what stands after it, as the command line told it.
    """

    finished_at: str
    depends_on: Mapping[str, str]
    lines: tuple[str, ...]

    @property
    def ended(self) -> str:
        """When it ended, as a person reads it."""
        return self.finished_at.replace("T", " ").replace("+00:00", " UTC")


def recall(settings: Settings) -> LastRefresh | None:
    """Return the last finished refresh; None where none ended since anything was written.

    Raises:
        BarometerError: the file is damaged.
    """
    path = _file(settings)
    if not path.exists():
        return None
    return read_json(path, _last_refresh, remedy="Remove it; the next refresh builds in full.")


def remember(settings: Settings, read: Mapping[str, str], lines: Iterable[str]) -> None:
    """Write down that a refresh ended, and on what it depended.

    Args:
        settings: where the survey is.
        read: `inputs` as they were before the refresh began. What was delivered or changed while
            it ran, it may not have seen.
        lines: what stands after it, as the command line tells it.
    """
    ended = {
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "depends_on": {**read, **_outputs(settings)},
        "lines": list(lines),
    }
    write_json(_file(settings), ended)


def withdraw(settings: Settings) -> None:
    """Forget the last refresh, before anything is written."""
    _file(settings).unlink(missing_ok=True)


def changes(settings: Settings, last: LastRefresh) -> tuple[str, ...]:
    """Return in words what is not as the last refresh left it."""
    now = {**inputs(settings), **_outputs(settings)}
    names = sorted({*now, *last.depends_on})
    return tuple(name for name in names if now.get(name) != last.depends_on.get(name))


def inputs(settings: Settings) -> dict[str, str]:
    """Return a fingerprint of everything that a refresh reads, by what it is."""
    return {
        "the code": _code(settings.root, (*ROOMS, *PROJECT_FILES)),
        "the settings": f"{settings.survey}, {settings.inbox}",
        **{f"registry {file.name}": _digest(file) for file in _files(settings.seeds, "*.csv")},
        **{f"delivery {file.name}": _state(file) for file in _files(settings.inbox, "*")},
    }


def _outputs(settings: Settings) -> dict[str, str]:
    return {
        "the warehouse": _state(settings.warehouse),
        "the releases": _states([settings.releases, settings.home / "public"]),
        "the current releases": f"{_target(settings.current_release)} "
        f"{_target(settings.home / 'public' / 'current')}",
        "the public ledger": _states([settings.home / "public_ledger"]),
        "the Data Docs": _state(settings.data_docs / "index.html"),
    }


def code_unseen_by_dbt(root: Path) -> str:
    """Return a fingerprint of the code that decides what a model becomes beside its own SQL."""
    return _code(root, UNSEEN_BY_DBT)


def _file(settings: Settings) -> Path:
    return settings.home / "last_refresh.json"


def _last_refresh(found: Any) -> LastRefresh:  # noqa: ANN401 - what JSON holds
    last = LastRefresh(found["finished_at"], dict(found["depends_on"]), tuple(found["lines"]))
    if not all(isinstance(text, str) for text in (last.finished_at, *last.lines)):
        raise TypeError("a value is no text")
    return last


def _code(root: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        path = root / name
        for file in [path] if path.is_file() else _files(path, "**/*"):
            if "__pycache__" not in file.parts:
                digest.update(f"\0{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return (path for path in sorted(folder.glob(pattern)) if path.is_file())


def _state(path: Path) -> str:
    """Return what changes when somebody writes a file, without reading it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return "none"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _states(folders: Iterable[Path]) -> str:
    listed = (
        f"{file} {_state(file)}"
        for folder in folders
        for file in _files(folder, "**/*")
        if not file.is_symlink()
    )
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def _target(link: Path) -> str:
    return str(link.readlink()) if link.is_symlink() else "none"
