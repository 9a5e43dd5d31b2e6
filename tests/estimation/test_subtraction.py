"""What stays blank so that no combination of groups gives a small one away.

Against an attacker of its own: of all sums of cells, which are combinations of what is shown, the
smallest is sought by integer programming.
"""

from __future__ import annotations

import random

import pytest
from region_attack import smallest_sum

from estimation.subtraction import banded, bases_of, cells_of, shown_groups


def cells(**counts: int) -> dict[frozenset[tuple[str, str]], int]:
    """Return cells; a name is the groups of a cell, joined by `__`, and all are in `all`."""
    return {
        frozenset(("c", name) for name in ("all", *groups.split("__"))): count
        for groups, count in counts.items()
    }


def shown(minimum: int = 5, **counts: int) -> set[str]:
    return {group for _, group in shown_groups(cells(**counts), minimum)}


def test_a_part_that_leaves_few_of_its_group_is_blank():
    assert shown(large=10, small=3) == {"all"}
    assert shown(large=10, small=5) == {"all", "large", "small"}


def test_a_part_that_is_the_whole_group_is_shown():
    assert shown(large=10, small=0) == {"all", "large"}


def test_groups_of_the_same_organisations_are_shown_both():
    assert shown(water__large=11, local=20) == {"all", "water", "large", "local"}


def test_what_lies_within_what_follows_from_who_is_in_it():
    """Eleven water boards, ten of them among the large organisations: one is left."""
    assert shown(water__large=10, water=1, local=20) == {"all", "local", "water"}
    assert shown(water__large=10, water=6, local__large=20) == {"all", "local", "water", "large"}


def test_a_group_of_one_is_neither_shown_nor_left_over():
    assert shown(one=1, state=20, local=30) == {"all", "local"}


def test_small_parts_that_leave_enough_together_are_blank_alone():
    assert shown(cities=30, water=25, joint=2, islands=3) == {"all", "cities", "water"}


def test_a_cell_is_not_found_from_its_row_and_its_column():
    """Of each row and column two cells are blank; the first would still follow from all four."""
    counts = {
        "state__large": 3,
        "state__middle": 20,
        "state__small": 20,
        "local__large": 20,
        "local__middle": 20,
        "local__small": 20,
    }
    crossed = {
        frozenset(
            (*groups, ("x", "_".join(sorted(name for _, name in groups if name != "all"))))
        ): count
        for groups, count in cells(**counts).items()
    }

    kept = shown_groups(crossed, 5, lambda group: group[0] == "x")

    names = {name for classification, name in kept if classification == "x"}
    assert {name for _, name in kept - {("x", name) for name in names}} == {
        *("all", "state", "local", "large", "middle", "small")
    }
    # Of the six one is small, and the others of its row and column are what it would follow from.
    assert "large_state" not in names
    assert 0 < len(names) < 5
    assert smallest_sum(crossed, kept) >= 5
    assert smallest_sum(crossed, [*kept, ("x", "large_local")]) == 3


def test_others_than_the_candidates_are_blank_and_not_subtracted():
    assert shown_groups(cells(state=18, local=2), 5, candidates={("c", "state")}) == {
        ("c", "state")
    }


def test_what_ranks_first_is_shown_rather():
    counts = cells(state__large=10, state=3, local=30)

    assert ("c", "state") in shown_groups(counts, 5)
    assert ("c", "state") not in shown_groups(counts, 5, lambda group: group[1] != "large")


def test_without_a_minimum_everything_with_a_base_is_shown():
    assert shown(1, state=8, local=1, nobody=0) == {"all", "state", "local"}


def test_bands_of_groups_are_groups_too():
    """All but four of the strong are of the state."""
    bands = {"state": (3, 5, 6), "local": (8, 8, 4)}
    people = [
        {("c", "all"), ("c", part), banded(("c", "all"), band), banded(("c", part), band)}
        for part, counts in bands.items()
        for band, count in zip(("weak", "middle", "strong"), counts, strict=True)
        for _ in range(count)
    ]

    counted = cells_of(people)
    kept = shown_groups(counted, 5, lambda group: "|" in group[1])

    assert bases_of(counted)["c", "all|strong"] == 10
    assert {"all", "state", "all|weak", "all|middle", "all|strong"} <= {name for _, name in kept}
    assert ("c", "state|strong") not in kept
    assert smallest_sum(counted, kept) >= 5


@pytest.mark.parametrize("minimum", [3, 5, 10])
def test_no_combination_of_what_is_shown_is_small_whatever_the_cells(minimum):
    """Made-up organisations in groups of three classifications; each cell of two of them too."""
    draw = random.Random(minimum)
    for _ in range(60):
        people = []
        for _ in range(draw.randint(20, 120)):
            layer, size = draw.choice("abcd"), draw.choice("kml")
            form = draw.choice("pq") if layer == "a" else None
            groups = {("all", "all"), ("layer", layer), ("size", size), ("x", layer + size)}
            people.append(groups | ({("form", form)} if form else set()))
        counted = cells_of(people)

        kept = shown_groups(counted, minimum, lambda group: group[0] == "x")

        assert smallest_sum(counted, kept) >= minimum
        bases = bases_of(counted)
        # Nothing is blank in vain: with any other group something small follows.
        for group in bases:
            if group not in kept and bases[group] >= minimum:
                assert smallest_sum(counted, [*kept, group]) < minimum
