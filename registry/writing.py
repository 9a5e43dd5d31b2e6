"""Writes several registries of a folder as one: all of them, or none, also when killed half-way.

The new texts stand in a journal first. Whoever reads the folder next finishes what a killed writer
began; as long as it writes, readers wait.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from barometer.errors import BarometerError

JOURNAL = ".being_written.json"
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)


class RegistryWriteError(BarometerError):
    """Registries that cannot be written."""


def replace_registries(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Put new texts in the place of registries.

    Args:
        folder: the registries.
        before: the texts that the new ones were made from, by file name.
        after: the new texts, by file name.

    Raises:
        RegistryWriteError: somebody else changed one of them, or the folder cannot be written;
            then all of them are as they were.
    """
    with _locked(folder, fcntl.LOCK_EX):
        _finish(folder)
        changed = [name for name in after if _text(folder / name) != before[name]]
        if changed:
            raise RegistryWriteError(
                f"Somebody else changed {', '.join(changed)} meanwhile; nothing was written.",
                where=str(folder),
                expected="registries as they were read",
                remedy="Run it again: it starts from the registries as they are now.",
            )
        steps = {name: [before[name], text] for name, text in after.items()}
        try:
            write_whole(folder / JOURNAL, json.dumps(steps, ensure_ascii=False))
        except OSError as error:
            raise _not_written(folder, error, "Nothing was changed.") from error
        _finish(folder)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Finish what a killed writer began, and keep others from writing while the block reads.

    Raises:
        RegistryWriteError: it cannot be finished.
    """
    if not folder.is_dir():
        yield
        return
    if (folder / JOURNAL).exists():
        with _locked(folder, fcntl.LOCK_EX):
            _finish(folder)
    with _locked(folder, fcntl.LOCK_SH):
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new one, never half of it.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            # What everybody on a project can read stays so, whoever writes it.
            partial.chmod(stat.S_IMODE(path.stat().st_mode))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _finish(folder: Path) -> None:
    """Carry out what stands in the journal; the caller holds the lock."""
    journal = folder / JOURNAL
    if not journal.exists():
        return
    steps: Mapping[str, Any] = json.loads(journal.read_text(encoding="utf-8"))
    strange = [name for name, texts in steps.items() if _text(folder / name) not in texts]
    if strange:
        raise RegistryWriteError(
            f"A run that was killed left {', '.join(steps)} half-written, and {', '.join(strange)} "
            "was changed since.",
            where=str(journal),
            expected="registries as that run left them",
            remedy=f"Restore them from version control and delete {JOURNAL}.",
        )
    try:
        for name, (_, after) in steps.items():
            write_whole(folder / name, after)
    except OSError as error:
        _take_back(folder, steps)
        raise _not_written(folder, error, "Nothing was changed.") from error
    journal.unlink()


def _take_back(folder: Path, steps: Mapping[str, Any]) -> None:
    try:
        for name, (before, _) in steps.items():
            if _text(folder / name) != before:
                write_whole(folder / name, before)
        (folder / JOURNAL).unlink()
    except OSError as error:
        raise _not_written(
            folder, error, "The next command finishes it as soon as the folder can be written."
        ) from error


def _not_written(folder: Path, error: OSError, consequence: str) -> RegistryWriteError:
    return RegistryWriteError(
        f"The registries could not be written: {error.strerror or error}.",
        where=str(folder),
        expected="a folder that can be written, and room on its disk",
        remedy=f"{consequence} Free the disk or correct the rights, and run it again.",
    )


def _text(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.exists() else None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else is in a folder, and keep others who ask waiting for the block."""
    with _locked(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    # The lock is on the folder itself: nothing is left behind, and a dead holder frees it.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, how)
        except OSError as error:
            # Some network drives know no locks; there is nobody to wait for then.
            if error.errno not in _NO_LOCKS:
                raise
        yield
    finally:
        os.close(descriptor)
