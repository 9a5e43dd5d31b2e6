"""Characters that hide or forge what is printed, and that some format cannot hold."""

from __future__ import annotations

import re
import unicodedata

# Control characters, line separators, half characters (lone surrogates), what turns the direction
# of the text around it, and what is no character in XML.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_LINE_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")


def first_unprintable(text: str) -> str | None:
    """Return the first character of a text that cannot be shown as it is, None without one."""
    found = _UNPRINTABLE.search(text)
    return found.group() if found else None


def breaks_the_line(character: str) -> bool:
    """Whether a character begins a new line in some program."""
    return character in _LINE_BREAKS


def described(character: str) -> str:
    """Return a character that cannot be shown, in words: `U+000B`, `U+202E RIGHT-TO-LEFT …`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" {name}" if name else "")
