"""Which roles the columns of a file must have."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from registry.model import Registry
from registry.problems import Problem, at

# Of these an answer is one option, so that two answers contradict each other.
VERSIONED_TYPES = ("single", "scale")
_NEEDED = {"export": ("response_id", "organisation_key"), "frame": ("organisation_key",)}


def needed_roles(kind: str, frame_source: str, roles: Collection[str]) -> tuple[str, ...]:
    """Return the roles that a kind of file cannot do without.

    Where the export is its own frame and names no organisations, its responses are the units; a
    tool that gives them no id (Google Forms) leaves them their row in the file.
    """
    own_units = kind == "export" and frame_source == "export"
    if own_units and "organisation_key" not in roles:
        return ("response_id",) if "response_id" in roles else ()
    return _NEEDED.get(kind, ())


def check_columns(registry: Registry) -> Iterator[Problem]:
    """Yield every file that is expected without a column it needs."""
    sources = {wave.wave: wave.frame_source for wave in registry.waves}
    for delivery in registry.deliveries:
        wave, kind, source = delivery.wave, delivery.kind, sources.get(delivery.wave, "")
        if kind == "frame" and source != "file":
            continue
        roles = {column.role for column in registry.columns_for(wave, kind, delivery.part)}
        of_wave = {column.role for column in registry.columns_for(wave, kind)}
        has_parts = len(registry.deliveries_for(wave, kind)) > 1
        of_part = f", part '{delivery.part}'," if has_parts else ""
        for role in needed_roles(kind, source, of_wave):
            if role not in roles:
                yield at(delivery, "wave, kind").wrong(
                    f"No column of the {kind} of wave '{wave}'{of_part} has role {role}.",
                    f"a row in columns.csv with wave {wave}, kind {kind} and role {role}",
                    "Add the row.",
                )
