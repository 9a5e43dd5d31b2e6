"""What is seen in a chart, as its heading: only what holds for every value a figure can have."""

from __future__ import annotations

from collections.abc import Sequence

from publication.quality.words import Text
from publication.report.content.figures import Figure

ENOUGH = 30
"""Answers below which no heading points at a figure whose precision is not known."""


def across_groups(
    label: Text, whole: tuple[Text, Figure], parts: Sequence[tuple[Text, Figure]]
) -> Text:
    """Return what is seen in one indicator over groups: the whole, and the two ends of its parts.

    Args:
        label: of the indicator.
        whole: name and figure of all together.
        parts: those of the groups that divide it, withheld ones among them.
    """
    name, figure = whole
    if not figure.is_shown:
        return label
    head = Text(
        f"{label.nl}. {name.nl}: {figure.value.nl}", f"{label.en}. {name.en}: {figure.value.en}"
    )
    figures = [one for _, one in parts]
    low, high = lowest(figures), highest(figures)
    if low is None or high is None or figures[low].value == figures[high].value:
        return head
    ends = [named(*parts[place]) for place in (low, high)]
    return Text(
        f"{head.nl}; per groep van {ends[0].nl} tot {ends[1].nl}",
        f"{head.en}; by group from {ends[0].en} to {ends[1].en}",
    )


def highest(figures: Sequence[Figure]) -> int | None:
    """Return which figure is above all others, whatever their ranges hide; None where none is.

    What is withheld could be anything, and what is imprecise is not pointed at.
    """
    return _outermost(figures, [figure.reach for figure in figures])


def lowest(figures: Sequence[Figure]) -> int | None:
    """Return which figure is below all others, likewise."""
    reaches = [figure.reach for figure in figures]
    return _outermost(figures, [(-reach[1], -reach[0]) if reach else None for reach in reaches])


def rests_on_enough(figure: Figure) -> bool:
    """Return whether enough answered for a figure without a word on its precision."""
    base = figure.n if figure.n is not None else figure.at_least
    return figure.is_shown and base is not None and base >= ENOUGH


def named(label: Text, figure: Figure) -> Text:
    """Return a figure behind what it is of."""
    value = figure.value
    return Text(f"{label.nl} ({value.nl})", f"{label.en} ({value.en})")


def _outermost(
    figures: Sequence[Figure], reaches: Sequence[tuple[float, float] | None]
) -> int | None:
    known = [reach for reach in reaches if reach is not None]
    if len(known) < max(2, len(reaches)):
        return None
    best = max(range(len(known)), key=lambda place: known[place][0])
    is_clear = all(known[best][0] > reach[1] for place, reach in enumerate(known) if place != best)
    figure = figures[best]
    return best if is_clear and figure.estimate is not None and not figure.is_low else None
