"""How alike two column names or two labels are, from 0 to 100."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from barometer.labels import normalise_label

_NOT_WORD = re.compile(r"[^\w]+")
_NOT_CODE = re.compile(r"[^a-z0-9]+")
_SHORTEST_STEM = 15
_SENTENCE = 4


def plain(text: str) -> str:
    """Return a label without case, punctuation, look-alike characters and repeated blanks."""
    folded = unicodedata.normalize("NFKC", normalise_label(text)).casefold()
    return _NOT_WORD.sub(" ", folded).strip()


def plain_code(name: str) -> str:
    """Return a column name without case and separators: `q1[SQ002]` and `Q1_SQ002` are alike."""
    return _NOT_CODE.sub("", unicodedata.normalize("NFKC", name).casefold())


def code_score(one: str, other: str) -> float:
    """Compare two column names."""
    return fuzz.ratio(plain_code(one), plain_code(other))


def label_score(one: str, other: str) -> float:
    """Compare two labels, by their letters and, where they are sentences, by their words."""
    left, right = plain(one), plain(other)
    if not left or not right:
        return 0.0
    letters = fuzz.ratio(left, right)
    mine, theirs = set(left.split()), set(right.split())
    if min(len(mine), len(theirs)) < _SENTENCE:
        return letters
    # Sentences of one questionnaire share many letters by chance, fewer words.
    words = 200.0 * len(mine & theirs) / (len(mine) + len(theirs))
    return (letters + words) / 2


def after_stem(label: str, stem: str) -> str | None:
    """Return what follows the stem in a label, None when the label does not begin with it."""
    whole, start = plain(label), plain(stem)
    if start and whole.startswith(start + " "):
        return whole[len(start) + 1 :]
    return None


def shared_stem(text: str, others: Iterable[str]) -> str:
    """Return the longest beginning that a text shares with another one, in whole words.

    Items of one grid share most of their wording; only what follows tells them apart.
    """
    own = plain(text).split(" ")
    best = 0
    for other in others:
        words = plain(other).split(" ")
        count = 0
        for left, right in zip(own, words, strict=False):
            if left != right:
                break
            count += 1
        if count < len(own) or count < len(words):
            best = max(best, min(count, len(own) - 1))
    stem = " ".join(own[:best])
    return stem if len(stem) >= _SHORTEST_STEM else ""


def slug(text: str) -> str:
    """Return a text as an id: lower-case ASCII letters, digits and single underscores."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())[:6]
    found = "_".join(words)
    return found if found[:1].isalpha() else f"x_{found}".rstrip("_")
