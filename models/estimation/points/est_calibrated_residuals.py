"""Residuals from the margins of every wave whose weights are calibrated."""

from __future__ import annotations

from typing import Any

from estimation.columns import rows_of, to_relation
from estimation.wave_margins import WaveMargins, wave_margins

FIGURE = ("wave", "classification_id", "group_id", "indicator_id")
TYPES = dict.fromkeys(FIGURE, "varchar") | {"segment_id": "bigint", "mean_residual": "double"}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per figure and segment of a calibrated wave, in the base or not.

    Responses of a segment are in the same groups of every margin and have one weight. So the
    margins say the same of each, and least squares come out the same of their means, each with
    the weight of them all.
    """
    margins = rows_of(dbt.ref("cln_weighting_margins"))
    members = rows_of(dbt.ref("cln_margin_members"))
    responses = rows_of(dbt.ref("est_response_segments"))
    # A name of each segment, as text, which is what the margins go by.
    segments = {(row["wave"], row["response_key"]): str(row["segment_id"]) for row in responses}
    weights: dict[str, float] = dict.fromkeys(segments.values(), 0.0)
    for row in responses:
        weights[str(row["segment_id"])] += row["weight"]
    members = [
        row | {"response_key": segments[row["wave"], row["response_key"]]} for row in members
    ]
    waves = list(wave_margins(members, margins))
    if not waves:
        return to_relation(session, TYPES, dict.fromkeys(TYPES, ()))
    return _residuals(dbt.ref("est_segment_deviations"), waves, weights)


def _residuals(deviations: Any, waves: list[WaveMargins], weights: dict[str, float]) -> Any:
    # Only a calibrated wave needs Arrow, which is slow to import.
    import pyarrow as pa

    from estimation.margin_residuals import margin_residuals

    schema = pa.schema(
        [
            *((name, pa.string()) for name in FIGURE),
            ("segment_id", pa.int64()),
            ("mean_residual", pa.float64()),
        ]
    )
    tables = []
    for wave in waves:
        quoted = wave.wave.replace("'", "''")
        raw = deviations.filter(f"wave = '{quoted}'").arrow().read_all()
        residuals = margin_residuals(raw, wave, weights)
        columns = [residuals.column(name) for name in (*FIGURE, "response_key", "residual")]
        tables.append(pa.table(columns, names=schema.names).cast(schema))
    return pa.concat_tables(tables)
