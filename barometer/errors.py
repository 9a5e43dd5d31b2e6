"""Errors that tell a person what is wrong, where, what was expected and what to do."""

from __future__ import annotations

import errno
from collections.abc import Sequence


class BarometerError(Exception):
    """Base of every error this project raises on purpose.

    Attributes:
        what: one sentence, what is wrong.
        where: the file, and the row or column or registry line, if there is one.
        expected: what would have been right.
        remedy: what the reader can do about it.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy
        super().__init__(self.render())

    def render(self) -> str:
        """Return the message as lines of plain text, empty parts left out."""
        parts = [self.what]
        if self.where:
            parts.append(f"  where:    {self.where}")
        if self.expected:
            parts.append(f"  expected: {self.expected}")
        if self.remedy:
            parts.append(f"  to do:    {self.remedy}")
        return "\n".join(parts)


class SeveralErrors(BarometerError):
    """Several problems found in one pass, so that they can be mended in one pass."""

    def __init__(self, what: str, errors: Sequence[BarometerError], *, remedy: str = "") -> None:
        self.errors = tuple(errors)
        super().__init__(what, remedy=remedy)

    def render(self) -> str:
        """Return the headline followed by every problem."""
        body = "\n".join(error.render() for error in self.errors)
        head = super().render()
        return f"{head}\n{body}" if body else head


class DiskFullError(BarometerError):
    """There is no room left where something had to be written."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "The disk is full; the current release stays as it was.",
            where=where,
            expected="room for the warehouse and one more release",
            remedy="Make room and run again; the next run recovers by itself.",
        )


class NotAccessibleError(BarometerError):
    """The system does not let us read or write a file or folder."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"A file or folder cannot be read or written ({reason}).",
            where=where,
            expected="a home folder, and whatever else the command names, that this user may read "
            "and write",
            remedy="Correct its permissions or its mount, or name another folder (--home, or "
            "BAROMETER_HOME); the current release stays as it was.",
        )


_FULL = (errno.ENOSPC, errno.EDQUOT)
# Of processes and connections, not of files.
_OTHER = (ConnectionError, ChildProcessError, ProcessLookupError, TimeoutError, InterruptedError)


def system_error(error: OSError) -> BarometerError | None:
    """Return what a person must know of an error of the file system; None of any other error."""
    where = str(error.filename or "")
    if error.errno in _FULL:
        return DiskFullError(where)
    if error.errno is None or isinstance(error, _OTHER):
        return None
    return NotAccessibleError(where, error.strerror or str(error))


class UsageError(BarometerError):
    """A command was called with something that does not exist or does not fit."""
