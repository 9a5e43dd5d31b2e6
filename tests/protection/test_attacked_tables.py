"""The attacker against tables of counts with all their margins, and a pattern others published."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from itertools import combinations
from pathlib import Path

import pytest

from protection.attack.model import Cell, Fact
from protection.attack.search import AttackReport, attack

Values = Mapping[str, int]
Sums = Mapping[str, tuple[str, ...]]


def two_way(values: dict[tuple[str, str], int]) -> tuple[Values, Sums]:
    """Return a table with all its margins, and the parts of every total; keys are row.column."""
    rows, columns = ([*dict.fromkeys(key[at] for key in values)] for at in (0, 1))
    cells = {f"{row}.{column}": value for (row, column), value in values.items()}
    for row in rows:
        cells[f"{row}.all"] = sum(values[row, column] for column in columns)
    for column in columns:
        cells[f"all.{column}"] = sum(values[row, column] for row in rows)
    cells["all.all"] = sum(values.values())
    sums = {f"{row}.all": tuple(f"{row}.{c}" for c in columns) for row in [*rows, "all"]}
    # The total of everything is a sum of its row and of its column.
    sums |= {f"all.{c}": tuple(f"{row}.{c}" for row in rows) for c in columns}
    return cells, sums | {"all.all by row": tuple(f"{row}.all" for row in rows)}


def attacked(
    table: tuple[Values, Sums], suppressed: Collection[str], *, exact: bool = False
) -> AttackReport:
    """Play the attacker, of whom three values must stay possible, over what is not suppressed."""
    values, sums = table
    ceiling = 2 * sum(values.values()) + 10
    cells = [Cell(key, 0, ceiling, 3 if values[key] <= 3 else 0) for key in suppressed]
    facts = []
    for total, parts in sums.items():
        signed = [(total.removesuffix(" by row"), 1), *((part, -1) for part in parts)]
        known = sum(sign * values[key] for key, sign in signed if key not in suppressed)
        terms = tuple((key, sign) for key, sign in signed if key in suppressed)
        if terms:
            facts.append(Fact(terms, -known, -known, source=f"sum of {total}"))
    return attack(cells, facts, exact=exact)


PURPOSES = ("annet", "arbeid", "soshjelp", "trygd")
UNSAFE = ("B.arbeid", "D.arbeid", "H.arbeid")
PUBLISHED = [f"{region}.{purpose}" for region in "BDH" for purpose in ("annet", "arbeid")]


@pytest.fixture(scope="module")
def z1(shared_data: Path) -> tuple[Values, Sums]:
    with (shared_data / "sdc" / "z1.csv").open(encoding="utf-8") as file:
        values = {
            (row["region"], row["hovedint"]): int(float(row["ant"])) for row in csv.DictReader(file)
        }
    return two_way(values)


def test_z1_has_no_safe_pattern_of_five(z1: tuple[Values, Sums]) -> None:
    values, _ = z1
    assert tuple(key for key, value in values.items() if 1 <= value <= 3) == UNSAFE
    assert len(values) == 45
    rest = [key for key in values if key not in UNSAFE]
    for further in (0, 1, 2):
        for extra in combinations(rest, further):
            assert not attacked(z1, [*UNSAFE, *extra]).is_safe


def test_the_published_pattern_of_z1_leaves_the_attacker_the_published_ranges(
    z1: tuple[Values, Sums],
) -> None:
    report = attacked(z1, PUBLISHED, exact=True)
    found = {key: (each.lower, each.upper) for key, each in report.ranges.items()}
    assert report.is_safe
    assert [found[key] for key in UNSAFE] == [(0, 6)] * 3
    assert [found[f"{region}.annet"] for region in "BDH"] == [(2, 8), (9, 15), (6, 12)]
    assert all(each.is_complete for each in report.ranges.values())


def test_without_any_one_of_its_secondary_suppressions_z1_is_caught(
    z1: tuple[Values, Sums],
) -> None:
    for cell in set(PUBLISHED) - set(UNSAFE):
        assert not attacked(z1, [key for key in PUBLISHED if key != cell]).is_safe


def test_two_suppressions_in_every_line_can_still_be_solved() -> None:
    table = two_way(
        {(r, c): 5 + 3 * at for at, (r, c) in enumerate([(r, c) for r in "ABCD" for c in "wxyz"])}
    )
    values, sums = table
    pattern = {"A.w", "A.x", "B.w", "B.x", "B.y", "C.y", "C.z", "D.y", "D.z"}
    for total, parts in sums.items():
        assert sum(key in pattern for key in (total, *parts)) != 1
    report = attacked(table, pattern, exact=True)
    found = report.ranges["B.y"]
    assert found.lower == found.upper == values["B.y"]
    assert [key for key, each in report.ranges.items() if each.lower == each.upper] == ["B.y"]
