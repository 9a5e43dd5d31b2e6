"""Waves that cannot be compared with the last one, because what was asked differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from publication.quality.words import Text
from publication.report.content.blocks import NOTHING
from publication.report.content.material import Line, Material


def before_break(material: Material, lines: Iterable[Line]) -> frozenset[str]:
    """Return the waves of an indicator that the last wave cannot be compared with.

    Args:
        material: of the page.
        lines: rows of one indicator, of all its waves and groups.
    """
    order = [wave for wave, _ in material.waves]
    starts = {
        str(line["comparable_from_wave"])
        for line in lines
        if line["wave"] == material.latest and line.get("comparable_from_wave")
    }
    # A wave of which the release has nothing is no reason to compare across it.
    places = [order.index(start) if start in order else len(order) - 1 for start in starts]
    return frozenset(order[: max(places, default=0)])


def break_note(material: Material, apart: Sequence[str]) -> Text:
    """Return what is said of waves that stand apart; nothing where none does."""
    if not apart:
        return NOTHING
    order = [wave for wave, _ in material.waves]
    last = max(order.index(wave) for wave in apart)
    start = material.wave_label(order[last + 1])
    return Text(
        f"Vóór {start.nl} was de vraag anders; cijfers van daarvoor (open teken, gestreepte lijn)"
        " zijn niet vergelijkbaar.",
        f"Before {start.en} the question was another one; figures before it (open mark, dashed"
        " line) are not comparable.",
    )
