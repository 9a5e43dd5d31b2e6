"""Bytes to text: which encoding, and a clear word when it is none. Nothing is held in memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from landing.findings.errors import LandingError
from landing.readers.damage import DamageCount
from landing.readers.detect import looks_like_utf16
from landing.readers.layout import setting
from landing.readers.legacy import DOS, Reading, WordCount, best_reading
from landing.readers.table import Notice

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD_BYTES = 4096
# Even, so that a character of two bytes at an even place is never cut.
_CHUNK = 1024 * 1024
_SHOWN = 5
# A byte that is no UTF-8, as Python's `surrogateescape` keeps it.
_BROKEN = re.compile("[\udc80-\udcff]")
# Characters that these languages write: two bytes of an older encoding seldom look like one.
_WRITTEN = re.compile("[\u00a0-\u017f\u2010-\u203a\u20ac\u2122]")
_AGAIN = "Export again as UTF-8; do not paste texts of two encodings into one file."


@dataclass(frozen=True)
class TextFile:
    """A file that is known to be text throughout."""

    path: Path
    encoding: str
    notices: tuple[Notice, ...] = ()

    def open(self) -> TextIO:
        """Open it for reading, line ends as they stand."""
        return self.path.open(encoding=self.encoding, newline="")


def examine(path: Path, stated: str | None = None) -> TextFile:
    """Return the file and its encoding, after one pass over all of its bytes.

    Args:
        path: the file.
        stated: the encoding that somebody stated; None finds out.

    Raises:
        LandingError: the bytes are not text in one encoding, or nobody can say in which, or hold
            NUL characters.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    marked = _marked_encoding(head)
    encoding = _agreed(path, stated, marked) if stated else marked or "utf-8"
    notices: tuple[Notice, ...] = ()
    try:
        scan = _scan(path, encoding)
    except _NotText as error:
        if encoding != "utf-8" or stated is not None:
            raise _not_in(path, encoding, error) from error
        _refuse_broken_utf8(path)
        reading = _guess(path)
        encoding, notices = reading.encoding, (_guessed(reading),)
        scan = _scan(path, encoding)
    if scan.n_nuls:
        raise LandingError(
            f"The file holds {scan.n_nuls} NUL characters; the first is here.",
            where=f"{path.name}, line {scan.first_nul}",
            expected="text without NUL characters",
            remedy="Export again; a damaged disk or a broken transfer leaves such characters.",
        )
    notices += scan.damage.judge(path, is_stated=stated is not None)
    return TextFile(path, encoding, notices)


@dataclass
class _Scan:
    """What one pass over a text has found."""

    n_nuls: int = 0
    first_nul: int = 0
    damage: DamageCount = field(default_factory=DamageCount)


