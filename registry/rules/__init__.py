"""Checks of what the registries mean together, which no declaration of one table can say."""

from __future__ import annotations

from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.rules.chains import check_chains
from registry.rules.columns import check_columns
from registry.rules.membership import check_membership
from registry.rules.names import check_names
from registry.rules.queries import check_queries
from registry.rules.texts import check_texts
from registry.rules.thresholds import check_thresholds


def check_meaning(registry: Registry) -> Iterator[Problem]:
    """Yield every problem in how the registries fit together.

    Most rules are queries; those that walk, compare in pairs or need a table of numbers are code.
    An id that no registry lists is reported by the declared references; here it is skipped.
    """
    yield from check_queries(registry)
    yield from check_chains(registry)
    yield from check_columns(registry)
    yield from check_membership(registry)
    yield from check_thresholds(registry)
    yield from check_texts(registry)
    yield from check_names(registry)
