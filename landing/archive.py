"""Original bytes, kept under their content hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from landing.errors import LandingError

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Fingerprint:
    """What identifies the content of a file."""

    sha256: str
    size: int

    @property
    def archive_path(self) -> str:
        """Where the archive keeps this content, relative to the archive folder."""
        return f"{self.sha256[:2]}/{self.sha256}"


def fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of a file.

    Raises:
        LandingError: the file is not there or cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise LandingError(
            f"The file cannot be read: {error.strerror}.",
            where=str(path),
            expected="a delivered file",
            remedy="Check that the file is still there and that you are allowed to read it.",
        ) from error
    return Fingerprint(digest.hexdigest(), size)


def require_unchanged(path: Path, before: Fingerprint) -> None:
    """Check that a file still is what it was.

    Raises:
        LandingError: somebody writes to it.
    """
    if fingerprint(path) != before:
        raise _changed(path)


def archive_file(path: Path, archive: Path, content: Fingerprint) -> str:
    """Copy a file into the archive, unless its content is there, and return its place.

    The copy gets its name only when it is complete and on disk.

    Raises:
        LandingError: the file changed meanwhile, or the archive cannot be written.
    """
    target = archive / content.archive_path
    try:
        if target.is_file() and target.stat().st_size == content.size:
            return content.archive_path
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target, content)
    except OSError as error:
        raise LandingError(
            f"The archive cannot be written: {error.strerror}.",
            where=str(archive),
            expected="a writable folder with room for the original files",
            remedy="Make room or correct the permissions, then run again; nothing was landed.",
        ) from error
    return content.archive_path


def _copy(path: Path, target: Path, content: Fingerprint) -> None:
    digest = hashlib.sha256()
    descriptor, name = tempfile.mkstemp(prefix=".incoming-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink, path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        if digest.hexdigest() != content.sha256:
            raise _changed(path)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _changed(path: Path) -> LandingError:
    return LandingError(
        "The file changed while it was being read.",
        where=path.name,
        expected="a file that nobody writes to",
        remedy="Wait until the upload has ended, then run again.",
    )
