"""What looks like an e-mail address, a telephone number or a citizen service number (BSN)."""

from __future__ import annotations

import re

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
# Eight digits with little between them: less is neither a telephone number nor a BSN.
_ENOUGH_DIGITS = re.compile(r"[0-9](?:[ ().\-/]{0,3}[0-9]){7}")
# Ten digits with the hour behind it, and yet no telephone number.
_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}(?![0-9])")
_PHONE = re.compile(
    r"""
    (?<![\w.,+/-])
    (?:
        (?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?[1-9](?:[ .-]?[0-9]){8}            # Dutch, from abroad
      | \(?0[1-9](?:[0-9]{0,2}\)?[ -]{0,3})(?:[ -]?[0-9]){6,8}              # Dutch
      | 06[ .-]{0,3}(?:[ .-]?[0-9]){8}                                       # Dutch, mobile
      | \+(?!31)[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}\)?){2,5}                # international
    )
    (?![\w-]|[.,][0-9])
    """,
    re.VERBOSE,
)
_NINE_DIGITS = re.compile(
    r"(?<![\w.,+-])(?:[0-9]{9}|[0-9]{4}\.[0-9]{2}\.[0-9]{3})(?![\w-]|[.,][0-9])"
)
_LABELLED_EIGHT = re.compile(r"(?:bsn|burgerservicenummer|sofi)\W{0,4}([0-9]{8})(?![0-9])", re.I)
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15


def has_email(text: str) -> bool:
    """Tell whether the text holds what looks like an e-mail address."""
    return "@" in text and _EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """Tell whether the text holds what looks like a Dutch or international telephone number."""
    if _ENOUGH_DIGITS.search(text) is None:
        return False
    return any(_is_phone(match.group()) for match in _PHONE.finditer(_DATE.sub("/", text)))


def has_bsn(text: str) -> bool:
    """Tell whether the text holds nine digits that pass the eleven-test."""
    return any(passes_eleven_test(number) for number in nine_digit_numbers(text))


def nine_digit_numbers(text: str) -> list[str]:
    """Return the numbers of nine digits in a text; eight where the text calls them a BSN."""
    if _ENOUGH_DIGITS.search(text) is None:
        return []
    found = [match.group().replace(".", "") for match in _NINE_DIGITS.finditer(text)]
    return found + [f"0{number}" for number in _LABELLED_EIGHT.findall(text)]


def passes_eleven_test(number: str) -> bool:
    """Tell whether nine digits can be a BSN: weights 9 to 2 and -1, a multiple of eleven."""
    if len(number) != 9 or len(set(number)) == 1:
        return False
    weighted = sum(int(d) * w for d, w in zip(number, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return weighted % 11 == 0


def looks_personal(text: str) -> bool:
    """Tell whether a value should not be repeated in a message."""
    return has_email(text) or has_phone(text) or has_bsn(text)


def may_be_personal(text: str) -> bool:
    """Tell whether a value takes part in the judgement of its column."""
    return has_email(text) or has_phone(text) or bool(nine_digit_numbers(text))


def _is_phone(match: str) -> bool:
    digits = sum(character.isdigit() for character in match)
    if match.startswith(("+", "00")):
        return _FEWEST_DIGITS <= digits <= _MOST_DIGITS
    return digits == 10
