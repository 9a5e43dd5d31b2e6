"""Locks that the operating system frees when their holder dies: writer, run worker, server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from barometer.errors import BarometerError, NotAccessibleError, system_error
from barometer.private import make_home, set_rights


class AlreadyRunningError(BarometerError):
    """Another process is writing this survey's warehouse."""


class AlreadyServedError(BarometerError):
    """Another Dagster server runs on this survey's home."""


@contextmanager
def writer_lock(lock_file: Path) -> Iterator[None]:
    """Hold the lock of one survey's warehouse, or fail at once.

    The lock belongs to the open file, not to the file's existence, so a process that is
    killed leaves nothing behind that somebody has to clean up.

    Raises:
        AlreadyRunningError: another process holds the lock.
        NotAccessibleError: the folder cannot be made or written.
        NotPrivateError: the folder is on a file system that knows no rights.
        DiskFullError: there is no room left in it.
    """
    descriptor = _open(lock_file, make_home)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running(lock_file, descriptor) from None
        # Also where it has them: a file system that refuses is told of before any work is done.
        set_rights(lock_file, 0o600)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def worker_lock(lock_file: Path) -> Iterator[None]:
    """Hold the lock of those who work on a run; many may hold it at once."""
    descriptor = _open(lock_file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def nobody_works(lock_file: Path) -> Iterator[bool]:
    """Say whether no process works on a run; if so, keep new ones waiting meanwhile."""
    descriptor = _open(lock_file)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def take_server_lock(lock_file: Path) -> int:
    """Take the lock of one survey's Dagster server; return its open file.

    It is held until this process ends, also when the process becomes another program.

    Raises:
        AlreadyServedError: another server holds the lock.
    """
    descriptor = _open(lock_file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(descriptor)
        os.close(descriptor)
        raise AlreadyServedError(
            f"Dagster already runs for this survey and home (process {holder}).",
            where=str(lock_file),
            expected="one server at a time",
            remedy=f"Use that one, or stop process {holder} and start again.",
        ) from None
    os.set_inheritable(descriptor, True)
    _sign(descriptor)
    return descriptor


def _make_folder(folder: Path) -> None:
    make_home(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _open(lock_file: Path, make: Callable[[Path], None] = _make_folder) -> int:
    try:
        make(lock_file.parent)
        return os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise system_error(error) or NotAccessibleError(str(lock_file), str(error)) from error


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"


def _already_running(lock_file: Path, descriptor: int) -> AlreadyRunningError:
    holder = _holder(descriptor)
    return AlreadyRunningError(
        f"Another refresh is writing this warehouse (process {holder}).",
        where=str(lock_file),
        expected="one refresh at a time",
        remedy=f"Wait until process {holder} has ended, then start again.",
    )
