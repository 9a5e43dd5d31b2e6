"""What the public edition says of figures, differences and claims, by what names their rows.

A function of protected cells, public numbers and the registries; the tables of a release get
their figures from here and from nowhere else (`publication.public.tables.fill`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from protection.ranges.bands import SMALLEST_BASE
from publication.public.method.asked import BAND
from publication.public.method.protect import ProtectedWave
from publication.public.tables.columns import TYPES
from publication.public.tables.differences import (
    AS_BEFORE,
    AS_COMPUTED,
    claims,
    comparisons,
    trends,
)
from publication.public.tables.figures import Figure, FigureKey, figures
from publication.public.tables.verdicts import shown
from registry import Registry

Rate = tuple[str, str, str, int | None, int | None]
"""Wave, classification, group, organisations and responses of the group."""

FIGURES, RATES = "public_figures", "public_rates"
COMPARISONS, POSITIONS = "public_comparisons", "public_positions"
TRENDS, CHANGES = "public_trends", "public_changes"
CLAIMS, BANDS = "public_claims", "public_bands"
_GROUP = ("wave", "classification_id", "group_id")
KEYS: Mapping[str, tuple[str, ...]] = {
    RATES: _GROUP,
    FIGURES: (*_GROUP, "indicator_id"),
    COMPARISONS: ("wave", "comparison_id", "indicator_id"),
    POSITIONS: (*_GROUP, "indicator_id"),
    TRENDS: ("classification_id", "group_id", "indicator_id", "wave_from", "wave"),
    CHANGES: (*_GROUP, "indicator_id", "previous_wave"),
    CLAIMS: ("wave", "claim_id"),
    BANDS: (*_GROUP, "scale_id", "band_id"),
}
"""The columns that name a row of each."""


@dataclass(frozen=True)
class Lookup:
    """What is public, by what names a row.

    Attributes:
        name: which.
        columns: those of the key, and then those that it fills.
        rows: values in the order of the columns, sorted.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that name a row."""
        return KEYS[self.name]

    @property
    def filled(self) -> tuple[str, ...]:
        """Return the columns that say something."""
        return self.columns[len(self.key) :]

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def public_lookups(
    waves: Sequence[ProtectedWave],
    rates: Sequence[Rate],
    registry: Registry,
    held: frozenset[str] = frozenset(),
) -> tuple[Lookup, ...]:
    """Return everything that fills the tables of the public edition.

    Args:
        waves: as they are protected.
        rates: of every group, whatever anybody answered.
        registry: the declarations.
        held: waves whose rounded figures stay as they were although responses changed.
    """
    found = figures(waves, registry)
    compared = list(comparisons(found, waves, registry))
    followed = list(trends(found, waves, registry))
    told = {tuple(row.values())[:3]: row for row in _rates(rates, registry)}
    rows: Mapping[str, list[dict[str, Any]]] = {
        RATES: list(told.values()),
        FIGURES: list(_figures(found, waves, told, registry)),
        COMPARISONS: [row for row, _ in compared],
        POSITIONS: [_position(row, group) for row, group in compared if group is not None],
        TRENDS: followed,
        CHANGES: [_change(row) for row in followed],
        CLAIMS: list(claims(found, waves, registry)),
        BANDS: list(_bands(found)),
    }
    return tuple(_lookup(name, rows[name], held) for name in KEYS)


def _lookup(name: str, rows: Sequence[Mapping[str, Any]], held: frozenset[str]) -> Lookup:
    own = _COLUMNS[name]
    values = [
        tuple(
            any(row.get(each) in held for each in _WAVES) if column == AS_BEFORE else row[column]
            for column in own
        )
        for row in rows
    ]
    return Lookup(name, own, tuple(sorted(values, key=lambda row: row[: len(KEYS[name])])))


def _rates(rates: Sequence[Rate], registry: Registry) -> Iterator[dict[str, Any]]:
    """Yield how many responded, of every group of the registry that is large enough to say so."""
    known = {(group.classification_id, group.group_id) for group in registry.organisation_groups}
    for wave, classification, group, population, responses in rates:
        if (classification, group) not in known or population is None or responses is None:
            continue
        if population >= SMALLEST_BASE:
            yield {
                "wave": wave,
                "classification_id": classification,
                "group_id": group,
                "n_population": population,
                "n_responses": responses,
                "response_rate": responses / population,
                **shown(True),
            }


def _figures(
    found: Mapping[FigureKey, Figure],
    waves: Sequence[ProtectedWave],
    told: Mapping[tuple[Any, ...], Mapping[str, Any]],
    registry: Registry,
) -> Iterator[dict[str, Any]]:
    members: dict[tuple[str, str], int] = {}
    for wave in waves:
        for atom in wave.edition.constants.atoms:
            for key in atom.groups:
                place = wave.wave, key
                members[place] = members.get(place, 0) + atom.responses
    known = {row.indicator_id for row in registry.indicators}
    asked = {wave.wave: wave.rules.asked & known for wave in waves}
    for (wave_id, key, name), figure in found.items():
        if name not in asked[wave_id]:
            continue
        group = (wave_id, *key.split(".", 1))
        now = told[group]["n_responses"] if group in told else None
        yield {
            **dict(zip(_GROUP, group, strict=True)),
            "indicator_id": name,
            # Figures that a correction left as they were go with the responses behind them.
            "n_responses": None if now is None else (members.get((wave_id, key)) or now),
            **_said(figure),
        }


def _bands(found: Mapping[FigureKey, Figure]) -> Iterator[dict[str, Any]]:
    for (wave_id, key, name), figure in found.items():
        scale, separator, band = name.partition(BAND)
        if separator:
            group = (wave_id, *key.split(".", 1))
            yield {
                **dict(zip(_GROUP, group, strict=True)),
                "scale_id": scale,
                "band_id": band,
                **_said(figure),
            }


def _said(figure: Figure) -> dict[str, Any]:
    """Return what is public about a figure."""
    low, high = figure.range or (None, None)
    below, above = figure.interval or (None, None)
    return {
        "n_answered": figure.answered,
        "estimate": figure.amount,
        "estimate_lower": below,
        "estimate_upper": above,
        "range_lower": low,
        "range_upper": high,
        "smallest_base": figure.smallest_base,
        "possible_counts": figure.possible_counts,
        "protection": figure.protection,
        "protection_reason": figure.reason,
        "protection_base": figure.base,
        AS_COMPUTED: figure.is_rounded,
        **shown(figure.is_shown),
    }


def _position(row: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Return a comparison as what it says of the group on its first side."""
    return {
        "wave": row["wave"],
        "classification_id": row["classification_id"],
        "group_id": group,
        "indicator_id": row["indicator_id"],
        "n_answered_comparator": row["n_answered_b"],
        "estimate_comparator": row["estimate_b"],
        "difference_from_comparator": row["difference"],
        "range_lower_comparator": row["range_lower_b"],
        "range_upper_comparator": row["range_upper_b"],
        "position_order_of_ranges": row["order_of_ranges"],
        "position_verdict": row["verdict"],
        "position_verdict_nl": row["verdict_nl"],
        "position_verdict_en": row["verdict_en"],
        AS_COMPUTED: row[AS_COMPUTED],
    }


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trend as what it says of the later wave."""
    return {
        **{column: row[column] for column in (*_GROUP, "indicator_id")},
        "previous_wave": row["wave_from"],
        "n_answered_previous": row["n_answered_from"],
        "estimate_previous": row["estimate_from"],
        "change": row["difference"],
        "range_lower_previous": row["range_lower_from"],
        "range_upper_previous": row["range_upper_from"],
        "change_order_of_ranges": row["order_of_ranges"],
        "change_verdict": row["verdict"],
        "change_verdict_nl": row["verdict_nl"],
        "change_verdict_en": row["verdict_en"],
        AS_COMPUTED: row[AS_COMPUTED],
    }


_WAVES = ("wave", "wave_from", "previous_wave")
_SHOWN = ("suppression_status", "suppression_reason")
_SAID = (
    *("difference", "order_of_ranges", "verdict", "verdict_nl", "verdict_en"),
    *("protection_reason", AS_COMPUTED, AS_BEFORE, *_SHOWN),
)
_OF_FIGURE = (
    *("n_answered", "estimate", "estimate_lower", "estimate_upper"),
    *("range_lower", "range_upper", "smallest_base", "possible_counts"),
    *("protection", "protection_reason", "protection_base", AS_COMPUTED, AS_BEFORE, *_SHOWN),
)
_FILLED: Mapping[str, tuple[str, ...]] = {
    RATES: ("n_population", "n_responses", "response_rate", *_SHOWN),
    FIGURES: ("n_responses", *_OF_FIGURE),
    BANDS: _OF_FIGURE,
    **dict.fromkeys(
        (COMPARISONS, CLAIMS),
        (
            *(
                "n_answered_a",
                "n_answered_b",
                "estimate_a",
                "estimate_b",
                "range_lower_a",
                "range_upper_a",
            ),
            *("range_lower_b", "range_upper_b", *_SAID),
        ),
    ),
    POSITIONS: (
        *("n_answered_comparator", "estimate_comparator", "difference_from_comparator"),
        *("range_lower_comparator", "range_upper_comparator", AS_COMPUTED, AS_BEFORE),
        *("position_order_of_ranges", "position_verdict"),
        *("position_verdict_nl", "position_verdict_en"),
    ),
    TRENDS: (
        *(
            "n_answered_from",
            "n_answered",
            "estimate_from",
            "estimate",
            "range_lower_from",
            "range_upper_from",
        ),
        *("range_lower", "range_upper", *_SAID),
    ),
    CHANGES: (
        *("n_answered_previous", "estimate_previous", "change"),
        *("range_lower_previous", "range_upper_previous", AS_COMPUTED, AS_BEFORE),
        *("change_order_of_ranges", "change_verdict"),
        *("change_verdict_nl", "change_verdict_en"),
    ),
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: (*key, *_FILLED[name]) for name, key in KEYS.items()
}
assert set().union(*_COLUMNS.values()) <= set(TYPES)
