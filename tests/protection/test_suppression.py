"""Secondary suppression: fewest cells, proven by the attacker, against published patterns."""

from __future__ import annotations

import csv
import random
from itertools import combinations
from pathlib import Path

import pytest

from protection.errors import ProtectionError
from protection.magnitudes import (
    MagnitudeRule,
    breaks_dominance,
    breaks_p_percent,
    dominates,
    primary_reason,
    required_gap,
    too_few,
)
from protection.secondary import Line, Need, Table, attack_pattern, suppress

PURPOSES = ("annet", "arbeid", "soshjelp", "trygd")


def two_way(values: dict[tuple[str, str], int]) -> Table:
    """Return a table with all its margins; keys are row.column."""
    rows, columns = ([*dict.fromkeys(key[at] for key in values)] for at in (0, 1))
    cells = {f"{row}.{column}": value for (row, column), value in values.items()}
    for row in rows:
        cells[f"{row}.all"] = sum(values[row, column] for column in columns)
    for column in columns:
        cells[f"all.{column}"] = sum(values[row, column] for row in rows)
    cells["all.all"] = sum(values.values())
    lines = [Line(f"{row}.all", tuple(f"{row}.{c}" for c in columns)) for row in [*rows, "all"]]
    lines += [Line(f"all.{c}", tuple(f"{row}.{c}" for row in rows)) for c in [*columns, "all"]]
    return Table(cells, tuple(lines))


@pytest.fixture(scope="module")
def z1(shared_data: Path) -> Table:
    with (shared_data / "sdc" / "z1.csv").open(encoding="utf-8") as file:
        values = {
            (row["region"], row["hovedint"]): int(float(row["ant"])) for row in csv.DictReader(file)
        }
    return two_way(values)


def small(table: Table) -> list[str]:
    return [key for key, value in table.values.items() if 1 <= value <= 3]


def test_z1_needs_exactly_six_suppressions(z1: Table) -> None:
    pattern = suppress(z1, small(z1))
    assert small(z1) == ["B.arbeid", "D.arbeid", "H.arbeid"]
    assert len(z1.values) == 45
    assert len(pattern.suppressed) == 6
    assert pattern.is_fewest
    assert attack_pattern(z1, pattern.suppressed).is_safe


def test_z1_has_no_safe_pattern_of_five(z1: Table) -> None:
    primary = small(z1)
    rest = [key for key in z1.values if key not in primary]
    needs = dict.fromkeys(primary, 3)
    for further in (0, 1, 2):
        for extra in combinations(rest, further):
            assert not attack_pattern(z1, [*primary, *extra], needs).is_safe


def test_the_published_pattern_of_z1_leaves_the_attacker_the_published_ranges(z1: Table) -> None:
    regions = ("B", "D", "H")
    pattern = [f"{region}.{purpose}" for region in regions for purpose in ("annet", "arbeid")]
    ranges = attack_pattern(z1, pattern, exact=True).ranges
    found = {key: (each.lower, each.upper) for key, each in ranges.items()}
    assert [found[f"{region}.arbeid"] for region in regions] == [(0, 6)] * 3
    assert [found[f"{region}.annet"] for region in regions] == [(2, 8), (9, 15), (6, 12)]
    assert all(each.is_complete for each in ranges.values())


def test_without_any_one_of_its_secondary_suppressions_z1_is_caught(z1: Table) -> None:
    pattern = suppress(z1, small(z1))
    needs = dict.fromkeys(pattern.primary, 3)
    for cell in pattern.secondary:
        assert not attack_pattern(z1, pattern.suppressed - {cell}, needs).is_safe


def random_table(seed: int) -> Table:
    chance = random.Random(seed)
    return two_way({(r, c): chance.choice([1, 2, 4, 7, 12, 30]) for r in "ABCD" for c in "wxyz"})


def test_two_suppressions_in_every_line_can_still_be_solved() -> None:
    table = two_way(
        {(r, c): 5 + 3 * at for at, (r, c) in enumerate([(r, c) for r in "ABCD" for c in "wxyz"])}
    )
    pattern = {"A.w", "A.x", "B.w", "B.x", "B.y", "C.y", "C.z", "D.y", "D.z"}
    for line in table.lines:
        assert sum(key in pattern for key in line.keys) != 1
    report = attack_pattern(table, pattern, exact=True)
    assert [finding.key for finding in report.findings] == ["B.y"]
    found = report.ranges["B.y"]
    assert found.lower == found.upper == table.values["B.y"]


