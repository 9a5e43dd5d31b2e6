"""Grids hold as many counts as trying every way to answer finds in them."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise, product

import pytest

from protection.errors import ProtectionError
from protection.rounding.grid import (
    BY_SIZE,
    ENDS,
    MEANS_BY_SIZE,
    STEPS,
    Grid,
    Responses,
    own_grid,
    responses_of,
    step_of_size,
)

GROUPS: tuple[tuple[tuple[int, str], ...], ...] = (
    ((4, "1"),),
    ((10, "1"),),
    ((14, "1"),),
    ((22, "1"),),
    ((60, "1"),),
    ((12, "1"), (3, "2")),
    ((9, "4/3"), (8, "5/3")),
    ((1, "9"), (24, "1")),
    ((20, "3"), (1, "1")),
    ((6, "1"), (5, "7/5"), (4, "2")),
    ((2, "1"), (2, "3/2"), (18, "6/5")),
    ((1, "1"), (1, "2"), (1, "4"), (14, "3")),
    ((40, "5/4"), (2, "17/9")),
    ((5, "2"), (5, "4/3")),
    ((15, "7/5"), (10, "3/2")),
    ((8, "1"), (7, "8")),
)
"""Numbers of responses and what each of them weighs."""


def responses(group: tuple[tuple[int, str], ...]) -> Responses:
    return responses_of([(number, Fraction(weight)) for number, weight in group])


def lacking(own: Responses, grid: Grid, candidates: int) -> list[str]:
    """Return the ranges of a grid that hold too few counts, by trying every way to answer."""
    edges = grid.edges
    counts: list[set[int]] = [set() for _ in pairwise(edges)]
    of_weight: list[list[set[int]]] = [[set() for _ in own.numbers] for _ in pairwise(edges)]
    for answer in product(*(range(number + 1) for number in own.numbers)):
        weight = sum(n * w for n, w in zip(answer, own.weights, strict=True))
        at = min(bisect_right(edges, 100 * weight / own.weight), len(edges) - 1) - 1
        counts[at].add(sum(answer))
        for which, number in enumerate(answer):
            of_weight[at][which].add(number)
    found = []
    for at, (low, high) in enumerate(pairwise(edges)):
        # Who knows one answer knows of nobody, or of everybody, that it is not so.
        if len(counts[at] - {0, own.total}) < min(candidates, own.total):
            found.append(f"{low} to {high}: {sorted(counts[at])}")
        found += [
            f"{low} to {high}, weight {own.weights[which]}: {sorted(values)}"
            for which, values in enumerate(of_weight[at])
            if len(values) < min(candidates, own.numbers[which] + 1)
        ]
    return found


@pytest.mark.parametrize("candidates", [2, 3])
@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_every_range_holds_enough_counts_of_the_group_and_of_each_weight(
    group: tuple[tuple[int, str], ...], candidates: int
) -> None:
    own = responses(group)
    for step in STEPS:
        grid = own_grid(own, step, candidates)
        if grid is not None:
            assert grid.step >= step
            assert lacking(own, grid, candidates) == []


@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_no_finer_grid_would_have_done(group: tuple[tuple[int, str], ...]) -> None:
    own = responses(group)
    grid = own_grid(own, 1, 2)
    finest = STEPS[-1] + 1 if grid is None else grid.step
    finer = [
        Grid(Fraction(step), Fraction(end))
        for step in STEPS
        for end in ENDS
        if step < finest and end >= step and end % step == 0 and end <= max(10, step)
    ]
    assert [each for each in finer if not lacking(own, each, 2)] == []


def test_fourteen_equal_weights_are_too_few_for_whole_percentages_and_for_ten_points() -> None:
    own = responses(((14, "1"),))

    alone = [
        [count for count in range(15) if grid.range_of(Fraction(100 * count, 14)) == ends]
        for grid in (Grid(Fraction(10), Fraction(10)),)
        for ends in pairwise(grid.edges)
    ]

    # Ten points hold two counts in some ranges, and give seven of fourteen away, among others.
    assert [only for only in alone if len(only) == 1] == [[3], [4], [7], [10], [11]]
    assert lacking(own, Grid(Fraction(1), Fraction(1)), 2)
    assert lacking(own, Grid(Fraction(10), Fraction(10)), 2)
    assert own_grid(own, 1, 2) == own_grid(own, 10, 2) == Grid(Fraction(20), Fraction(20))
    assert own_grid(own, 1, 1) == Grid(Fraction(10), Fraction(10))


def test_a_sum_on_an_edge_counts_in_neither_range() -> None:
    """They weigh 200 together, so that whole weights are edges: a finer grid only just would do."""
    own = responses(((20, "9"), (4, "5")))
    finer = Grid(Fraction(2), Fraction(10))

    assert lacking(own, finer, 2) == []
    assert own_grid(own, 1, 2) == Grid(Fraction(5), Fraction(5))


def test_nobody_and_a_single_response_have_no_grid() -> None:
    assert own_grid(responses(()), 1, 2) is None
    assert own_grid(responses(((1, "3"),)), 1, 2) is None


@pytest.mark.parametrize(
    "grid",
    [
        *(
            Grid(Fraction(step), Fraction(end))
            for step in STEPS
            for end in ENDS
            if end >= step and end % step == 0
        ),
        *(Grid(step, step, Fraction(1), Fraction(5)) for step in MEANS_BY_SIZE.values()),
        *(Grid(step, step, Fraction(-2), Fraction(2)) for step in MEANS_BY_SIZE.values()),
        *(Grid(step, step, Fraction(0), Fraction(3)) for step in MEANS_BY_SIZE.values()),
    ],
    ids=str,
)
def test_ranges_of_a_coarser_grid_are_made_of_whole_ranges(grid: Grid) -> None:
    chain = [grid]
    while (further := chain[-1].coarser()) is not None:
        chain.append(further)

    for finer, coarser in pairwise(chain):
        assert (coarser.step, coarser.end) > (finer.step, finer.end)
        assert set(coarser.edges) < set(finer.edges)
    assert all(each.edges[0] == grid.low and each.edges[-1] == grid.high for each in chain)


@pytest.mark.parametrize("step", STEPS[:4])
def test_a_coarser_step_holds_a_whole_range_in_each_of_its_own(step: int) -> None:
    for own in STEPS:
        grid = Grid(Fraction(own), Fraction(max(own, 10 if 10 % own == 0 else own)))
        further = grid.at_least(step)

        assert further.step == max(own, step)
        for low, high in pairwise(further.edges):
            assert any(low <= first and last <= high for first, last in pairwise(grid.edges))


def test_a_value_is_shown_as_the_middle_of_its_range_and_not_at_all_at_the_ends() -> None:
    grid = Grid(Fraction(1), Fraction(2))
    half = Fraction(1, 2)

    assert grid.edges[:3] == (0, 2 + half, 3 + half)
    assert grid.edges[-3:] == (96 + half, 97 + half, 100)
    for value, shown, ends in (
        (Fraction(0), None, (0, 2 + half)),
        (Fraction(249, 100), None, (0, 2 + half)),
        (2 + half, 3, (2 + half, 3 + half)),
        (Fraction(349, 100), 3, (2 + half, 3 + half)),
        (3 + half, 4, (3 + half, 4 + half)),
        (Fraction(97), 97, (96 + half, 97 + half)),
        (97 + half, None, (97 + half, 100)),
        (Fraction(100), None, (97 + half, 100)),
    ):
        assert grid.range_of(value) == ends
        assert grid.shown(value) == shown


def test_a_mean_is_rounded_on_its_own_scale() -> None:
    grid = Grid(Fraction(1, 2), Fraction(1, 2), Fraction(1), Fraction(5))

    assert grid.edges[1] == Fraction(7, 4)
    assert grid.shown(Fraction(8, 5)) is None
    assert grid.shown(Fraction(7, 4)) == 2
    assert grid.shown(Fraction(5)) is None


@pytest.mark.parametrize(("step", "end"), [(0, 1), (5, 2), (40, 40)])
def test_what_leaves_no_range_between_the_ends_is_no_grid(step: int, end: int) -> None:
    with pytest.raises(ProtectionError, match="no grid"):
        Grid(Fraction(step), Fraction(end))


@pytest.mark.parametrize(
    ("answered", "step"), [(3, 10), (10, 10), (19, 10), (20, 5), (29, 5), (30, 1), (4000, 1)]
)
def test_the_finest_step_follows_from_the_number_of_answers(answered: int, step: int) -> None:
    assert step_of_size(answered, BY_SIZE) == step
