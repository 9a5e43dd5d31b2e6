"""What stands below the home of a survey is its owner's alone; only the public edition is not."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from barometer.errors import BarometerError

OTHERS = 0o077
"""The rights of everybody but the owner."""
PASSAGE = 0o711
"""Others get through to a folder whose name they know, and see no names."""


class NotPrivateError(BarometerError):
    """The rights of a file cannot be set, so that others may read what they must not."""


def keep_to_owner() -> None:
    """Let nobody but the owner read what this process, and each that it starts, writes from now."""
    os.umask(OTHERS)


def make_home(home: Path) -> None:
    """Make the folder of a survey, and those above it: passages to the public edition.

    What exists already keeps its rights.
    """
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    # With the rights from the first moment: killed in between, they would stay too narrow.
    before = os.umask(0)
    try:
        for folder in reversed(missing):
            folder.mkdir(mode=PASSAGE, exist_ok=True)
    finally:
        os.umask(before)


def close_home(home: Path, spared: Collection[Path]) -> None:
    """Take from others what earlier versions, or other tools, left open below the home of a survey.

    Links are not followed. Rights are only ever taken away.

    Args:
        home: the folder of the survey; it stays a passage where it is one.
        spared: folders to leave alone with what is in them, and on the way to them.

    Raises:
        NotPrivateError: the rights cannot be changed.
    """
    for path, mode, rights in open_to_others(home, spared):
        _take(path, mode, rights)


def open_to_others(home: Path, spared: Collection[Path]) -> Iterator[tuple[Path, int, int]]:
    """Yield what others may read or change of the home of a survey, a folder before what is in it.

    Links are not followed.

    Args:
        home: the folder of the survey; it may be a passage.
        spared: folders to leave out with what is in them, and on the way to them.

    Yields:
        A file or folder, its rights, and which of them others should not have.

    Raises:
        NotPrivateError: a folder cannot be listed.
    """
    if not home.exists():
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & OTHERS & ~PASSAGE:
        yield home, mode, OTHERS & ~PASSAGE
    for path, mode in _below(home, spared):
        if mode & OTHERS:
            yield path, mode, OTHERS


def set_rights(path: Path, mode: int) -> None:
    """Give a file or folder its rights.

    Raises:
        NotPrivateError: the file system, or whoever owns it, does not allow it.
    """
    try:
        path.chmod(mode)
    except OSError as error:
        raise _refused(path, error) from error


def _take(path: Path, mode: int, rights: int) -> None:
    try:
        path.chmod(mode & ~rights)
    except FileNotFoundError:
        # Other processes may be tidying up meanwhile, Dagster's for instance.
        return
    except OSError as error:
        raise _refused(path, error) from error


def _below(folder: Path, spared: Collection[Path]) -> Iterator[tuple[Path, int]]:
    """Yield everything in a folder with its rights, a folder before what is in it."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(folder, error) from error
    for entry in entries:
        path = Path(entry.path)
        if entry.is_symlink() or path in spared:
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except FileNotFoundError:
            continue
        if not any(each.is_relative_to(path) for each in spared):
            yield path, stat.S_IMODE(mode)
        if stat.S_ISDIR(mode):
            yield from _below(path, spared)


def _refused(path: Path, error: OSError) -> NotPrivateError:
    return NotPrivateError(
        f"It cannot be settled who may read a file: {error.strerror}.",
        where=str(path),
        expected="files of the user who runs this, on a file system that knows rights",
        remedy="Give it to that user (chown), or put BAROMETER_HOME on a local disk.",
    )