@pytest.mark.parametrize("seeds", [range(0, 25), range(25, 50)])
def test_every_pattern_is_safe_and_none_of_its_secondary_cells_can_be_left_out(
    seeds: range,
) -> None:
    tried = 0
    for seed in seeds:
        table = random_table(seed)
        primary = [k for k, v in table.values.items() if v < 3 and "all" not in k][:3]
        if not primary:
            continue
        pattern = suppress(table, primary)
        needs = dict.fromkeys(primary, 3)
        assert pattern.is_fewest
        assert attack_pattern(table, pattern.suppressed, needs).is_safe
        for cell in pattern.secondary:
            tried += 1
            assert not attack_pattern(table, pattern.suppressed - {cell}, needs).is_safe
    assert tried >= 50


@pytest.mark.parametrize("seed", range(3))
def test_no_smaller_pattern_is_safe(seed: int) -> None:
    chance = random.Random(seed)
    table = two_way({(r, c): chance.choice([1, 5, 9, 20]) for r in "ABC" for c in "xyz"})
    primary = [key for key, value in table.values.items() if value == 1][:1]
    pattern = suppress(table, primary)
    needs = dict.fromkeys(primary, 3)
    rest = [key for key in table.values if key not in primary]
    for extra in combinations(rest, len(pattern.secondary) - 1):
        assert not attack_pattern(table, [*primary, *extra], needs).is_safe


def test_a_hierarchy_of_totals_is_protected_at_every_level() -> None:
    values = {"a1": 1, "a2": 40, "b1": 30, "b2": 25, "b3": 11, "a": 41, "b": 66, "all": 107}
    lines = (Line("a", ("a1", "a2")), Line("b", ("b1", "b2", "b3")), Line("all", ("a", "b")))
    table = Table(values, lines, fixed=frozenset({"all"}))
    pattern = suppress(table, ["a1"])
    assert pattern.suppressed == {"a1", "a2"}
    for cell in pattern.secondary:
        assert not attack_pattern(table, pattern.suppressed - {cell}, {"a1": 3}).is_safe


def test_amounts_get_the_room_the_p_percent_rule_asks_for() -> None:
    table = two_way({("A", "x"): 500, ("A", "y"): 8, ("B", "x"): 300, ("B", "y"): 400})
    pattern = suppress(table, ["A.x"], {"A.x": Need(above=40)})
    found = attack_pattern(table, pattern.suppressed, exact=True).ranges["A.x"]
    assert found.upper >= 540


def test_a_table_that_does_not_add_up_or_cannot_be_protected_is_refused() -> None:
    lines = (Line("all", ("a", "b")),)
    with pytest.raises(ProtectionError, match="add up"):
        suppress(Table({"a": 1, "b": 2, "all": 4}, lines), ["a"])
    fixed = frozenset({"b", "all"})
    with pytest.raises(ProtectionError, match="cannot be protected"):
        suppress(Table({"a": 1, "b": 2, "all": 3}, lines, fixed=fixed), ["a"])


def test_primary_flags_of_datatest1(shared_data: Path) -> None:
    with (shared_data / "sdc" / "datatest1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    few = [too_few(float(row["nb_obs"]), 3) for row in rows]
    large = [dominates(float(row["pizzas_tot"]), float(row["pizzas_max"]), 0.85) for row in rows]
    both = sum(a or b for a, b in zip(few, large, strict=True))
    assert (len(rows), sum(few), sum(large), both) == (689, 79, 95, 114)


def test_the_rules_for_amounts_at_their_edges() -> None:
    assert breaks_p_percent([100, 50, 9], 10)
    assert not breaks_p_percent([100, 50, 10], 10)
    assert breaks_dominance([86, 14], 1, 85)
    assert not breaks_dominance([85, 15], 1, 85)
    assert primary_reason([5, 5], MagnitudeRule()) == "too_few_contributors"
    assert primary_reason([], MagnitudeRule()) is None
    assert primary_reason([100, 50, 9, 0], MagnitudeRule()) == "p_percent"
    wide = MagnitudeRule(p_percent=None, dominance_n=2, dominance_percent=80)
    assert primary_reason([50, 40, 10], wide) == "dominance"
    assert required_gap([100, 50, 4], 10) == pytest.approx(6)
