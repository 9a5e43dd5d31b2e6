"""Numbers as people and programs write them, rewritten so that every engine reads them alike."""

from __future__ import annotations

import re

_DECIMAL_COMMA = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+),[0-9]+")
# A thousand in one country, one and a bit in another.
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_WITH_SIGN = {
    ",": re.compile(r"[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?"),
    ".": re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?"),
}
_THOUSANDS = {",": ".", ".": ","}
_THOUSANDS_COMMA = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+")


def is_ambiguous(text: str) -> bool:
    """Return whether a text may be two numbers: `1,234` and `1.234`, but not `0.125`."""
    return _AMBIGUOUS.fullmatch(text.strip(" ")) is not None


def plain_number(text: str, decimal_sign: str | None = None) -> str:
    """Return a number with a point before its decimals and nothing between its thousands.

    What may be two numbers is none, and empty; any other text stays as it is. Where it is known
    which sign stands before the decimals, the other one stands between thousands or the text is
    no number. Same rule as the macro `to_number`, up to the cast.
    """
    plain = text.strip(" ")
    if decimal_sign is not None:
        if _WITH_SIGN[decimal_sign].fullmatch(plain):
            return plain.replace(_THOUSANDS[decimal_sign], "").replace(",", ".")
        return "" if "." in plain or "," in plain else text
    if is_ambiguous(plain):
        return ""
    if _DECIMAL_COMMA.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    if _THOUSANDS_COMMA.fullmatch(plain):
        return plain.replace(",", "")
    return text
