"""Residuals from the margins of every wave whose weights are calibrated."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.margin_residuals import margin_residuals
from estimation.wave_margins import wave_margins

FIGURE = ("wave", "classification_id", "group_id", "indicator_id")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in FIGURE),
        ("segment_id", pa.int64()),
        ("mean_residual", pa.float64()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per figure and segment of a calibrated wave, in the base or not.

    Responses of a segment are in the same groups of every margin and have one weight. So the
    margins say the same of each, and least squares come out the same of their means, each with
    the weight of them all.
    """
    margins = dbt.ref("cln_weighting_margins").arrow().read_all().to_pylist()
    members = dbt.ref("cln_margin_members").arrow().read_all().to_pylist()
    responses = dbt.ref("est_response_segments").arrow().read_all().to_pylist()
    deviations = dbt.ref("est_segment_deviations")
    # A name of each segment, as text, which is what the margins go by.
    segments = {(row["wave"], row["response_key"]): str(row["segment_id"]) for row in responses}
    weights: dict[str, float] = dict.fromkeys(segments.values(), 0.0)
    for row in responses:
        weights[str(row["segment_id"])] += row["weight"]
    members = [
        row | {"response_key": segments[row["wave"], row["response_key"]]} for row in members
    ]
    tables = [SCHEMA.empty_table()]
    for wave in wave_margins(members, margins):
        quoted = wave.wave.replace("'", "''")
        raw = deviations.filter(f"wave = '{quoted}'").arrow().read_all()
        residuals = margin_residuals(raw, wave, weights)
        columns = [residuals.column(name) for name in (*FIGURE, "response_key", "residual")]
        tables.append(pa.table(columns, names=SCHEMA.names).cast(SCHEMA))
    return pa.concat_tables(tables)
