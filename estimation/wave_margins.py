"""The margins of each wave, from rows of the warehouse; and the weights calibrated to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimation.calibration import Floats, Margin, calibrate

Row = Mapping[str, Any]


@dataclass(frozen=True)
class WaveMargins:
    """The responses of a calibrated wave and the margins their weights add up to.

    Attributes:
        wave: the wave.
        response_keys: its responses, in the order of the groups of every margin.
        design_weights: their weights before calibration.
        margins: one per classification, in the order of their names.
    """

    wave: str
    response_keys: tuple[str, ...]
    design_weights: Floats
    margins: tuple[Margin, ...]


def wave_margins(members: Sequence[Row], margins: Sequence[Row]) -> Iterator[WaveMargins]:
    """Yield the margins of every wave that has responses, waves in order.

    Args:
        members: one row per response and classification of a margin, with `group_id`, null where
            the response is in no group of it.
        margins: one row per group of a margin, with its `population_count`.
    """
    totals: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in sorted(margins, key=lambda row: str(row["group_id"])):
        totals[row["wave"], row["classification_id"]][row["group_id"]] = row["population_count"]
    groups: dict[str, dict[str, dict[str, str | None]]] = defaultdict(lambda: defaultdict(dict))
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for row in members:
        groups[row["wave"]][row["classification_id"]][row["response_key"]] = row["group_id"]
        weights[row["wave"]][row["response_key"]] = row["design_weight"]
    for wave in sorted(groups):
        keys = tuple(sorted(weights[wave]))
        yield WaveMargins(
            wave,
            keys,
            np.array([weights[wave][key] for key in keys], dtype=float),
            tuple(
                Margin(name, [groups[wave][name][key] for key in keys], totals[wave, name])
                for name in sorted(groups[wave])
            ),
        )


def calibrated_weights(members: Sequence[Row], margins: Sequence[Row]) -> list[dict[str, Any]]:
    """Return one row per response of every calibrated wave: wave, response_key, weight.

    Raises:
        CalibrationError: the weights of a wave cannot be made to add up to its margins.
    """
    return [
        {"wave": wave.wave, "response_key": key, "weight": float(weight)}
        for wave in wave_margins(members, margins)
        for key, weight in zip(
            wave.response_keys,
            calibrate(wave.wave, wave.design_weights, wave.margins),
            strict=True,
        )
    ]
