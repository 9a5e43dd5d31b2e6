"""Original bytes, kept under their content hash: as they are, encrypted, or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from landing.findings.errors import LandingError
from landing.storage.encryption import decrypt, encrypt, encrypted_size
from landing.storage.keys import SecretKey

_CHUNK = 1024 * 1024
_ENCRYPTED = ".encrypted"
_INCOMING = ".incoming-"


@dataclass(frozen=True)
class Fingerprint:
    """What identifies the content of a file."""

    sha256: str
    size: int

    @property
    def archive_path(self) -> str:
        """Where the archive keeps this content as it is, relative to the archive folder."""
        return f"{self.sha256[:2]}/{self.sha256}"

    @property
    def encrypted_path(self) -> str:
        """Where the archive keeps this content encrypted, relative to the archive folder."""
        return self.archive_path + _ENCRYPTED


class _Digesting:
    """A stream that is read once, and the hash of what came by."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


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


def archive_file(
    path: Path, archive: Path, content: Fingerprint, key: SecretKey | None = None
) -> str:
    """Put a file into the archive, unless its content is there, and return its place.

    With a key it is encrypted. The copy gets its name only when it is complete and on disk.

    Raises:
        LandingError: the file changed meanwhile, or the archive cannot be written.
    """
    place = content.encrypted_path if key else content.archive_path
    size = encrypted_size(content.size) if key else content.size
    target = archive / place
    try:
        if target.is_file() and target.stat().st_size == size:
            return place
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(path, target, content, key)
    except OSError as error:
        raise LandingError(
            f"The archive cannot be written: {error.strerror}.",
            where=str(archive),
            expected="a writable folder with room for the original files",
            remedy="Make room or correct the permissions, then run again; nothing was landed.",
        ) from error
    return place


def read_original(archive: Path, place: str, key: SecretKey | None = None) -> Iterator[bytes]:
    """Yield an archived original piece by piece, as it was delivered.

    The content is checked against its hash; do not use what was yielded when this raises.

    Args:
        archive: folder of the archive.
        place: where the original is in it, as `raw.exports.archive_path` has it.
        key: key of the archive, for an original that is encrypted.

    Raises:
        LandingError: it is not there, was changed, or is encrypted and the key is not the one.
    """
    target = archive / place
    expected = target.name.removesuffix(_ENCRYPTED)
    digest = hashlib.sha256()
    try:
        with target.open("rb") as source:
            for piece in _pieces(source, target, key):
                digest.update(piece)
                yield piece
    except OSError as error:
        raise LandingError(
            f"The original cannot be read: {error.strerror}.",
            where=str(target),
            expected="an original in the archive",
            remedy="Check that it was not removed, as `barometer forget` does.",
        ) from error
    if digest.hexdigest() != expected:
        raise LandingError(
            "The original is not what was archived.",
            where=str(target),
            expected=f"content with hash {expected}",
            remedy="Restore it from a backup.",
        )


def remove_originals(archive: Path, sha256: str) -> int:
    """Remove every form of one original, and return how many there were."""
    content = Fingerprint(sha256, 0)
    removed = 0
    for place in (content.archive_path, content.encrypted_path):
        target = archive / place
        if target.exists():
            target.unlink()
            _sync_folder(target.parent)
            removed += 1
    return removed


def remove_incomplete(archive: Path) -> None:
    """Remove what runs that were killed had only begun to copy."""
    for path in archive.glob(f"*/{_INCOMING}*"):
        path.unlink()


def _pieces(source: BinaryIO, target: Path, key: SecretKey | None) -> Iterator[bytes]:
    if not target.name.endswith(_ENCRYPTED):
        while chunk := source.read(_CHUNK):
            yield chunk
        return
    if key is None:
        raise LandingError(
            "The original is encrypted.",
            where=str(target),
            expected="the key of the archive",
            remedy="Set BAROMETER_ARCHIVE_KEY to the key that was used when it was landed.",
        )
    yield from decrypt(source, key, str(target))


def _copy(path: Path, target: Path, content: Fingerprint, key: SecretKey | None) -> None:
    descriptor, name = tempfile.mkstemp(prefix=_INCOMING, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as sink, path.open("rb") as stream:
            source = _Digesting(stream)
            if key:
                encrypt(source, sink, key)
            else:
                while chunk := source.read(_CHUNK):
                    sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        if source.digest.hexdigest() != content.sha256:
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
