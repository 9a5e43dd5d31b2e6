"""What the rules of publication say where a survey says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from registry.model import Registry

PUBLIC_EDITION = "public_edition"
PUBLIC_METHOD = "public_method"
"""Rule without a default: nobody publishes by a method that he did not choose."""
PUBLIC_MINIMUM_BASE = ("public_minimum_base", "10")
"""Rule and default: smallest base of a rounded figure."""
PUBLIC_CANDIDATES = ("public_candidates", "2")
"""Rule and default: values of a count that rounded figures leave possible to an outsider."""
PUBLIC_CANDIDATES_RESPONDENT = ("public_candidates_respondent", "1")
"""Rule and default: likewise to a respondent, who knows his own answers."""
MINIMUM_CONTRIBUTORS = ("minimum_contributors", "3")
"""Rule and default: organisations with an amount above zero that a public amount needs."""
P_PERCENT = ("p_percent", "10")
"""Rule and default: nobody may estimate another's amount within this percentage."""


@dataclass(frozen=True)
class PublicRules:
    """By which method the public edition publishes, and what a release of it must keep.

    Attributes:
        method: one of `METHODS`; an indicator or topic may be held to the stricter `bands`.
        minimum_base: smallest base of a rounded figure.
        candidates: values of every count that must stay possible to an outsider.
        candidates_respondent: values that may be all that is left to a respondent; measured, said.
    """

    method: str
    minimum_base: int
    candidates: int
    candidates_respondent: int


def has_public_edition(registry: Registry) -> bool:
    """Return whether the survey has a public edition beside the internal one."""
    return any(
        rule.rule_id == PUBLIC_EDITION and rule.value == "1" for rule in registry.publication_rules
    )


def public_rules(registry: Registry) -> PublicRules:
    """Return what the registry says of the method of the public edition.

    Raises:
        UsageError: it names no method; validation sees to it where there is a public edition.
    """
    values = {rule.rule_id: rule.value for rule in registry.publication_rules}
    return PublicRules(
        registry.rule(PUBLIC_METHOD),
        int(values.get(*PUBLIC_MINIMUM_BASE)),
        int(values.get(*PUBLIC_CANDIDATES)),
        int(values.get(*PUBLIC_CANDIDATES_RESPONDENT)),
    )
