"""The attacker finds exactly the values that are possible, holes included."""

from __future__ import annotations

import random
from itertools import product

import pytest

from protection.attack import search as attack_module
from protection.attack.model import Cell, Fact
from protection.attack.search import attack, attack_block
from protection.errors import ProtectionError


def by_hand(cells: list[Cell], facts: list[Fact]) -> dict[str, set[int]] | None:
    found: dict[str, set[int]] = {cell.key: set() for cell in cells}
    for values in product(*(range(cell.lower, cell.upper + 1) for cell in cells)):
        at = dict(zip(found, values, strict=True))
        if all(_holds(fact, at) for fact in facts):
            for key, value in at.items():
                found[key].add(value)
    return found if all(found.values()) else None


def _holds(fact: Fact, at: dict[str, int]) -> bool:
    total = sum(c * at[key] for key, c in fact.terms)
    if fact.lower is not None and total < fact.lower:
        return False
    if fact.upper is None:
        return True
    return total < fact.upper if fact.upper_open else total <= fact.upper


def system(seed: int) -> tuple[list[Cell], list[Fact]]:
    chance = random.Random(seed)
    cells = [Cell(f"c{at}", 0, chance.randint(2, 7)) for at in range(chance.randint(2, 4))]
    facts = []
    for _ in range(chance.randint(1, 3)):
        terms = tuple((cell.key, chance.choice([-3, -1, 1, 1, 2, 5])) for cell in cells)
        low = chance.randint(-8, 12)
        facts.append(Fact(terms, low, low + chance.choice([0, 0, 1, 4]), chance.random() < 0.2))
    return cells, facts


@pytest.fixture(params=["enumerated", "solved"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    attack_block.cache_clear()
    if request.param == "solved":
        monkeypatch.setattr(attack_module, "ENUMERATE_UP_TO", 0)
    return str(request.param)


@pytest.mark.parametrize("seeds", [range(0, 60), range(60, 120)])
def test_the_attacker_agrees_with_trying_everything(seeds: range, way: str) -> None:
    contradictions = 0
    for seed in seeds:
        cells, facts = system(seed)
        possible = by_hand(cells, facts)
        if possible is None:
            contradictions += 1
            with pytest.raises(ProtectionError):
                attack(cells, facts)
            continue
        report = attack(cells, facts, exact=True)
        for cell in cells:
            found = report.ranges[cell.key]
            assert found.is_safe == (len(possible[cell.key]) >= cell.required)
            assert (found.lower, found.upper) == (
                min(possible[cell.key]),
                max(possible[cell.key]),
            )
            assert found.candidates <= len(possible[cell.key])
    assert contradictions < len(seeds)


def test_a_wide_range_with_holes_is_not_safe(way: str) -> None:
    cells = [Cell("counted", 0, 30), Cell("fives", 0, 6, 0)]
    facts = [Fact((("counted", 1), ("fives", -15)), 0, 0)]
    found = attack(cells, facts, exact=True).ranges["counted"]
    assert (found.lower, found.upper, found.candidates) == (0, 30, 3)
    narrower = [Cell("counted", 0, 29), cells[1]]
    found = attack(narrower, facts, exact=True).ranges["counted"]
    assert (found.lower, found.upper, found.candidates, found.is_safe) == (0, 15, 2, False)


def test_whole_numbers_can_be_unique_where_fractions_are_free(way: str) -> None:
    cells = [Cell("a", 0, 10), Cell("b", 0, 10)]
    facts = [Fact((("a", 7), ("b", 10)), 57, 57)]
    report = attack(cells, facts)
    assert [report.ranges[key].candidates for key in ("a", "b")] == [1, 1]
    assert {finding.key for finding in report.findings} == {"a", "b"}
    assert "1 possible value (1)" in report.findings[0].reason


def test_a_count_that_never_had_three_values_is_safe_with_all_it_had() -> None:
    assert attack([Cell("single", 0, 1)], []).is_safe
    assert not attack([Cell("single", 0, 1)], [Fact((("single", 1),), 1, 1)]).is_safe


def test_blocks_that_share_nothing_are_attacked_apart() -> None:
    cells = [Cell(key, 0, 9) for key in "abcd"]
    facts = [Fact((("a", 1), ("b", 1)), 9, 9), Fact((("c", 1), ("d", 1)), 9, 9)]
    report = attack(cells, facts)
    assert (report.n_blocks, report.n_distinct) == (2, 1)


def test_a_fact_about_a_count_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ProtectionError, match="no cell"):
        attack([Cell("a", 0, 3)], [Fact((("b", 1),), 0, 1)])


def test_facts_that_contradict_each_other_are_an_error_and_not_safe() -> None:
    with pytest.raises(ProtectionError, match="contradict"):
        attack([Cell("a", 0, 3)], [Fact((("a", 1),), 5, 6, source="somewhere")])
