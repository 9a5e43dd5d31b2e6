"""Bytes to text: which encoding, and a clear word when it is none."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from landing.errors import LandingError
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


def decode(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        LandingError: the bytes are not text in one encoding, or hold NUL characters.
    """
    encoding = _encoding(path, data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LandingError(
            f"The file cannot be read as {encoding} text.",
            where=f"{path.name}, line {_line_of_byte(data, error.start)}",
            expected="one encoding throughout, preferably UTF-8",
            remedy="Export again as UTF-8.",
        ) from error
    nul = text.find("\x00")
    if nul >= 0:
        raise LandingError(
            f"The file holds {text.count(chr(0))} NUL characters; the first is here.",
            where=f"{path.name}, line {text.count(chr(10), 0, nul) + 1}",
            expected="text without NUL characters",
            remedy="Export again; a damaged disk or a broken transfer leaves such characters.",
        )
    return text, encoding


def _encoding(path: Path, data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if looks_like_utf16(data[:4096]):
            return _utf16_without_bom(data)
        _refuse_broken_utf8(path, data, error)
        return _legacy_encoding(data)
    return _utf16_without_bom(data) if looks_like_utf16(data[:4096]) else "utf-8"


def _utf16_without_bom(data: bytes) -> str:
    head = data[:4096]
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _refuse_broken_utf8(path: Path, data: bytes, error: UnicodeDecodeError) -> None:
    """Stop on UTF-8 with a few broken bytes, which would decode to nonsense as anything else."""
    whole = sum(character > "\x7f" for character in data.decode("utf-8", errors="ignore"))
    broken = data.decode("utf-8", errors="replace").count("\ufffd")
    if whole >= 4 * broken:
        raise LandingError(
            f"The file is UTF-8 text with {broken} broken character(s); the first is here.",
            where=f"{path.name}, line {_line_of_byte(data, error.start)}",
            expected="one encoding throughout, preferably UTF-8",
            remedy="Export again as UTF-8; do not paste texts of two encodings into one file.",
        ) from error


def _legacy_encoding(data: bytes) -> str:
    """Guess from the lines with accents alone: the rest says nothing and costs time."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES]
    match = from_bytes(sample, cp_isolation=_LEGACY).best()
    return match.encoding if match is not None and match.encoding in _LEGACY else "cp1252"


def _line_of_byte(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
