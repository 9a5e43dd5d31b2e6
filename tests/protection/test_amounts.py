"""Amounts: what is suppressed, against linear programs, enumeration and trying all patterns."""

from __future__ import annotations

import csv
import random
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from contribution_rules import breaks_p_percent, primary_reason
from generated_amounts import DBT_LAYERS, fewest, limits, pinned, sums, table
from sample_sizes import chunks

from protection.amounts.attack import READER, AmountAttack
from protection.amounts.network import AmountNetwork
from protection.amounts.pattern import choose_pattern
from protection.amounts.totals import AmountSet, AmountTable, amount_table
from protection.errors import ProtectionError

CHUNKS = chunks(200, everyday=10, size=10)
SMALL = (1, 2, 3)


def small(seed: int) -> AmountTable:
    """Return one of several kinds of tables, small enough for a linear program per respondent."""
    kind = seed % 5
    if kind == 0:
        return table(seed, (1, 2, 5), parts=("local",))
    if kind == 1:
        return table(seed, (1, 3, 5), parts=("local", "state"), unpublished=("state",))
    if kind == 2:
        return table(seed, (2, 5), parts=DBT_LAYERS[:2], minimum_contributors=4, candidates=4)
    return table(seed, SMALL, parts=DBT_LAYERS[: 2 + seed % 2])


@pytest.mark.parametrize("seeds", CHUNKS)
def test_neither_a_reader_nor_any_respondent_comes_too_close(seeds: range) -> None:
    for seed in seeds:
        own = small(seed)
        pattern = choose_pattern(own)
        assert pattern.is_fewest
        assert set(own.primary) <= pattern.suppressed
        assert pinned(own, pattern.suppressed) == set()


@pytest.mark.parametrize("seeds", [range(0, 5), range(5, 10)])
def test_without_any_one_secondary_suppression_somebody_comes_too_close(seeds: range) -> None:
    tried = 0
    for seed in seeds:
        own = small(seed)
        pattern = choose_pattern(own)
        for cell in pattern.secondary:
            tried += 1
            without = pattern.suppressed - {cell}
            assert AmountAttack(own).findings(without)
            assert pinned(own, without)
    assert tried >= 5


@pytest.mark.parametrize("seed", range(10))
def test_no_pattern_with_fewer_cells_is_safe(seed: int) -> None:
    own = table(seed, (1, 3, 6), parts=("local",) if seed % 2 else ("local", "state"))
    pattern = choose_pattern(own)
    if len(pattern.secondary) > 2:
        own = table(seed, (1, 3, 6), parts=("local",))
        pattern = choose_pattern(own)
    assert len(pattern.secondary) == fewest(own)


