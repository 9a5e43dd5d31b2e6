"""How two spellings of the same label are recognised as one."""

from __future__ import annotations

import re
import unicodedata

# Written out, because `\s` means other characters in each engine; macros/text.sql uses the same.
# The last one is a byte-order mark: tools leave it inside labels that were pasted from a file.
_RUN_OF_WHITE_SPACE = re.compile("[\t\n\f\r \u00a0\ufeff]+")
# Signs that programs put in place of what was typed, in the order of macros/text.sql; the last
# ones cannot be seen at all.
_APOSTROPHES = "\u2019\u2018\u201a\u201b\u02bc\u00b4`"
_QUOTES = "\u201c\u201d\u201e\u201f"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_SPACES = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad"
_LOOK_ALIKES = str.maketrans(
    _APOSTROPHES + _QUOTES + _HYPHENS + _SPACES,
    "'" * len(_APOSTROPHES) + '"' * len(_QUOTES) + "-" * len(_HYPHENS) + " " * len(_SPACES),
    _INVISIBLE,
)


def normalise_label(text: str) -> str:
    """Return a label as it is compared.

    Letters with their accents as one character, curly quotes and long hyphens as the plain ones,
    what cannot be seen left out, every run of white space one space, trimmed, lower case.
    """
    plain = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    return collapse_white_space(plain).lower()


def collapse_white_space(text: str) -> str:
    """Trim, and make every run of white space one space."""
    return _RUN_OF_WHITE_SPACE.sub(" ", text).strip(" ")
