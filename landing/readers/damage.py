"""Words that show that a text was read in a wrong encoding before it came here.

`financiÃ«le` is UTF-8 once read as cp1252, `financi√´le` as Mac Roman, `financi├½le` as DOS text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.layout import setting
from landing.readers.legacy import sample_words
from landing.readers.table import Cell, Notice, Row

_WRONGLY_READ_AS = ("cp1252", "latin-1", "mac_roman", "cp850")
# What people of these languages write beside ASCII: letters with accents, and signs.
_WRITTEN = (*map(chr, range(0xA0, 0x180)), *"‘’‚“”„–—…•€™‹›")
_LOST = "\ufffd"
# Signs that stand inside a word only where DOS text was read as cp1252, or cp1252 as DOS text.
_STRANGE = re.compile("[a-zà-ÿ][”‚„‰ˆ‡†Š‹Œ“›ƒ░▒▓│┤╣║╗╝┐└┴┬├─┼╚╔╩╦╠═╬█▄▀][a-zà-ÿ]")
# From this share of the words with an accent it is the file that is damaged, not an answer in it.
_SHARE = 0.1


def _certain() -> re.Pattern[str]:
    """Return a pattern of every written sign as UTF-8 that was read as something else."""
    tails: dict[str, set[str]] = {_LOST: {""}}
    for sign in _WRITTEN:
        for encoding in _WRONGLY_READ_AS:
            try:
                read = sign.encode().decode(encoding)
            except UnicodeDecodeError:
                continue
            tails.setdefault(read[0], set()).add(read[1:])
    return re.compile(
        "|".join(
            f"{re.escape(first)}(?:{'|'.join(map(re.escape, sorted(rest)))})"
            for first, rest in sorted(tails.items())
        )
    )


_CERTAIN = _certain()
# The part of a word that is shown: up to what is neither letter nor sign.
_PART = re.compile(r"[^\x00-\x7f\w]*(?:[\w'-]|[^\x00-\x7f])+")
_AROUND = 15
_MOST_SAMPLES = 5
# A single strange word may be a slip: a space that is missing after a quotation mark.
_FEWEST_STRANGE = 3


class DamageCount:
    """The words of a text that are not ASCII, and those among them that are damaged."""

    def __init__(self) -> None:
        self._n_words = 0
        self._n_damaged = 0
        self._n_certain = 0
        self._samples: dict[str, str] = {}

    def add(self, text: str, where: str) -> None:
        """Count the words of one more piece of text; `where` is the place it is from."""
        if text.isascii():
            return
        for word in text.split():
            if not word.isascii():
                self._add_word(word, where)

    def _add_word(self, word: str, where: str) -> None:
        self._n_words += 1
        found = _CERTAIN.search(word)
        self._n_certain += found is not None
        found = found or _STRANGE.search(word)
        if found is not None:
            self._n_damaged += 1
            if len(self._samples) < _MOST_SAMPLES:
                around = word[max(0, found.start() - _AROUND) : found.end() + _AROUND]
                parts = _PART.findall(around)
                self._samples.setdefault(next(p for p in parts if not p.isascii()), where)

    def judge(self, path: Path, *, is_stated: bool) -> tuple[Notice, ...]:
        """Return what the sender should hear of a few damaged words.

        Args:
            path: the file.
            is_stated: whether somebody stated the encoding, and so has seen what it gives.

        Raises:
            LandingError: so many words are damaged that the file is.
        """
        if not self._n_damaged:
            return ()
        message = (
            f"{self._n_damaged} of {self._n_words} word(s) with an accent or sign look as if the "
            f"text was once read in a wrong encoding: {sample_words(self._samples)}."
        )
        where = next(iter(self._samples.values()))
        remedy = (
            "Export again from the survey tool as UTF-8, without opening the file in another "
            "program."
        )
        n_sure = self._n_damaged if self._n_damaged >= _FEWEST_STRANGE else self._n_certain
        if not is_stated and n_sure and n_sure >= _SHARE * self._n_words:
            raise LandingError(
                message,
                where=f"{path.name}, first in {where}",
                expected="words as people wrote them",
                remedy=f"{remedy} If they wrote these, state the encoding in "
                f"{setting('encoding')}.",
            )
        return (Notice("damaged_words", message, f"first in {where}", remedy),)


def damaged_cells(
    path: Path, header: Row, rows: Iterable[Row], *, is_stated: bool
) -> tuple[Notice, ...]:
    """Judge the cells of a table whose file says itself how its bytes are to be read.

    Raises:
        LandingError: so many words are damaged that the file is.
    """
    count = DamageCount()
    _add(count, header, "the header")
    for number, row in enumerate(rows, start=1):
        _add(count, row, f"data row {number}")
    return count.judge(path, is_stated=is_stated)


def _add(count: DamageCount, row: Iterable[Cell], where: str) -> None:
    for cell in row:
        if cell is not None and not cell.isascii():
            count.add(cell, where)
