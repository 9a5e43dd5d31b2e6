"""The schemas of the warehouse and of its releases, as far as the registries decide them."""

from __future__ import annotations

from registry.model import Registry

LONGEST_NAME = 63
"""Bytes of a name that PostgreSQL keeps."""
CORE = "core"
GROUPS = "groups"
"""Schema of the build database that holds the rows of every reader group, one table per kind."""
TOPICS = "topics"
"""Schema of the build database with one table that holds the rows of every topic."""


def released_schemas(registry: Registry) -> tuple[str, ...]:
    """Return `core`, the schemas of the topics, and the groups that have a schema of their own."""
    return (*whole_schemas(registry), *reader_groups(registry))


def reader_groups(registry: Registry) -> tuple[str, ...]:
    """Return the organisation groups that have a schema of their own."""
    return tuple(sorted({g.group_id for g in registry.organisation_groups if g.own_schema}))


def mart_schemas(registry: Registry) -> tuple[str, ...]:
    """Return the schemas of the build database that releases are made from."""
    topics = (TOPICS,) if registry.topic_marts else ()
    return (*whole_schemas(registry), *topics, GROUPS)


def whole_schemas(registry: Registry) -> tuple[str, ...]:
    """Return the schemas of the build database that are released as they are."""
    return (CORE, *sorted({mart.schema_name for mart in registry.topic_marts}))
