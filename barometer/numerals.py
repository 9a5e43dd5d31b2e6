"""Numbers as people and programs write them, rewritten so that every engine reads them alike."""

from __future__ import annotations

import re

_DECIMAL_COMMA = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+),[0-9]+")
# A thousand in one country, one and a bit in another.
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_THOUSANDS_COMMA = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+")


def plain_number(text: str) -> str:
    """Return a number with a point before its decimals and nothing between its thousands.

    Any other text, and `1,234`, which may be two numbers, stays as it is, and so is no number.
    Same rule as the macro `to_number`, up to the cast.
    """
    plain = text.strip(" ")
    if _DECIMAL_COMMA.fullmatch(plain) and not _AMBIGUOUS.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    if _THOUSANDS_COMMA.fullmatch(plain):
        return plain.replace(",", "")
    return text
