"""What each reader group is told of, worked out from the registries alone."""

from __future__ import annotations

from registry import Registry


def told(registry: Registry) -> dict[str, frozenset[tuple[str, str]]]:
    """Classification and group of all that lies within each group with a schema of its own."""
    readers = sorted({group.group_id for group in registry.organisation_groups if group.own_schema})
    return {reader: _within(registry, reader) for reader in readers}


def _within(registry: Registry, reader: str) -> frozenset[tuple[str, str]]:
    below = {reader}
    while (
        more := {
            group.group_id
            for group in registry.organisation_groups
            if group.parent_group_id in below
        }
        - below
    ):
        below |= more
    dividing = {
        row.classification_id for row in registry.classifications if row.within_group_id in below
    }
    return frozenset(
        (group.classification_id, group.group_id)
        for group in registry.organisation_groups
        if group.group_id in below or group.classification_id in dividing
    )
