"""Residuals of every figure of a calibrated wave from the margins of its weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from estimation.calibration import calibrated_residuals
from estimation.wave_margins import WaveMargins

FIGURE = ("classification_id", "group_id", "indicator_id")
SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        *((name, pa.string()) for name in FIGURE),
        ("response_key", pa.string()),
        ("residual", pa.float64()),
    ]
)
# What is smaller than this, of the largest value of a figure, is rounding.
ROUNDING = 1e-12


def margin_residuals(raw: pa.Table, wave: WaveMargins, weights: Mapping[str, float]) -> pa.Table:
    """Return the residual of every response of a wave for every figure.

    Args:
        raw: one row per figure and response of its base, with `weighted_residual`, how far the
            answer lies from what the estimate says; a response outside the base has none.
        wave: the responses and the margins of the wave.
        weights: calibrated weights by response key.
    """
    figures, positions = _numbered(raw)
    places = {key: place for place, key in enumerate(wave.response_keys)}
    keys = raw.column("response_key").to_pylist()
    values = np.zeros((len(wave.response_keys), len(figures)))
    values[[places[key] for key in keys], positions] = raw.column("weighted_residual").to_numpy()
    calibrated = np.array([weights[key] for key in wave.response_keys])
    residuals = calibrated_residuals(values, calibrated, wave.margins)
    largest = np.maximum(1.0, np.abs(values).max(axis=0, initial=0.0))
    residuals[np.abs(residuals) <= ROUNDING * largest] = 0.0
    size = len(wave.response_keys)
    figure_of_row = np.repeat(np.arange(len(figures)), size)
    columns: dict[str, pa.Array] = {"wave": pa.array([wave.wave] * len(figure_of_row), pa.string())}
    for number, name in enumerate(FIGURE):
        names = pa.array([figure[number] for figure in figures], pa.string())
        columns[name] = names.take(pa.array(figure_of_row))
    response_of_row = np.tile(np.arange(size), len(figures))
    columns["response_key"] = pa.array(list(wave.response_keys), pa.string()).take(
        pa.array(response_of_row)
    )
    columns["residual"] = pa.array(residuals.T.reshape(-1))
    return pa.table(columns, schema=SCHEMA)


def _numbered(raw: pa.Table) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64]]:
    """Return the figures, and for every row the number of its figure."""
    joined = pc.binary_join_element_wise(*(raw.column(name) for name in FIGURE), "\x1f")
    encoded = joined.combine_chunks().dictionary_encode()
    figures = [tuple(name.split("\x1f")) for name in encoded.dictionary.to_pylist()]
    return figures, encoded.indices.to_numpy().astype(np.int64)
