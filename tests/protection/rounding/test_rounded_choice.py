"""Which grid a group gets beside others: what is left of one keeps as much room as its own grid."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np

from protection.rounding.choice import Candidate, choose
from protection.rounding.grid import own_grid, responses_of


def candidate(name: str, atoms: tuple[int, ...], of: int, step: int = 1) -> Candidate:
    return Candidate(name, np.isin(np.arange(of), atoms), step)


def room_left(
    numbers: list[int], weights: list[Fraction], left: tuple[int, ...], candidates: int
) -> Fraction:
    """Return the weight that must stay open of some atoms, reckoned from their own grid."""
    own = responses_of([(numbers[at], weights[at]) for at in left])
    grid = own_grid(own, 1, candidates)
    heaviest = candidates * max(weights[at] for at in left)
    if grid is None:
        return heaviest
    return max(heaviest, grid.step * sum(numbers[at] * weights[at] for at in left) / 100)


def test_groups_of_the_same_responses_get_the_same_grid() -> None:
    numbers, weights = [40, 50], [Fraction(1), Fraction(2)]

    grids = choose(
        [
            candidate("all", (0, 1), 2),
            candidate("first", (0,), 2, 5),
            candidate("again", (0, 1), 2, 25),
        ],
        numbers,
        weights,
        2,
    )

    assert grids["all"] == grids["again"]
    assert grids["first"] != grids["all"]


def test_what_is_left_of_a_group_keeps_room() -> None:
    weights = [Fraction(3, 2), Fraction(1), Fraction(4)]
    for sizes in permutations((400, 60, 14)):
        numbers = list(sizes)
        groups = {"all": (0, 1, 2), "two": (0, 1), "one": (2,), "other": (1,)}

        grids = choose(
            [candidate(name, atoms, 3) for name, atoms in groups.items()], numbers, weights, 2
        )

        for name, atoms in groups.items():
            for other, inside in groups.items():
                left = tuple(sorted(set(atoms) - set(inside)))
                if name in grids and other in grids and set(inside) < set(atoms):
                    open_weight = sum(
                        grids[each].step
                        * sum(numbers[at] * weights[at] for at in groups[each])
                        / 100
                        for each in (name, other)
                    )
                    assert open_weight >= room_left(numbers, weights, left, 2), (sizes, name, other)


def test_the_less_important_group_gives_way() -> None:
    """What is left without many light responses is few heavy ones, that only coarse steps hide."""
    numbers, weights = [2710, 29], [Fraction(1), Fraction(10)]
    whole, part = candidate("whole", (0, 1), 2), candidate("part", (0,), 2)

    grids = choose([whole, part], numbers, weights, 3)

    left = room_left(numbers, weights, (1,), 3)
    assert grids["whole"].step == choose([part], numbers, weights, 3)["part"].step == 1
    assert 30 + Fraction(271, 10) < left
    assert grids["part"].step == 2
    assert choose([part, whole], numbers, weights, 3)["whole"].step == 2


def test_a_group_too_small_for_any_grid_gets_none_and_holds_up_no_other() -> None:
    grids = choose(
        [candidate("single", (0,), 2), candidate("rest", (1,), 2)],
        [1, 80],
        [Fraction(1)] * 2,
        2,
    )

    assert set(grids) == {"rest"}


def test_no_group_is_finer_than_it_may_be() -> None:
    grids = choose([candidate("crossed", (0,), 1, 25)], [5000], [Fraction(1)], 2)

    assert grids["crossed"].step == 25
