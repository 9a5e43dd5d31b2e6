"""What a page is made of: sections of charts, grids and texts, without a word on how they look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from publication.quality.words import Text, same
from publication.report.content.figures import Figure

NOTHING = Text("", "")


@dataclass(frozen=True)
class Mark:
    """One figure in a row of a chart.

    Attributes:
        series: which of the chart's series it belongs to, from 0.
        figure: the figure.
        is_apart: it cannot be compared with the others of its row, because what was asked
            differs.
    """

    series: int
    figure: Figure
    is_apart: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a chart.

    Attributes:
        label: what the figures are of.
        marks: one per series.
        note: what is said below the label, such as a verdict or a unit.
    """

    label: Text
    marks: tuple[Mark, ...]
    note: Text = NOTHING


@dataclass(frozen=True)
class Chart:
    """Figures to be drawn; the table and the download are made of the same rows.

    Attributes:
        anchor: what the address of the chart ends in.
        form: `bars` from the start of the scale, `dots` with a line of its own per series,
            `amounts` likewise but with a scale of its own per row,
            `pairs` with both series on one line, `parts` of a whole.
        heading: what is seen, as a sentence.
        caption: what the figures are.
        rows: from top to bottom.
        series: names of the series; one without a name where there is nothing to tell apart.
        is_ordered: the series have an order, so their colours do.
        note: what has to be known to read it.
        note_head: what the notes of the rows are.
    """

    anchor: str
    form: str
    heading: Text
    caption: Text
    rows: tuple[Row, ...]
    series: tuple[Text, ...] = (NOTHING,)
    is_ordered: bool = False
    note: Text = NOTHING
    note_head: Text = NOTHING


@dataclass(frozen=True)
class Grid:
    """A table of figures whose cells are tinted by their value.

    Attributes:
        anchor: what the address of the table ends in.
        heading: what is seen, as a sentence.
        caption: what the figures are.
        corner: what the rows are.
        columns: heads of the columns.
        rows: name of the row and its figures.
        is_open: it is shown at once, or on request.
    """

    anchor: str
    heading: Text
    caption: Text
    corner: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[Figure, ...]], ...]
    is_open: bool = True


@dataclass(frozen=True)
class Listing:
    """A table of texts.

    Attributes:
        anchor: what the address of the table ends in.
        caption: what is in it.
        head: heads of the columns.
        rows: cells; the first of a row is its name.
    """

    anchor: str
    caption: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Card:
    """One figure of the headline row.

    Attributes:
        label: of the indicator.
        value: the figure.
        detail: interval and number of answers.
        change: how it stands against the wave before, in words.
    """

    label: Text
    value: Text
    detail: Text
    change: Text


@dataclass(frozen=True)
class Source:
    """Where claims come from: a registry says it in English alone."""

    name: str


@dataclass(frozen=True)
class Claim:
    """What a source said, and whether the answers support it."""

    anchor: str
    sentence: Text
    verdict: Text
    state: str
    lines: tuple[Text, ...]
    source: Source | None = None


Block = Text | Source | Chart | Grid | Listing | tuple[Card, ...] | tuple[Claim, ...]


@dataclass(frozen=True)
class Section:
    """One part of a page."""

    anchor: str
    title: Text
    blocks: tuple[Block, ...]


def slug(*parts: object) -> str:
    """Return parts as the end of an address."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(str(part) for part in parts).lower()).strip("-")


def listed_with(texts: Sequence[Text], last: Text) -> Text:
    """Return texts one after the other, with a word before the last one."""
    if len(texts) < 2:
        return texts[0] if texts else same("")

    def line(language: str) -> str:
        words = [str(getattr(text, language)) for text in texts]
        return f"{', '.join(words[:-1])} {getattr(last, language)} {words[-1]}"

    return Text(line("nl"), line("en"))
