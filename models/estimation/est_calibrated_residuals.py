"""Residuals from the margins of every wave whose weights are calibrated."""

from __future__ import annotations

from typing import Any

from estimation.columns import rows_of, to_relation
from estimation.wave_margins import wave_margins

TYPES = dict.fromkeys(
    ("wave", "classification_id", "group_id", "indicator_id", "response_key"), "varchar"
) | {"residual": "double"}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per figure and response of a calibrated wave, in the base or not."""
    margins = rows_of(dbt.ref("cln_weighting_margins"))
    members = rows_of(dbt.ref("cln_margin_members"))
    waves = list(wave_margins(members, margins))
    if not waves:
        return to_relation(session, TYPES, dict.fromkeys(TYPES, ()))
    return _residuals(dbt, waves)


def _residuals(dbt: Any, waves: list[Any]) -> Any:
    # Only a calibrated wave needs Arrow, which is slow to import.
    import pyarrow as pa

    from estimation.margin_residuals import margin_residuals

    raw = dbt.ref("est_raw_residuals")
    weights = dbt.ref("cln_calibrated_weights").fetchall()
    calibrated = {(wave, response_key): weight for wave, response_key, weight in weights}
    tables = []
    for wave in waves:
        quoted = wave.wave.replace("'", "''")
        residuals = raw.filter(f"wave = '{quoted}'").arrow().read_all()
        of_wave = {key: calibrated[wave.wave, key] for key in wave.response_keys}
        tables.append(margin_residuals(residuals, wave, of_wave))
    return pa.concat_tables(tables)
