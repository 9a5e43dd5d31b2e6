"""What the rules of publication say where a survey says nothing."""

from __future__ import annotations

from registry.model import Registry

PUBLIC_EDITION = "public_edition"
MINIMUM_CONTRIBUTORS = ("minimum_contributors", "3")
"""Rule and default: organisations with an amount above zero that a public amount needs."""
P_PERCENT = ("p_percent", "10")
"""Rule and default: nobody may estimate another's amount within this percentage."""


def has_public_edition(registry: Registry) -> bool:
    """Return whether the survey has a public edition beside the internal one."""
    return any(
        rule.rule_id == PUBLIC_EDITION and rule.value == "1" for rule in registry.publication_rules
    )