@pytest.mark.parametrize("seed", range(8))
def test_limits_are_those_of_a_linear_program_over_all_sums(seed: int) -> None:
    own = table(seed)
    chance = random.Random(seed)
    suppressed = {cell for cell in own.totals if chance.random() < 0.55}
    network = AmountNetwork(own, suppressed)
    limit = 10**9
    for cell in sorted(suppressed):
        low, high = limits(own, suppressed, cell)
        down = network.down(cell, READER, limit).amount
        up = network.up(cell, READER, limit).amount
        assert own.totals[cell] - down == pytest.approx(low, abs=1e-3)
        assert min(high, own.totals[cell] + limit) == pytest.approx(own.totals[cell] + up, abs=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_every_whole_amount_between_the_limits_is_possible(seed: int) -> None:
    """By writing out every table of whole units that agrees with what is published."""
    chance = random.Random(seed)
    chains = [("a", "all"), ("b", "all"), ("c", "all")]
    parts = {part: [100 * chance.randint(0, 4) for _ in chains] for part in ("p", "q")}
    union = [sum(each) for each in zip(*parts.values(), strict=True)]
    rule = AmountSet("set", ("p", "q"), "u", "c")
    own = amount_table(rule, chains, {**parts, "u": union})
    suppressed = [(part, leaf) for part in ("p", "q") for leaf in "abc"]
    suppressed += [("u", "a"), ("u", "b")]
    found: dict[tuple[str, str], set[int]] = {cell: set() for cell in suppressed}
    leaf_cells = suppressed[:6]
    lines = [line for line in sums(own) if set(line) & set(suppressed)]
    for units in product(range(13), repeat=3):
        # The second part follows from the totals of the two parts and of group c.
        world = dict(zip([("p", leaf) for leaf in "abc"], (100 * u for u in units), strict=True))
        for total in product(range(13), repeat=2):
            world |= {("q", "a"): 100 * total[0], ("q", "b"): 100 * total[1]}
            world["q", "c"] = own.totals["u", "c"] - world["p", "c"]
            world["u", "a"] = world["p", "a"] + world["q", "a"]
            world["u", "b"] = world["p", "b"] + world["q", "b"]
            if min(world[cell] for cell in leaf_cells) < 0:
                continue
            whole = own.totals | world
            if all(sum(sign * whole[c] for c, sign in line.items()) == 0 for line in lines):
                for cell in suppressed:
                    found[cell].add(world[cell])
    network = AmountNetwork(own, suppressed)
    for cell in suppressed:
        low = own.totals[cell] - network.down(cell, READER, 10**6).amount
        high = own.totals[cell] + network.up(cell, READER, 10**6).amount
        assert found[cell] == set(range(low, high + 1, 100))


@pytest.mark.parametrize("seed", range(5))
def test_primary_cells_are_those_of_the_rules_for_contributions(seed: int) -> None:
    own = table(seed, (2, 5, 9))
    for cell, contributions in own.contributions.items():
        amounts = [amount for amount, _ in contributions]
        expected = primary_reason(amounts) or (None if amounts else "nobody")
        assert (cell in own.primary) == (expected is not None)
        if expected not in (None, "nobody"):
            assert own.primary[cell] == expected


def test_the_rules_for_contributions_at_their_edges() -> None:
    assert breaks_p_percent([100, 50, 9], 10)
    assert not breaks_p_percent([100, 50, 10], 10)
    assert primary_reason([5, 5]) == "too_few_contributors"
    assert primary_reason([]) is None
    assert primary_reason([100, 50, 9, 0]) == "p_percent"


def one(amounts: list[int], leaves: list[str], **rules: object) -> AmountTable:
    rule = AmountSet("x", ("x",), None, "c", **rules)  # type: ignore[arg-type]
    return amount_table(rule, [(leaf, "all") for leaf in leaves], {"x": amounts})


def test_a_zero_hides_nobody_and_is_itself_not_published() -> None:
    own = one([500, 400, 0, 0, 0, 0, 0], ["a", "a", "a", "b", "b", "b", "b"])
    assert own.primary["x", "a"] == "too_few_contributors"
    assert own.primary["x", "b"] == "too_few_contributors"


def test_somebody_alone_in_one_group_cannot_work_out_who_is_alone_in_another() -> None:
    amounts = [70_000, 90_000, *[20_000] * 6]
    own = one(amounts, ["a", "b", "c", "c", "c", "d", "d", "d"])
    assert set(own.primary) == {("x", "a"), ("x", "b")}
    attack = AmountAttack(own)
    (finding, other) = attack.findings({("x", "a"), ("x", "b")})
    assert finding.attacker.position == 1
    assert other.attacker.position == 0
    # A reader alone would be kept at a distance by the two of them.
    assert limits(own, own.primary, ("x", "a")) == (0, 160_000)
    pattern = choose_pattern(own)
    assert len(pattern.secondary) == 1
    assert not attack.findings(pattern.suppressed)


def test_the_choice_between_equally_good_cells_does_not_depend_on_amounts() -> None:
    leaves = ["a", *"bbb", *"cccc", *"ddddd"]
    low_first = one([900, *[9000] * 3, *[2000] * 4, *[1000] * 5], leaves)
    high_first = one([900, *[1000] * 3, *[2000] * 4, *[9000] * 5], leaves)
    assert choose_pattern(low_first).secondary == {("x", "b")}
    assert choose_pattern(high_first).secondary == {("x", "b")}


def test_responses_of_a_wider_group_alone_are_a_rest_that_is_never_published() -> None:
    rule = AmountSet("x", ("x",), None, "c")
    chains = [("all",), ("all",), *[("a", "all")] * 5, *[("b", "all")] * 5]
    own = amount_table(rule, chains, {"x": [50_000] * 12})
    assert ("x", "~all") in own.totals
    assert ("x", "~all") not in own.shown
    pattern = choose_pattern(own)
    assert ("x", "~all") in pattern.suppressed
    assert len(pattern.secondary) == 1
    assert pinned(own, pattern.suppressed) == set()


def test_a_cell_that_was_suppressed_stays_so() -> None:
    own = one([100_000] * 20, [*["a"] * 5, *["b"] * 5, *["c"] * 10])
    assert choose_pattern(own).suppressed == set()
    assert choose_pattern(own, {("x", "a"), ("x", "gone")}).suppressed == {("x", "a")}


def test_a_largest_amount_that_everybody_knows_counts() -> None:
    own = one([100] * 9, [*["a"] * 2, *["b"] * 7], highest={"x": 100})
    with pytest.raises(ProtectionError, match="cannot be protected"):
        choose_pattern(own)
    wide = one([100] * 9, [*["a"] * 2, *["b"] * 7], highest={"x": 100_000})
    assert choose_pattern(wide).secondary == {("x", "b")}


def test_negative_amounts_and_groups_below_two_others_are_refused() -> None:
    with pytest.raises(ProtectionError, match="negative"):
        one([1, -1], ["a", "a"])
    rule = AmountSet("x", ("x",), None, "c")
    with pytest.raises(ProtectionError, match="below two others"):
        amount_table(rule, [("a", "b"), ("a", "c")], {"x": [1, 2]})


def test_giving_up_the_search_for_the_fewest_still_gives_a_safe_pattern() -> None:
    own = table(4)
    pattern = choose_pattern(own, rounds=0)
    assert not pattern.is_fewest
    assert not AmountAttack(own).findings(pattern.suppressed)
    assert pinned(own, pattern.suppressed) == set()


COLUMNS = {"local": "LOCGVT", "state": "STGVT", "federal": "FEDGVT", "other": "OTHINCM"}


@pytest.fixture(scope="module")
def income(shared_data: Path) -> AmountTable:
    """Return the income of 8,966 library organisations of 1998, by source and state."""
    with (shared_data / "pls" / "PUPLDF98.csv").open(encoding="latin-1") as file:
        rows = list(csv.DictReader(file))
    amounts = {
        name: [max(0, int(row[column])) * 100 for row in rows]
        for name, column in {**COLUMNS, "income": "TOTINCM"}.items()
    }
    rule = AmountSet("income", tuple(COLUMNS), "income", "state")
    return amount_table(rule, [(row["STABR"].strip(), "us") for row in rows], amounts)


def test_income_of_public_libraries_by_state_needs_five_more_cells(income: AmountTable) -> None:
    pattern = choose_pattern(income)
    attack = AmountAttack(income)
    assert len(income.leaf) == 8966
    assert max(income.totals.values()) > 6 * 10**11
    assert len(income.shown) == 270
    assert Counter(income.primary.values()) == {"too_few_contributors": 24, "p_percent": 1}
    assert len(pattern.secondary) == 5
    assert pattern.is_fewest
    assert not attack.findings(pattern.suppressed)
    for cell in pattern.secondary:
        named = {finding.cell for finding in attack.findings(pattern.suppressed - {cell})}
        assert named
        assert named <= set(income.primary)


def test_a_reader_of_library_income_is_kept_at_a_distance(income: AmountTable) -> None:
    """With amounts up to 6,700 million dollars, by a linear program in thousands of dollars."""
    pattern = choose_pattern(income)
    for cell in income.primary:
        low, high = limits(income, pattern.suppressed, cell, scale=100_000)
        contributions = [amount for amount, _ in income.contributions[cell]] or [0]
        room = float(Fraction(contributions[0], 10)) - sum(contributions[2:])
        assert high >= income.totals[cell] + room - 1
        assert low <= income.totals[cell] - room + 1
        assert high - low >= 200 - 1
