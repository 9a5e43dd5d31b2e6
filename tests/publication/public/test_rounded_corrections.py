"""When rounded figures may be made again: never for what one or two responses changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from protection.ranges.rules import Atom, Constants
from publication.public.method.corrections import ENOUGH, Tags, may_round_again

SIZES = {
    "north": (8, ("all", "north")),
    "south": (9, ("all", "south")),
    "north_city": (7, ("all", "north", "city")),
    "south_city": (6, ("all", "south", "city")),
}
"""Responses of each atom, and its groups."""
EVERYWHERE = dict.fromkeys(SIZES, 3)


def atom(name: str, **more: object) -> Atom:
    size, groups = SIZES[name]
    plain = Atom("w", name, size, Fraction(2), frozenset(f"g.{each}" for each in groups))
    return replace(plain, **more)  # type: ignore[arg-type]


def atoms(**more: dict[str, object]) -> Constants:
    """Return the atoms, some of them otherwise."""
    return Constants(tuple(atom(name, **more.get(name, {})) for name in SIZES))


KNOWN = atoms()
STOOD: Tags = {
    name: tuple(f"{name}{at}" for at in range(size)) for name, (size, _) in SIZES.items()
}


def changed(numbers: Mapping[str, int]) -> Tags:
    """Return the fingerprints after so many responses of each atom answered otherwise."""
    return {
        name: tuple(
            f"{one} otherwise" if at < numbers.get(name, 0) else one for at, one in enumerate(tags)
        )
        for name, tags in STOOD.items()
    }


def may(numbers: Mapping[str, int]) -> bool:
    return may_round_again(KNOWN, STOOD, KNOWN, changed(numbers))


def test_nothing_changed_is_no_reason_to_round_again() -> None:
    assert not may({})


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_changed_responses_are_too_few(name: str, number: int) -> None:
    assert not may({name: number})


@pytest.mark.parametrize("name", SIZES)
def test_three_in_one_place_are_enough(name: str) -> None:
    assert may({name: ENOUGH})


def test_three_everywhere_are_enough() -> None:
    assert may(EVERYWHERE)


@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_of_a_group_are_too_few_beside_many_of_others(number: int) -> None:
    assert not may({"north": 3, "north_city": 4, "south": number})


@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_that_two_groups_share_are_too_few(number: int) -> None:
    """North and city have three or more each; of those in both there are fewer."""
    numbers = {"north": 3, "north_city": number, "south_city": 3}

    assert not may(numbers)
    assert may({**numbers, "north_city": 3})


@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_that_one_group_has_beyond_another_are_too_few(number: int) -> None:
    numbers = {"north": number, "north_city": 3, "south": 3, "south_city": 3}

    assert not may(numbers)
    assert may({**numbers, "north": 3})


def test_who_is_new_or_gone_counts_as_changed() -> None:
    for difference, expected in ((-1, False), (-2, False), (-3, True), (1, False), (3, True)):
        size = SIZES["north"][0] + difference
        after = atoms(north={"responses": size})
        tags = {**STOOD, "north": tuple(f"north{at}" for at in range(size))}

        assert may_round_again(KNOWN, STOOD, after, tags) is expected


def test_who_was_forgotten_counts_as_gone() -> None:
    """His fingerprint is no longer kept, so that he might be any that is not among the new ones."""
    for forgotten, expected in ((2, False), (3, True)):
        stood = {**STOOD, "south": STOOD["south"][forgotten:]}
        size = SIZES["south"][0] - forgotten
        after = atoms(south={"responses": size})

        assert may_round_again(KNOWN, stood, after, stood) is expected


def test_another_weight_is_a_new_sum_over_all_responses_that_have_it() -> None:
    heavier = atoms(south_city={"weight": Fraction(3)})

    assert may_round_again(KNOWN, STOOD, heavier, STOOD)


def test_another_weight_of_two_responses_is_about_these_two() -> None:
    known, heavier = (
        Constants((atom("north"), atom("south", responses=2, weight=Fraction(weight))))
        for weight in (2, 3)
    )
    stood = {"north": STOOD["north"], "south": STOOD["south"][:2]}

    assert not may_round_again(known, stood, heavier, stood)


def test_another_weight_does_not_hide_a_single_response_that_changed_with_it() -> None:
    heavier = Constants(tuple(atom(n, weight=Fraction(3)) for n in SIZES))

    assert may_round_again(KNOWN, STOOD, heavier, STOOD)
    assert not may_round_again(KNOWN, STOOD, heavier, changed({"south": 1}))


def test_a_new_atom_counts_with_all_its_responses() -> None:
    for size, expected in ((2, False), (3, True)):
        extra = Atom("w", "island", size, Fraction(2), frozenset({"g.all", "g.island"}))
        after = Constants((*KNOWN.atoms, extra))
        tags = {**STOOD, "island": tuple(f"island{at}" for at in range(size))}

        assert may_round_again(KNOWN, STOOD, after, tags) is expected
        assert may_round_again(after, tags, KNOWN, STOOD) is expected
