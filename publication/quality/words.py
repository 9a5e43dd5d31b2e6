"""Texts of the quality report in both of its languages, and how it writes a number."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LANGUAGES = ("nl", "en")
MINUS = "\u2212"


@dataclass(frozen=True)
class Text:
    """What is said, in Dutch and in English."""

    nl: str
    en: str

    def with_values(self, **values: object) -> Text:
        """Return the text with its places filled, texts in their language."""

        def filled(language: str) -> str:
            chosen = {
                name: getattr(value, language) if isinstance(value, Text) else value
                for name, value in values.items()
            }
            return str(getattr(self, language)).format(**chosen)

        return Text(filled("nl"), filled("en"))


@dataclass(frozen=True)
class Heading:
    """A concept of SIMS below the nineteen: its number and name."""

    number: str
    title: Text


@dataclass(frozen=True)
class Table:
    """A table of the report.

    Attributes:
        caption: what it is about.
        head: one text per column.
        rows: the cells; the first of a row is its name.
    """

    caption: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block = Text | Heading | Table


@dataclass(frozen=True)
class Section:
    """One heading of the Single Integrated Metadata Structure and what is said under it."""

    number: str
    title: Text
    blocks: tuple[Block, ...]


def same(text: object) -> Text:
    """Return what is the same in both languages; nothing where there is nothing."""
    return Text("", "") if text is None else Text(str(text), str(text))


_MEANT = 9
"""Decimals of a value that mean something; what follows is how a computer adds."""


def number(value: float | int | None, digits: int = 0, rounding: str = ROUND_HALF_UP) -> Text:
    """Return a number as each language writes it; a dash where there is none.

    Args:
        value: the number.
        digits: decimals to show.
        rounding: a rounding of `decimal`. What is half way goes away from zero unless told
            otherwise, as in the tables of a release.
    """
    if value is None:
        return same("–")
    # Zero is added because Decimal keeps the sign of a zero.
    exact = Decimal(str(round(value, _MEANT)))
    shown = exact.quantize(Decimal(1).scaleb(-digits), rounding=rounding) + 0
    english = f"{shown:,.{digits}f}".replace("-", MINUS)
    return Text(english.translate(str.maketrans(",.", ".,")), english)


def percent(value: float | None, digits: int = 1, rounding: str = ROUND_HALF_UP) -> Text:
    """Return a share as a percentage; a dash where there is none."""
    if value is None:
        return same("–")
    found = number(100 * value, digits, rounding)
    return Text(f"{found.nl} %", f"{found.en} %")


def between(lower: Text, upper: Text) -> Text:
    """Return two numbers as a range; a dash where there is none."""
    if lower == same("–"):
        return lower
    return Text(f"{lower.nl} tot {upper.nl}", f"{lower.en} to {upper.en}")


def day(value: datetime.date | None) -> Text:
    """Return a day; a dash where nobody recorded it."""
    return same("–" if value is None else value.isoformat())


def period(start: datetime.date | None, end: datetime.date | None) -> Text:
    """Return two days as a period."""
    return between(day(start), day(end))


def listed(texts: Sequence[Text]) -> Text:
    """Return texts one after the other."""
    return Text(", ".join(each.nl for each in texts), ", ".join(each.en for each in texts))


def table(
    caption: Text, head: Sequence[tuple[str, str]], rows: Sequence[Sequence[Text]]
) -> list[Table]:
    """Return a table as a block; nothing where it has no rows."""
    if not rows:
        return []
    heads = tuple(Text(*each) for each in head)
    return [Table(caption, heads, tuple(tuple(row) for row in rows))]
