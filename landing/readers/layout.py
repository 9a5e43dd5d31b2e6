"""How a file is laid out, as far as somebody has stated it; what is not stated is found out."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from barometer.errors import UsageError

_DELIMITER_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_FORBIDDEN_DELIMITERS = frozenset('"\r\n')


def setting(column: str) -> str:
    """Return where one of the values below is stated, as messages call it."""
    return f"column `{column}` of deliveries.csv"


@dataclass(frozen=True)
class Layout:
    """What the registry states of a file; None is for the reader to find out.

    Attributes:
        encoding: name of the encoding of a text file, such as cp1252.
        delimiter: what stands between the cells of a text file.
        header_rows: how many rows the header takes.
        table_start: row of the sheet, or line of the text, in which the header begins.

    Raises:
        UsageError: a value is none that a file can have.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int | None = None
    table_start: int | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and not _is_encoding(self.encoding):
            raise _unusable("encoding", self.encoding, "the name of an encoding: utf-8, cp1252, …")
        if self.delimiter is not None and not _is_delimiter(self.separator or ""):
            raise _unusable("delimiter", self.delimiter, "one character, or the word tab")
        for name, number in (
            ("header_rows", self.header_rows),
            ("table_start", self.table_start),
        ):
            if number is not None and number < 1:
                raise _unusable(name, str(number), "a number from 1")

    @property
    def separator(self) -> str | None:
        """The delimiter itself, where it may be stated by its name."""
        return _DELIMITER_NAMES.get(self.delimiter or "", self.delimiter)


UNSTATED = Layout()
"""Nobody stated anything."""


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
        # Python also calls things encodings that no text is in, such as base64 and zip.
        return "a".encode(name).decode(name) == "a"
    except (LookupError, UnicodeError):
        return False


def _is_delimiter(sign: str) -> bool:
    return len(sign) == 1 and sign not in _FORBIDDEN_DELIMITERS


def _unusable(column: str, value: str, expected: str) -> UsageError:
    return UsageError(
        f"A file cannot have the {column.replace('_', ' ')} '{value}'.",
        where=setting(column),
        expected=expected,
        remedy="Correct it, or leave it empty for the reader to find out.",
    )
