"""Weights of the waves whose registry names margins, made to add up to them.

Every weight in use comes by here, so that this is where designs that are not supported stop.
"""

from __future__ import annotations

from typing import Any

from estimation.columns import by_name, rows_of, to_relation
from estimation.sample_design import require_clusters, require_weights
from estimation.wave_margins import calibrated_weights

TYPES = {"wave": "varchar", "response_key": "varchar", "weight": "double"}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per response of a calibrated wave.

    Raises:
        SampleDesignError: a wave was sampled or weighted in a way that is not supported.
    """
    columns = dbt.ref("columns")
    weighted = columns.filter("kind = 'export' and role = 'weight'").project("wave").distinct()
    responses = dbt.ref("cln_design_weights")
    require_weights(rows_of(responses.join(weighted, "wave", how="semi")))
    clustered = columns.filter("role = 'cluster'").project("wave, kind").distinct()
    organisations = dbt.ref("cln_organisations").project("wave, organisation_key, row_number")
    placed = dbt.ref("cln_organisation_strata").join(organisations, "wave, organisation_key")
    strata = dbt.ref("cln_strata").filter("sampled_cluster_count is not null")
    require_clusters(
        rows_of(placed.join(clustered.project("wave"), "wave", how="semi")),
        rows_of(strata),
        {row["wave"]: row["kind"] for row in rows_of(clustered)},
    )
    members = rows_of(dbt.ref("cln_margin_members"))
    margins = rows_of(dbt.ref("cln_weighting_margins"))
    return to_relation(session, TYPES, by_name(TYPES, calibrated_weights(members, margins)))
