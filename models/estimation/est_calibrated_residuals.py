"""Residuals from the margins of every wave whose weights are calibrated."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.margin_residuals import SCHEMA, margin_residuals
from estimation.wave_margins import wave_margins


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per figure and response of a calibrated wave, in the base or not."""
    margins = dbt.ref("cln_weighting_margins").arrow().read_all().to_pylist()
    members = dbt.ref("cln_margin_members").arrow().read_all().to_pylist()
    raw = dbt.ref("est_raw_residuals")
    weights = dbt.ref("cln_calibrated_weights").arrow().read_all().to_pylist()
    calibrated = {(row["wave"], row["response_key"]): row["weight"] for row in weights}
    tables = []
    for wave in wave_margins(members, margins):
        quoted = wave.wave.replace("'", "''")
        residuals = raw.filter(f"wave = '{quoted}'").arrow().read_all()
        of_wave = {key: calibrated[wave.wave, key] for key in wave.response_keys}
        tables.append(margin_residuals(residuals, wave, of_wave))
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()
