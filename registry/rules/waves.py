"""Checks of waves, deliveries, strata and publication rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem, did_you_mean

# Positions that models/cleaned/cln_organisation_strata.sql reads.
STRATA_DIMENSIONS = 3
REQUIRED_RULES = ("minimum_base", "minimum_stratum_responses", "minimum_answered_questions")


def check_waves(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with waves, deliveries, strata and publication rules."""
    yield from _wave_order(registry)
    yield from _frames(registry)
    yield from _strata_design(registry)
    yield from _strata(registry)
    yield from _publication_rules(registry)


def _wave_order(registry: Registry) -> Iterator[Problem]:
    # The SQL compares waves as text (first_wave, last_wave).
    ordered = sorted(registry.waves, key=lambda wave: wave.wave)
    for earlier, later in itertools.pairwise(ordered):
        if earlier.reference_start > later.reference_start:
            yield Problem(
                "waves",
                later.row,
                "wave, reference_start",
                f"Wave '{later.wave}' starts before wave '{earlier.wave}' (line {earlier.row}).",
                "ids that sort in the order of the reference periods",
                "Correct the dates, or rename the waves.",
            )
    for wave in registry.waves:
        if wave.expected_responses_low < 0:
            yield Problem(
                "waves",
                wave.row,
                "expected_responses_low",
                f"'expected_responses_low' is {wave.expected_responses_low}.",
                "0 or more",
                "Write the fewest rows an export of this wave may hold.",
            )


def _frames(registry: Registry) -> Iterator[Problem]:
    for wave in registry.waves:
        frames = registry.deliveries_for(wave.wave, "frame")
        if wave.frame_source == "file" and not frames:
            yield Problem(
                "waves",
                wave.row,
                "frame_source",
                f"Wave '{wave.wave}' takes its population from a frame file, and none is expected.",
                f"a row in deliveries.csv with wave {wave.wave} and kind frame",
                "Add the delivery, or change frame_source.",
            )
        if wave.frame_source in {"export", "registry"}:
            for delivery in frames:
                yield Problem(
                    "deliveries",
                    delivery.row,
                    "kind",
                    f"A frame file is expected of wave '{wave.wave}', whose population comes from "
                    f"the {wave.frame_source}.",
                    "frame files only where waves.csv has frame_source file",
                    "Delete the delivery, or set frame_source to file.",
                )


def _strata_design(registry: Registry) -> Iterator[Problem]:
    for wave in registry.waves:
        rows = sorted(
            (row for row in registry.strata_design if row.wave == wave.wave),
            key=lambda row: row.position,
        )
        if not rows:
            yield Problem(
                "waves",
                wave.row,
                "wave",
                f"Wave '{wave.wave}' has no sample design, so its answers get no weight.",
                f"1 to {STRATA_DIMENSIONS} rows in strata_design.csv with wave {wave.wave}",
                "Add the classifications that the sample was drawn by.",
            )
        for row in rows[STRATA_DIMENSIONS:]:
            yield Problem(
                "strata_design",
                row.row,
                "position",
                f"The sample design of wave '{wave.wave}' crosses more than "
                f"{STRATA_DIMENSIONS} classifications.",
                f"at most {STRATA_DIMENSIONS} rows per wave",
                "Make one classification of two of them.",
            )
        positions = [row.position for row in rows]
        # Equal positions are duplicate keys, and reported as such.
        if len(set(positions)) < len(positions):
            continue
        for expected, row in enumerate(rows, start=1):
            if row.position != expected:
                yield Problem(
                    "strata_design",
                    row.row,
                    "position",
                    f"Position {row.position} of wave '{wave.wave}' should be {expected}.",
                    f"positions 1 to {len(rows)} in every wave, without gaps",
                    "Renumber the rows of this wave.",
                )
                break


def _strata(registry: Registry) -> Iterator[Problem]:
    sources = {wave.wave: wave.frame_source for wave in registry.waves}
    counted = {stratum.wave for stratum in registry.strata}
    for wave in registry.waves:
        if wave.frame_source == "registry" and wave.wave not in counted:
            yield Problem(
                "waves",
                wave.row,
                "frame_source",
                f"Wave '{wave.wave}' takes its population from the registry, and it has no strata.",
                f"rows in strata.csv with wave {wave.wave}",
                "Add the population counts, or change frame_source.",
            )
    for stratum in registry.strata:
        source = sources.get(stratum.wave)
        if source in {"file", "export"}:
            yield Problem(
                "strata",
                stratum.row,
                "wave",
                f"Wave '{stratum.wave}' takes its population from the {source}, not from counts.",
                "strata only for waves with frame_source registry",
                "Delete the row, or set frame_source to registry.",
            )
        if stratum.population_count < 0:
            yield Problem(
                "strata",
                stratum.row,
                "population_count",
                f"'population_count' is {stratum.population_count}.",
                "0 or more organisations",
                "Correct the count.",
            )


def _publication_rules(registry: Registry) -> Iterator[Problem]:
    present = {rule.rule_id for rule in registry.publication_rules}
    for required in REQUIRED_RULES:
        if required not in present:
            yield Problem(
                "publication_rules",
                None,
                "rule_id",
                f"The rule '{required}' is missing.",
                "the rules " + ", ".join(REQUIRED_RULES),
                did_you_mean(required, present - set(REQUIRED_RULES)) + "Add a row for it.",
            )
    for rule in registry.publication_rules:
        if rule.rule_id in REQUIRED_RULES and rule.value and not rule.value.isdecimal():
            yield Problem(
                "publication_rules",
                rule.row,
                "value",
                f"The rule '{rule.rule_id}' has the value '{rule.value}'.",
                "a whole number, 0 or more",
                "Write the threshold as a number.",
            )
