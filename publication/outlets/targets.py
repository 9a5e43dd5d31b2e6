"""Write a file that somebody named: whole or not at all, and nothing else left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from barometer.errors import UsageError, system_error
from barometer.private import set_rights


@contextmanager
def new_file(target: Path, suffixes: Collection[str], rights: int) -> Iterator[Path]:
    """Yield a place to write to; it becomes the target when the block ends without an error.

    Args:
        target: the file; one that is there is replaced.
        suffixes: how its name may end.
        rights: who may read the file.

    Raises:
        UsageError: the name ends otherwise or is that of a folder, or its folder is not there.
        BarometerError: the file cannot be written there.
    """
    if target.suffix.lower() not in suffixes:
        raise _refused(target, "a name that ends in " + ", ".join(suffixes), "Name another file.")
    try:
        if target.is_dir():
            raise _refused(target, "the name of a file; this is a folder", "Name a file in it.")
        if not target.parent.is_dir():
            raise _refused(target, "a folder that is there", "Make the folder, or name another.")
        with tempfile.TemporaryDirectory(prefix=".barometer-", dir=target.parent) as folder:
            draft = Path(folder) / f"draft{target.suffix.lower()}"
            yield draft
            set_rights(draft, rights)
            draft.replace(target)
    except OSError as error:
        told = system_error(error)
        if told is None:
            raise
        raise told from error


def _refused(target: Path, expected: str, remedy: str) -> UsageError:
    return UsageError(
        f"Nothing can be written to '{target}'.",
        where=str(target.absolute().parent),
        expected=expected,
        remedy=remedy,
    )
