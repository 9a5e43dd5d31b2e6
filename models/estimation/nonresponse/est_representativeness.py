"""R-indicators of every wave with a frame file, over what the frame says of its organisations."""

from __future__ import annotations

from typing import Any

import numpy as np

from estimation.columns import to_relation
from estimation.representativeness import representativeness

TYPES = {
    "wave": "varchar",
    "level": "varchar",
    "classification_id": "varchar",
    "group_id": "varchar",
    "n_population": "bigint",
    "n_responses": "bigint",
    "r_indicator": "double",
    "r_unadjusted": "double",
    "standard_error": "double",
    "r_lower": "double",
    "r_upper": "double",
    "coefficient_of_variation": "double",
    "unconditional_partial": "double",
    "conditional_partial": "double",
}
OF_WAVE = tuple(TYPES)[4:12]
# As in the strata: in a classification of the design an organisation may be in no group.
NO_GROUP = "unclassified"


def model(dbt: Any, session: Any) -> Any:
    """Return one row per wave, per wave and variable, and per wave, variable and category.

    Variables are the classifications that the registry calls exhaustive, and those of strata and
    margins. Without a frame, and without responses, nothing can be said of who did not respond.
    """
    waves = dbt.ref("waves")
    classifications = dbt.ref("classifications")
    strata_design = dbt.ref("strata_design")
    margins = dbt.ref("weighting_margins")
    listed = dbt.ref("cln_organisations")
    responses = dbt.ref("cln_responses")
    memberships = dbt.ref("cln_organisation_groups")
    exhaustive = {
        name for (name,) in _rows_of(classifications, "classification_id", "is_exhaustive")
    }
    design = {
        *_rows_of(strata_design, "wave, classification_id"),
        *_rows_of(margins, "wave, classification_id"),
    }
    order = [
        name
        for (name,) in classifications.order("position, classification_id")
        .project("classification_id")
        .fetchall()
    ]
    organisations: dict[str, list[str]] = {}
    for wave, key in _rows_of(listed, "wave, organisation_key"):
        organisations.setdefault(wave, []).append(key)
    responded = {*_rows_of(responses, "wave, organisation_key")}
    groups = {
        key: group
        for *key_parts, group in _rows_of(
            memberships, "wave, classification_id, organisation_key, group_id", "is_leaf"
        )
        for key in [tuple(key_parts)]
    }
    found: list[dict[str, Any]] = []
    for (wave,) in sorted(_rows_of(waves, "wave", "frame_source = 'file'")):
        keys = sorted(organisations.get(wave, []))
        names = [name for name in order if name in exhaustive or (wave, name) in design]
        answered = np.array([(wave, key) in responded for key in keys], dtype=bool)
        if names and answered.any():
            variables = {
                name: [groups.get((wave, name, key), NO_GROUP) for key in keys] for name in names
            }
            found += _indicators(wave, variables, answered)
    return to_relation(session, TYPES, {name: [row.get(name) for row in found] for name in TYPES})


def _rows_of(relation: Any, columns: str, condition: str = "true") -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = relation.filter(condition).project(columns).fetchall()
    return found


def _indicators(wave: str, variables: dict[str, list[str]], answered: Any) -> list[dict[str, Any]]:
    whole = representativeness(variables, answered)
    counts = {"n_population": whole.n_population, "n_responses": whole.n_responses}
    rows: list[dict[str, Any]] = [
        {"wave": wave, "level": "wave"} | {name: getattr(whole, name) for name in OF_WAVE}
    ]
    for variable in whole.variables:
        place = {"wave": wave, "classification_id": variable.name}
        rows.append(
            place
            | counts
            | {
                "level": "variable",
                "unconditional_partial": variable.unconditional,
                "conditional_partial": variable.conditional,
            }
        )
        rows += [
            place
            | {
                "level": "category",
                "group_id": category.name,
                "n_population": category.n_population,
                "n_responses": category.n_responses,
                "unconditional_partial": category.unconditional,
                "conditional_partial": category.conditional,
            }
            for category in variable.categories
        ]
    return rows
