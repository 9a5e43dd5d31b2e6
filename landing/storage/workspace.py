"""Where the cells of large files stand while they are read and checked: a DuckDB of its own."""

from __future__ import annotations

import fcntl
import itertools
import secrets
import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import duckdb

from landing.findings.errors import LandingError

# What does not fit goes to the folder; the rest of the process needs its part of a GiB.
MEMORY_LIMIT = "512MiB"
_PREFIX = ".landing-"
_LOCK = "in-use"


@dataclass
class _Folder:
    """A folder that is made when it is first needed, and held by a lock while it is used."""

    path: Path
    above: Path | None
    lock: BinaryIO | None = None

    def make(self) -> Path:
        if self.lock is None:
            existed = self.path.parent.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.above = None if existed else self.path.parent
            remove_left_behind(self.path.parent)
            # It gets its name when it is locked, so that nobody takes it for one left behind.
            fresh = Path(tempfile.mkdtemp(prefix=".new-landing-", dir=self.path.parent))
            self.lock = (fresh / _LOCK).open("wb")
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            fresh.rename(self.path)
        return self.path

    def remove(self) -> None:
        if self.lock is None:
            return
        self.lock.close()
        self.lock = None
        shutil.rmtree(self.path, ignore_errors=True)
        if self.above is not None and not any(self.above.iterdir()):
            self.above.rmdir()


@dataclass
class _Opened:
    """What has to be closed, apart from the workspace so that it can outlive it."""

    folder: _Folder
    connection: duckdb.DuckDBPyConnection | None = None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self.folder.remove()


@dataclass(eq=False)
class Workspace:
    """Room for tables being read; everything in it goes when it is closed or forgotten.

    Attributes:
        beside: folder in which to make room on disk, where memory does not do; None takes the
            temporary folder of the system.
        counts: value counts that were asked for before.
    """

    beside: Path | None = None
    counts: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)
    _opened: _Opened = field(init=False, repr=False)
    _names: itertools.count[int] = field(default_factory=itertools.count, repr=False)

    def __post_init__(self) -> None:
        parent = self.beside or Path(tempfile.gettempdir())
        path = parent / f"{_PREFIX}{secrets.token_hex(8)}"
        self._opened = _Opened(_Folder(path, None))
        weakref.finalize(self, self._opened.close)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open database; a failing statement raises `duckdb.Error`."""
        if self._opened.connection is None:
            # Made at once: many small files together may spill too.
            spill = self.folder() / "spill"
            self._opened.connection = duckdb.connect(
                ":memory:", config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)}
            )
        return self._opened.connection

    def folder(self) -> Path:
        """Return a folder for files of this workspace; call it before anything large.

        Raises:
            LandingError: it cannot be made.
        """
        try:
            return self._opened.folder.make()
        except OSError as error:
            raise LandingError(
                f"There is no room for reading files: {error.strerror}.",
                where=str(self._opened.folder.path.parent),
                expected="a writable folder",
                remedy="Correct the permissions or make room, then run again.",
            ) from error

    def new_name(self) -> str:
        """Return a name that no table of this workspace has."""
        return f"staged_{next(self._names)}"

    def close(self) -> None:
        """Drop every table and remove the folder."""
        self._opened.close()


def remove_left_behind(beside: Path) -> None:
    """Remove the folders of runs that were killed: nobody holds their lock any more."""
    for folder in beside.glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            # It is in use, or somebody else's.
            continue
