"""Bytes to text: which encoding, and a clear word when it is none. Nothing is held in memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from landing.findings.errors import LandingError
from landing.readers.detect import looks_like_utf16

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets and survey tools of this part of the world write when it is not Unicode.
_LEGACY = ["cp1252", "mac_roman"]
_SAMPLE_BYTES = 65_536
_HEAD_BYTES = 4096
# Even, so that a character of two bytes at an even place is never cut.
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class TextFile:
    """A file that is known to be text throughout."""

    path: Path
    encoding: str

    def open(self) -> TextIO:
        """Open it for reading, line ends as they stand."""
        return self.path.open(encoding=self.encoding, newline="")


def examine(path: Path) -> TextFile:
    """Return the file and its encoding, after one pass over all of its bytes.

    Raises:
        LandingError: the bytes are not text in one encoding, or hold NUL characters.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    encoding = _marked_encoding(head) or "utf-8"
    try:
        nuls = _scan(path, encoding)
    except _NotText as error:
        if encoding != "utf-8":
            raise _mixed(path, encoding, error) from error
        _refuse_broken_utf8(path, error)
        encoding = _legacy_encoding(path)
        try:
            nuls = _scan(path, encoding)
        except _NotText as second:
            raise _mixed(path, encoding, second) from second
    if nuls.count:
        raise LandingError(
            f"The file holds {nuls.count} NUL characters; the first is here.",
            where=f"{path.name}, line {nuls.first_line}",
            expected="text without NUL characters",
            remedy="Export again; a damaged disk or a broken transfer leaves such characters.",
        )
    return TextFile(path, encoding)


@dataclass(frozen=True)
class _Nuls:
    count: int
    first_line: int


class _NotText(Exception):
    """A byte that is no text in the encoding that is tried."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _scan(path: Path, encoding: str) -> _Nuls:
    line, count, first = 1, 0, 0
    try:
        for text in decoded(path, encoding):
            if "\x00" in text:
                first = first or line + text.count("\n", 0, text.index("\x00"))
                count += text.count("\x00")
            line += text.count("\n")
    except UnicodeDecodeError as error:
        raise _NotText(line + error.object[: error.start].count(b"\n")) from error
    return _Nuls(count, first)


def _mixed(path: Path, encoding: str, error: _NotText) -> LandingError:
    return LandingError(
        f"The file cannot be read as {encoding} text.",
        where=f"{path.name}, line {error.line}",
        expected="one encoding throughout, preferably UTF-8",
        remedy="Export again as UTF-8.",
    )


def decoded(path: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    """Yield the text of a file piece by piece.

    Raises:
        UnicodeDecodeError: a byte is not text in this encoding, unless `errors` lets it pass.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for chunk in _chunks(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _marked_encoding(head: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if looks_like_utf16(head):
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    return None


def _refuse_broken_utf8(path: Path, error: _NotText) -> None:
    """Stop on UTF-8 with a few broken bytes, which would decode to nonsense as anything else."""
    whole = sum(
        len(text) - len(text.encode("ascii", errors="ignore"))
        for text in decoded(path, "utf-8", "ignore")
        if not text.isascii()
    )
    broken = sum(text.count("\ufffd") for text in decoded(path, "utf-8", "replace"))
    if whole >= 4 * broken:
        raise LandingError(
            f"The file is UTF-8 text with {broken} broken character(s); the first is here.",
            where=f"{path.name}, line {error.line}",
            expected="one encoding throughout, preferably UTF-8",
            remedy="Export again as UTF-8; do not paste texts of two encodings into one file.",
        ) from error


def _legacy_encoding(path: Path) -> str:
    """Guess from the lines with accents alone: the rest says nothing and costs time."""
    sample = b""
    for chunk in _chunks(path):
        if not chunk.isascii():
            lines = [line for line in chunk.splitlines() if not line.isascii()]
            sample += b"\n".join(lines) + b"\n"
        if len(sample) >= _SAMPLE_BYTES:
            break
    match = from_bytes(sample[:_SAMPLE_BYTES], cp_isolation=_LEGACY).best()
    return match.encoding if match is not None and match.encoding in _LEGACY else "cp1252"
