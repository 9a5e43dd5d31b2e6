"""The attacker over means finds what trying every way to answer finds."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest

from protection.attack.search import Finding
from protection.audit.means import MeanScale, ShownMean, attack_mean, attack_total, is_fine
from protection.errors import ProtectionError
from protection.ranges.rules import Atom

Counts = tuple[int, ...]
"""Answers per atom and score, atom by atom."""


def atoms(*sizes: tuple[int, int]) -> tuple[Atom, ...]:
    return tuple(
        Atom("w", f"s{at}", responses, Fraction(weight), frozenset({"g"}))
        for at, (responses, weight) in enumerate(sizes)
    )


def shown(
    low: str, high: str, members: tuple[Atom, ...], *, missing: int = 0, **more: object
) -> ShownMean:
    bases = {atom.atom_id: atom.responses - missing for atom in members}
    given = {"name": "r", "group_id": "g", "bases": bases, **more}
    return ShownMean(lower=Fraction(low), upper=Fraction(high), atoms=members, **given)  # type: ignore[arg-type]


def spread(base: int, scores: int) -> list[Counts]:
    """Return every way in which so many can answer."""
    if scores == 1:
        return [(base,)]
    return [
        (first, *rest) for first in range(base + 1) for rest in spread(base - first, scores - 1)
    ]


def fitting(scale: MeanScale, mean: ShownMean) -> list[Counts]:
    """Return every way to answer that gives a mean in the range, tried one by one."""
    found = []
    bases = [mean.bases[atom.atom_id] for atom in mean.atoms]
    weight = sum(a.weight * b for a, b in zip(mean.atoms, bases, strict=True))
    for vectors in product(*(spread(base, len(scale.scores)) for base in bases)):
        total = sum(
            atom.weight * score * count
            for atom, counts in zip(mean.atoms, vectors, strict=True)
            for score, count in zip(scale.scores, counts, strict=True)
        )
        value = Fraction(total, 1) / weight
        if mean.lower <= value and (value < mean.upper or value == mean.upper == scale.highest):
            found.append(tuple(count for counts in vectors for count in counts))
    return found


def unsafe(scale: MeanScale, mean: ShownMean, ways: list[Counts]) -> set[str]:
    """Return the counts with too few values: of each atom, and of the group."""
    values: dict[str, set[int]] = defaultdict(set)
    size = len(scale.scores)
    for way in ways:
        for at, score in enumerate(scale.scores):
            values[f"g {score}"].add(sum(way[at::size]))
            for number, atom in enumerate(mean.atoms):
                values[f"{atom.atom_id} {score}"].add(way[number * size + at])
    most = {
        f"{atom.atom_id} {s}": mean.bases[atom.atom_id] for atom in mean.atoms for s in scale.scores
    }
    whole = sum(mean.bases.values())
    return {
        key
        for key, seen in values.items()
        if len(seen) < min(scale.candidates, most.get(key, whole) + 1)
    }


def named(findings: tuple[Finding, ...], release: str = "r") -> set[str]:
    found = set()
    for finding in findings:
        if finding.key.startswith(f"{release} "):
            _, place, _, _, score = finding.key.split(" ")
            found.add(f"{place} {score}")
    return found


CASES = {
    "one_stratum": (atoms((8, 1)), range(1, 5)),
    "five_scores": (atoms((7, 1)), range(1, 6)),
    "around_zero": (atoms((9, 2)), range(-1, 2)),
    "two_strata": (atoms((4, 1), (4, 2)), range(1, 4)),
    "heavy_stratum": (atoms((5, 1), (3, 5)), range(1, 4)),
}


@pytest.mark.parametrize("candidates", [3, 4])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_range_is_judged_as_trying_everything_judges_it(case: str, candidates: int) -> None:
    members, scores = CASES[case]
    scale = MeanScale("m", scores[0], scores[-1], candidates)
    chance = random.Random(3)
    verdicts = set()
    tenths = range(10 * scores[0], 10 * scores[-1])
    for low in sorted(chance.sample(tenths, min(12, len(tenths)))):
        width = chance.choice([1, 1, 2, 7])
        high = min(low + width, 10 * scores[-1])
        mean = shown(f"{low}/10", f"{high}/10", members)
        ways = fitting(scale, mean)
        if not ways:
            with pytest.raises(ProtectionError):
                attack_mean(scale, [mean])
            continue
        expected = unsafe(scale, mean, ways)
        assert named(attack_mean(scale, [mean])) == expected
        verdicts.add(bool(expected))
    assert True in verdicts


def test_who_does_not_know_how_many_answered_tries_every_base() -> None:
    scale = MeanScale("m", 1, 3, 3)
    members = atoms((6, 1))
    blind = shown("1", "13/10", members, bases={}, smallest=4)
    ways = [
        way
        for missing in range(3)
        for way in fitting(scale, shown("1", "13/10", members, missing=missing))
    ]
    expected = {
        f"{place} {score}"
        for at, score in enumerate(scale.scores)
        for place in ("g", "s0")
        if len({way[at] for way in ways}) < 3
    }

    assert expected
    assert named(attack_mean(scale, [blind])) == expected


@pytest.mark.parametrize("changed", [1, 2, 3])
def test_two_versions_are_judged_together(changed: int) -> None:
    scale = MeanScale("m", 1, 3, 3)
    members = atoms((8, 1))
    old = shown("3/2", "8/5", members, name="old")
    new = shown("19/10", "2", members, name="r", changed=changed)
    pairs = [
        (before, after)
        for before in fitting(scale, old)
        for after in fitting(scale, new)
        if sum(max(0, a - b) for a, b in zip(after, before, strict=True)) <= changed
    ]
    if not pairs:
        with pytest.raises(ProtectionError):
            attack_mean(scale, [old, new])
        return
    findings = attack_mean(scale, [old, new])

    assert named(findings) >= unsafe(scale, new, [after for _, after in pairs])
    assert named(findings, "old") >= unsafe(scale, old, [before for before, _ in pairs])
    alone = unsafe(scale, new, fitting(scale, new))
    assert named(findings) == unsafe(scale, new, [after for _, after in pairs]) | alone


def test_a_total_is_attacked_with_its_parts_unless_it_follows_from_them() -> None:
    scale = MeanScale("m", 1, 3, 3)
    one, other = atoms((10, 1), (10, 1))
    parts = [
        shown("1", "7/4", (one,), group_id="a"),
        shown("2", "21/10", (other,), group_id="b"),
    ]
    follows = shown("3/2", "2", (one, other))
    tells = shown("3/2", "8/5", (one, other))

    assert attack_total(scale, follows, parts) == ()
    # All scores together are 30 or 31, those of the second 20: the first ten have 10 or 11.
    assert {finding.key for finding in attack_total(scale, tells, parts)} == {
        f"r {place} m answered {score}" for place in ("a", "s0") for score in (1, 2, 3)
    }


def test_a_range_of_less_than_a_tenth_or_between_tenths_is_too_fine() -> None:
    assert is_fine(Fraction("3.14"), Fraction("3.24"))
    assert is_fine(Fraction("3.1"), Fraction("3.15"))
    assert is_fine(Fraction("3.1"), Fraction("3.1"))
    assert not is_fine(Fraction("3.1"), Fraction("3.2"))
    assert not is_fine(Fraction(1), Fraction("1.7"))
