"""Text that is not Unicode: which old encoding gives words that people write.

Bytes do not say what letter they are. What tells is where they stand: an `ë` stands after a vowel,
a capital not after a small letter, a quotation mark not inside a word. Every word with such a byte
is read in each encoding, and each of its signs judged by its neighbours; as Dutch, German, French
and Frisian have them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

CP1252 = "cp1252"
MAC_ROMAN = "mac_roman"
DOS = "cp850"
# In this order where they read equally well. DOS text is recognised, not read: it is too rare.
CANDIDATES = (CP1252, MAC_ROMAN, DOS)

# Only from where a word begins, and never back: a cell of a megabyte of letters is one word.
_WORD = re.compile(
    rb"(?<![A-Za-z\x80-\xff'-])[A-Za-z'-]*+[\x80-\xff][A-Za-z\x80-\xff'-]*",
)
_MOST_WORDS = 20_000
# By so much another encoding must read better than cp1252, which most such files are in.
_MARGIN = 1.0
# From here on down a sign cannot stand where it stands.
_IMPOSSIBLE = -0.5
_VOWELS = frozenset("aeiouy")
_SHOWN = 5


@dataclass(frozen=True)
class Reading:
    """The words of a file in one encoding.

    Attributes:
        score: how much better than not the signs fit where they stand.
        doubtful: the words with a sign that cannot stand where it stands, most frequent first.
        words: all words with a sign that is not ASCII, most frequent first.
    """

    encoding: str
    score: float
    doubtful: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def is_plausible(self) -> bool:
        """Whether most of the words can be words."""
        return len(self.doubtful) * 3 <= len(self.words)

    def samples(self) -> str:
        """Return some of the words as a message shows them, the doubtful ones first."""
        return sample_words((*self.doubtful, *self.words))


def sample_words(words: Iterable[str]) -> str:
    """Return the first few words that differ, as a message shows them."""
    return ", ".join(f"'{word}'" for word in list(dict.fromkeys(words))[:_SHOWN])


class WordCount:
    """The words of a file that hold a byte which is not ASCII, piece by piece."""

    def __init__(self) -> None:
        self._counts: Counter[bytes] = Counter()

    def add(self, piece: bytes) -> None:
        """Count the words of one more piece of the file."""
        if piece.isascii():
            return
        for word in _WORD.findall(piece):
            if word in self._counts or len(self._counts) < _MOST_WORDS:
                self._counts[word] += 1

    def readings(self) -> list[Reading]:
        """Return how the file reads in each encoding that has all its bytes, the best first."""
        words = [word for word, _ in self._counts.most_common()]
        found = [reading for name in CANDIDATES if (reading := _read(words, name)) is not None]
        return sorted(found, key=_preference)


def best_reading(readings: list[Reading]) -> Reading | None:
    """Return the reading that is good, and clearly better than any other; None if none is."""
    if not readings or not readings[0].is_plausible:
        return None
    best, *others = readings
    is_clear = all(best.score - other.score >= _MARGIN for other in others)
    return best if best.encoding == CP1252 or is_clear else None


def _preference(reading: Reading) -> float:
    return -reading.score - (_MARGIN if reading.encoding == CP1252 else 0.0)


def _read(words: list[bytes], encoding: str) -> Reading | None:
    score = 0.0
    doubtful = []
    decoded = []
    for raw in words:
        try:
            word = raw.decode(encoding)
        except UnicodeDecodeError:
            return None
        decoded.append(word)
        fits = [_fit(word, place) for place, sign in enumerate(word) if not sign.isascii()]
        score += sum(fits)
        if min(fits) <= _IMPOSSIBLE:
            doubtful.append(word)
    return Reading(encoding, score, tuple(doubtful), tuple(decoded))


def _fit(word: str, place: int) -> float:
    """Return how well a sign fits its place, from -1 (cannot stand there) to 1."""
    before = word[place - 1] if place else ""
    after = word[place + 1] if place + 1 < len(word) else ""
    sign = word[place]
    if not sign.isalpha() or unicodedata.category(sign) in ("Lm", "Lo"):
        return _fit_of_sign(word, before, sign, after)
    if sign.isupper() and before.islower():
        return -1.0
    if sign.islower() and _is_shouted(word):
        return -1.0
    if before == sign == after:
        return -1.0
    rule = _LETTERS.get(sign.lower())
    if rule is None:
        return _fit_of_name(before, sign)
    if not before and not after:
        return 0.5 if sign in "àéôÀÉ" else -0.5
    return rule(_base(before), _base(after))


def _fit_of_name(before: str, sign: str) -> float:
    """Return how well a letter fits that only names from elsewhere have."""
    if sign.lower() not in _LETTERS_OF_NAMES:
        return -1.0
    if sign.islower():
        return -0.25
    return -1.0 if before else 0.25


def _is_shouted(word: str) -> bool:
    """Return whether all plain letters of a word are capitals, and there are two of them."""
    plain = [sign for sign in word if sign.isascii() and sign.isalpha()]
    return len(plain) > 1 and all(sign.isupper() for sign in plain)


def _base(sign: str) -> str:
    """Return a letter without its accent, in lower case; nothing for what is no letter."""
    plain = unicodedata.normalize("NFD", sign)[:1].lower()
    return plain if plain.isalpha() else ""


def _fit_of_sign(word: str, before: str, sign: str, after: str) -> float:
    inside = before.isalpha() and after.isalpha()
    if sign in _BETWEEN and not any(map(str.isalpha, word)):
        return 0.5
    if before == sign and sign not in "….\u00a0•":
        return -1.0
    if sign == "’":
        return 1.0 if inside else 0.5
    if sign in _OF_NUMBERS:
        if inside:
            return -1.0
        return -0.5 if after.isalpha() and sign in "€£" else 0.5
    if inside:
        is_apostrophe = sign == "‘" and word.endswith("‘s")
        return 0.25 if is_apostrophe else _INSIDE.get(sign, -1.0)
    if sign == "“" and before.isalpha():
        # The end of a German quotation, which may have begun words before.
        return 0.0
    if sign in _OPENING or sign in _CLOSING:
        return 1.0 if _is_at_its_end(word, before, sign, after) else -0.5
    if sign in _BETWEEN:
        return 0.5
    return -1.0 if before.isalpha() or after.isalpha() else -0.5


def _is_at_its_end(word: str, before: str, sign: str, after: str) -> bool:
    """Return whether a quotation mark opens or closes; ‘ closes only what ‚ opened."""
    if sign in _OPENING and not before.isalpha():
        return True
    return not after.isalpha() and (sign in _CLOSING or (sign == "‘" and "‚" in word))


_OPENING = frozenset("‘“„«‹‚¿¡")
_CLOSING = frozenset("’”»›")
_BETWEEN = frozenset("…–—•·\u00a0´")
_OF_NUMBERS = frozenset("€£§°©®™±²³½¼¾×º")
_INSIDE = {"\u00a0": 0.0, "·": 0.0, "–": 0.25, "—": -0.25, "…": -0.25, "´": 0.0}
_LETTERS_OF_NAMES = frozenset("šžčćłńřęąőűășțğı")

_Rule = Callable[[str, str], float]


def _after_vowel(before: str, after: str) -> float:
    return 1.0 if before in _VOWELS and before else -0.5


def _not_after_vowel(but: str, *, ends_words: bool = False) -> _Rule:
    """Return the rule of a letter that seldom stands after a vowel, but for a few of them."""

    def rule(before: str, after: str) -> float:
        if before in _VOWELS - set(but):
            return -1.0
        return 1.0 if after or ends_words else -0.5

    return rule


def _i_circumflex(before: str, after: str) -> float:
    # maître, chaîne, fraîche; boîte, croître; dîner, île.
    if before == "o":
        return 1.0 if after == "t" else -1.0
    if before == "a":
        return 1.0 if after in ("", *"tncs") else -1.0
    return -1.0 if before in _VOWELS else 1.0


def _c_cedilla(before: str, after: str) -> float:
    return 1.0 if after and after in "aou" else -1.0


def _a_grave(before: str, after: str) -> float:
    # là, déjà, çà, and the word itself.
    return 1.0 if not after and before in ("", *"ljc") else -1.0


def _u_grave(before: str, after: str) -> float:
    return 1.0 if before == "o" and not after else -1.0


def _sharp_s(before: str, after: str) -> float:
    return 1.0 if before and before in "aeiou" else -1.0


def _o_umlaut(before: str, after: str) -> float:
    return 1.0 if after else -0.5


def _stressed(before: str, after: str) -> float:
    # vóór and dáár, and names from elsewhere.
    return -0.25 if before in _VOWELS and before != after else 0.5


def _n_tilde(before: str, after: str) -> float:
    return 0.5 if before in _VOWELS and after in _VOWELS else -0.5


def _hardly(before: str, after: str) -> float:
    return -0.25


_LETTERS: dict[str, _Rule] = {
    "ë": _after_vowel,
    "ï": _after_vowel,
    "é": lambda before, after: 1.0,
    "è": _not_after_vowel("iu", ends_words=True),
    "ê": _not_after_vowel("u"),
    "â": _not_after_vowel("e"),
    "î": _i_circumflex,
    "ô": _not_after_vowel("e"),
    "û": _not_after_vowel("oe", ends_words=True),
    "ä": _not_after_vowel("iue"),
    "ö": _o_umlaut,
    "ü": lambda before, after: 1.0,
    "ß": _sharp_s,
    "ç": _c_cedilla,
    "à": _a_grave,
    "ù": _u_grave,
    "œ": lambda before, after: 1.0 if after in ("u", "i", "s", "") else -0.25,
    "ñ": _n_tilde,
    **dict.fromkeys("áíóúåø", _stressed),
    **dict.fromkeys("ìòãõæýÿ", _hardly),
}
