"""Several options in one cell: where one ends and the next begins."""

from __future__ import annotations

from collections.abc import Collection

from barometer.labels import normalise_label

# Signs that no answer holds; macros/multi_select.sql uses the same.
_BOUNDARY = "\u241f"
_INSIDE = "\u241e"


def split_values(cell: str, separator: str, labels: Collection[str]) -> list[str]:
    """Return the options in a cell, as `normalise_label` writes them; blank parts left out.

    A separator inside a label of the registry does not separate: with the label
    `Yes, definitely`, the cell `Yes, definitely, No` holds two options. Where labels overlap,
    the longest one is read. Same rule as the macro `split_values`.

    Args:
        cell: the text of the cell.
        separator: what the tool puts between options.
        labels: every label that the registry knows for the question, normalised.
    """
    inner = separator.lower()
    text = _BOUNDARY + _boundaries(cell, separator) + _BOUNDARY
    for label in sorted(
        {label for label in labels if inner in label}, key=lambda label: (-len(label), label)
    ):
        text = text.replace(
            f"{_BOUNDARY}{_boundaries(label, inner)}{_BOUNDARY}",
            f"{_BOUNDARY}{label.replace(inner, _INSIDE)}{_BOUNDARY}",
        )
    parts = (
        part.replace(_BOUNDARY, "").replace(_INSIDE, inner).strip(" ")
        for part in text.split(_BOUNDARY * 2)
    )
    return [part for part in parts if part]


def _boundaries(text: str, separator: str) -> str:
    marked = normalise_label(text.replace(separator, _BOUNDARY * 2))
    return marked.replace(f" {_BOUNDARY * 2}", _BOUNDARY * 2).replace(
        f"{_BOUNDARY * 2} ", _BOUNDARY * 2
    )
