"""One writer at a time: a lock the operating system frees when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from barometer.errors import BarometerError
from barometer.private import make_home, set_rights


class AlreadyRunningError(BarometerError):
    """Another process is writing this survey's warehouse."""


@contextmanager
def writer_lock(lock_file: Path) -> Iterator[None]:
    """Hold the lock of one survey's warehouse, or fail at once.

    The lock belongs to the open file, not to the file's existence, so a process that is
    killed leaves nothing behind that somebody has to clean up.

    Raises:
        AlreadyRunningError: another process holds the lock.
        NotPrivateError: the folder is on a file system that knows no rights.
    """
    make_home(lock_file.parent)
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running(lock_file, descriptor) from None
        # Also where it has them: a file system that refuses is told of before any work is done.
        set_rights(lock_file, 0o600)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _already_running(lock_file: Path, descriptor: int) -> AlreadyRunningError:
    holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
    return AlreadyRunningError(
        f"Another refresh is writing this warehouse (process {holder}).",
        where=str(lock_file),
        expected="one refresh at a time",
        remedy=f"Wait until process {holder} has ended, then start again.",
    )
