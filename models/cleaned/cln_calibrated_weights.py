"""Weights of the waves whose registry names margins, made to add up to them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.wave_margins import calibrated_weights

SCHEMA = pa.schema([("wave", pa.string()), ("response_key", pa.string()), ("weight", pa.float64())])


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per response of a calibrated wave."""
    members = dbt.ref("cln_margin_members").arrow().read_all().to_pylist()
    margins = dbt.ref("cln_weighting_margins").arrow().read_all().to_pylist()
    return pa.Table.from_pylist(calibrated_weights(members, margins), schema=SCHEMA)