class _NotText(Exception):
    """A byte that is no text in the encoding that is tried."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _scan(path: Path, encoding: str) -> _Scan:
    line, scan = 1, _Scan()
    try:
        for text in decoded(path, encoding):
            if "\x00" in text:
                scan.first_nul = scan.first_nul or line + text.count("\n", 0, text.index("\x00"))
                scan.n_nuls += text.count("\x00")
            if not text.isascii():
                for number, one in enumerate(text.split("\n"), start=line):
                    scan.damage.add(one, f"line {number}")
            line += text.count("\n")
    except UnicodeDecodeError as error:
        raise _NotText(line + error.object[: error.start].count(b"\n")) from error
    return scan


def _agreed(path: Path, stated: str, marked: str | None) -> str:
    """Return the stated encoding, with its mark where the file begins with one."""
    name = codecs.lookup(stated).name
    if marked is None or marked == name:
        return name if name.startswith("utf") else stated
    if marked.startswith(name.removesuffix("-le").removesuffix("-be")):
        return marked
    raise LandingError(
        f"The file begins with the mark of {marked}, not of {stated}.",
        where=path.name,
        expected=f"{stated}, as {setting('encoding')} states",
        remedy="Leave the column empty: the file itself says what it is in.",
    )


def _not_in(path: Path, encoding: str, error: _NotText) -> LandingError:
    return LandingError(
        f"The file cannot be read as {encoding} text.",
        where=f"{path.name}, line {error.line}",
        expected="one encoding throughout, preferably UTF-8",
        remedy=f"Export again as UTF-8, or correct the encoding in {setting('encoding')}.",
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


@dataclass
class _Utf8:
    """How much of a file is UTF-8 beyond ASCII, and where it is not."""

    n_whole: int = 0
    n_written: int = 0
    n_broken: int = 0
    n_lines: int = 1
    broken_lines: list[int] = field(default_factory=list)
    first_whole: int = 0
    last: str = ""

    def add(self, text: str) -> None:
        """Take one more piece of the text."""
        if not text.isascii():
            for number, line in enumerate(text.split("\n"), start=self.n_lines):
                self._add_line(line, number)
        self.n_lines += text.count("\n")
        self.last = (self.last + text)[-4:]

    def _add_line(self, line: str, number: int) -> None:
        if line.isascii():
            return
        n_broken = len(_BROKEN.findall(line))
        n_written = len(_WRITTEN.findall(line))
        n_whole = sum(not sign.isascii() for sign in line) - n_broken
        self.n_broken += n_broken
        self.n_written += n_written
        self.n_whole += n_whole
        if n_broken and number not in self.broken_lines:
            self.broken_lines.append(number)
        if n_whole and not self.first_whole:
            self.first_whole = number

    @property
    def is_cut_off(self) -> bool:
        """Whether the only fault is a character that lacks its last bytes, at the very end."""
        end = self.last[len(self.last.rstrip("".join(map(chr, range(0xDC80, 0xDD00))))) :]
        if not end or len(end) != self.n_broken:
            return False
        try:
            end.encode("utf-8", "surrogateescape").decode("utf-8")
        except UnicodeDecodeError as error:
            return error.reason == "unexpected end of data" and error.start == 0
        return False


def _refuse_broken_utf8(path: Path) -> None:
    """Stop on UTF-8 that is cut off or mixed with something else.

    In any other encoding its whole characters would be nonsense.
    """
    found = _Utf8()
    for text in decoded(path, "utf-8", "surrogateescape"):
        found.add(text)
    if found.n_written == 0 and found.n_whole < 4 * found.n_broken:
        return
    if found.is_cut_off:
        raise LandingError(
            "The file is cut off: it ends inside a character.",
            where=f"{path.name}, line {found.n_lines}",
            expected="a complete file",
            remedy="Export or copy it again, and compare the number of rows.",
        )
    lines = ", ".join(str(number) for number in found.broken_lines[:_SHOWN])
    more = len(found.broken_lines) - _SHOWN
    raise LandingError(
        f"The file is UTF-8 text, from line {found.first_whole} on for one, with {found.n_broken} "
        "broken character(s): it is damaged, or texts of two encodings were pasted together.",
        where=f"{path.name}, line {lines}" + (f" and {more} more" if more > 0 else ""),
        expected="one encoding throughout, preferably UTF-8",
        remedy=_AGAIN,
    )


def _guess(path: Path) -> Reading:
    """Return the reading of a file that is not Unicode.

    Raises:
        LandingError: no encoding gives words, or several do.
    """
    count = WordCount()
    for chunk in _chunks(path):
        count.add(chunk)
    readings = count.readings()
    best = best_reading(readings)
    if best is not None and best.encoding != DOS:
        return best
    shown = "; ".join(f"as {reading.encoding} {reading.samples()}" for reading in readings)
    what = "Nobody stated the encoding of the file, and it cannot be told."
    if best is not None:
        what = f"The file looks like text of DOS ({DOS}), an encoding that is not guessed."
    raise LandingError(
        what,
        where=f"{path.name}, words: {shown or 'none in any encoding that is known here'}",
        expected="UTF-8, or the right encoding stated",
        remedy="Export again as UTF-8; or, where one of these readings is right, state it in "
        f"{setting('encoding')}.",
    )


def _guessed(reading: Reading) -> Notice:
    return Notice(
        "encoding_guessed",
        f"Nobody stated the encoding; {reading.encoding} was guessed by words such as "
        f"{reading.samples()}.",
        "the whole file",
        f"If the words are right, state {reading.encoding} in {setting('encoding')}; else state "
        "the right one, or export again as UTF-8.",
    )
