"""What figures are called on a page, and whose answers they are of."""

from __future__ import annotations

from publication.quality.words import Text
from publication.report.content.material import Line


def indicator_label(line: Line) -> Text:
    """Return what an indicator is called."""
    return Text(line["indicator_label_nl"], line["indicator_label_en"])


def short_label(line: Line) -> Text:
    """Return what an indicator is called among others of its topic."""
    if not line.get("indicator_short_label_nl"):
        return indicator_label(line)
    return Text(line["indicator_short_label_nl"], line["indicator_short_label_en"])


def topic_label(line: Line) -> Text:
    """Return what the topic of an indicator is called."""
    return Text(str(line.get("topic_label_nl") or ""), str(line.get("topic_label_en") or ""))


def base_of(line: Line) -> Text:
    """Return whose answers a figure is of."""
    return Text(str(line.get("base_nl") or ""), str(line.get("base_en") or ""))


def captioned(text: Text, base: Text) -> Text:
    """Return what figures are, with whose answers they are of."""
    if not base.nl:
        return text
    said = Text(f"Basis: {base.nl}", f"Base: {base.en}")
    if not text.nl:
        return said
    return Text(f"{text.nl}. {said.nl}", f"{text.en}. {said.en}")
