"""What a file that is only checked would change in the version in force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from landing.checks.correction import correction_finding, unavailable
from landing.findings.errors import LandingError
from landing.findings.finding import Finding
from landing.personal.treatment import treatment_for, treatments
from landing.readers import SourceTable
from landing.storage.warehouse import known_exports
from registry import Registry


def corrections_of_file(
    table: SourceTable, wave: str, kind: str, part: str, registry: Registry, warehouse: Path
) -> tuple[Finding, ...]:
    """Return what the file changes; nothing where it would replace no version.

    Pseudonyms are matched with pseudonyms: without the key that is told, and nothing is compared.
    """
    deliveries = registry.deliveries_for(wave, kind)
    delivery = next((one for one in deliveries if one.part == part), None)
    try:
        known = known_exports(warehouse, registry.survey.survey_id)
        slot = (wave, kind, part)
        in_force = next((e.export_id for e in known if e.is_current and e.slot == slot), None)
        if delivery is None or in_force is None:
            return ()
        # Nothing is archived, and so no key of the archive is needed.
        treatment = treatment_for(registry, [replace(delivery, archive="off")], warehouse)
    except LandingError as error:
        return (unavailable(error),)
    return (
        correction_finding(
            treatment.apply(table, delivery, registry).table,
            wave=wave,
            kind=kind,
            part=part,
            registry=registry,
            warehouse=warehouse,
            replaces=in_force,
            uncompared=frozenset(treatments(table, delivery, registry)),
        ),
    )
