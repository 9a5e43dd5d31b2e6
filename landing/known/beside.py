"""What a file is checked beside: its own bytes, and the files that were delivered with it."""

from __future__ import annotations

from dataclasses import dataclass

from landing.checks.subject import Subject


@dataclass(frozen=True)
class DeliveredFile:
    """A file of the same delivery that was read before."""

    subject: Subject
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Beside:
    """What is known of a file besides its table.

    Attributes:
        sha256: the hash of its bytes; None where the table is no file.
        files: files that are landed together with it and were read before; frames come first.
    """

    sha256: str | None = None
    files: tuple[DeliveredFile, ...] = ()


NOTHING = Beside()
