"""Checks of claims: whether each says what is compared with what."""

from __future__ import annotations

from collections.abc import Iterator

from registry.difference_records import Claim
from registry.model import Registry
from registry.problems import Problem
from registry.rules.differences import groups_around

_OF_GROUPS = ("a_higher", "a_lower")
_OF_RELATION = ("positive", "negative")


def check_claims(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with claims."""
    kinds = {indicator.indicator_id: indicator.kind for indicator in registry.indicators}
    around = groups_around(registry)
    for claim in registry.claims:
        yield from _groups(claim, around)
        yield from _indicators(claim, kinds)


def _wrong(claim: Claim, column: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem(
        "claims", claim.row, column, f"The claim '{claim.claim_id}' {what}", expected, remedy
    )


def _groups(claim: Claim, around: dict[str, frozenset[str]]) -> Iterator[Problem]:
    if (claim.group_a or claim.group_b) and claim.classification_id is None:
        yield _wrong(
            claim,
            "classification_id",
            "names groups without their classification.",
            "the classification of the groups",
            "Fill classification_id.",
        )
    if claim.group_a is None:
        yield _wrong(
            claim,
            "group_a",
            "does not say of which group it is.",
            "group A in every claim; a claim about all organisations names the group of them all",
            "Fill group_a.",
        )
    elif claim.group_a == claim.group_b:
        yield _wrong(
            claim,
            "group_a, group_b",
            f"compares '{claim.group_a}' with itself.",
            "two groups",
            "Correct one of the two.",
        )
    elif claim.group_b in around.get(claim.group_a, ()) or claim.group_a in around.get(
        claim.group_b or "", ()
    ):
        yield _wrong(
            claim,
            "group_a, group_b",
            f"compares '{claim.group_a}' with '{claim.group_b}', and one is a part of the other.",
            "two groups without organisations in common",
            "Name two groups side by side.",
        )


def _indicators(claim: Claim, kinds: dict[str, str]) -> Iterator[Problem]:
    if claim.indicator_b is not None and claim.indicator_id == claim.indicator_b:
        yield _wrong(
            claim,
            "indicator_id, indicator_b",
            f"relates '{claim.indicator_b}' to itself.",
            "two indicators",
            "Correct one of the two.",
        )
    if claim.expected_direction in _OF_RELATION:
        yield from _relation(claim, kinds)
    elif claim.expected_direction in _OF_GROUPS:
        yield from _comparison(claim, kinds)


def _relation(claim: Claim, kinds: dict[str, str]) -> Iterator[Problem]:
    if claim.indicator_b is None:
        yield _wrong(
            claim,
            "indicator_b",
            "expects a relation, and names one indicator.",
            "indicator_b where expected_direction is positive or negative",
            "Fill indicator_b, or correct expected_direction.",
        )
    elif kinds.get(claim.indicator_b, "share") not in ("share", ""):
        yield _wrong(
            claim,
            "indicator_b",
            f"relates to '{claim.indicator_b}', which is a {kinds[claim.indicator_b]}.",
            "a share: a relation is an odds ratio",
            "Name an indicator of kind share.",
        )
    if claim.group_b is not None:
        yield _wrong(
            claim,
            "group_b",
            "expects a relation within a group, and names two groups.",
            "an empty group_b where expected_direction is positive or negative",
            "Empty group_b, or correct expected_direction.",
        )


def _comparison(claim: Claim, kinds: dict[str, str]) -> Iterator[Problem]:
    if claim.group_b is None and claim.indicator_b is None:
        yield _wrong(
            claim,
            "group_b",
            "compares, and does not say with what.",
            "group_b (another group) or indicator_b (another indicator)",
            "Fill one of the two, or correct expected_direction.",
        )
    if claim.group_b is not None and kinds.get(claim.indicator_id) == "total":
        yield _wrong(
            claim,
            "indicator_id",
            f"compares the totals of two groups: '{claim.indicator_id}' says how large they are.",
            "a share, mean, count or ratio between groups",
            "Name another indicator.",
        )
    if claim.group_b is not None and claim.indicator_b is not None:
        yield _wrong(
            claim,
            "group_b, indicator_b",
            "compares groups and indicators at once.",
            "group_b or indicator_b",
            "Empty one of the two.",
        )
    elif (
        claim.indicator_b in kinds
        and claim.indicator_id in kinds
        and kinds[claim.indicator_b] != kinds[claim.indicator_id]
    ):
        yield _wrong(
            claim,
            "indicator_b",
            f"compares a {kinds[claim.indicator_id]} with a {kinds[claim.indicator_b]}.",
            "two indicators of one kind",
            "Name another indicator.",
        )
