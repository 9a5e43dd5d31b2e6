"""What stays blank so that subtraction gives nobody away, on small trees of groups."""

from __future__ import annotations

import pytest

from estimation.subtraction import banded, nesting_of, shown_groups, with_bands


def tree(**divisions: list[str]):
    """Return a nesting; a name is a group, or a group and its division joined by `__`."""
    return nesting_of(
        (("c", name.split("__")[0]), name, ("c", part))
        for name, parts in divisions.items()
        for part in parts
    )


def shown(nested, minimum: int = 5, **bases: int) -> set[str]:
    of_groups = {("c", name): base for name, base in bases.items()}
    return {group for _, group in shown_groups(of_groups, nested, minimum)}


def test_a_part_that_leaves_few_of_its_group_is_blank():
    nested = tree(water=["large", "small"])

    assert shown(nested, water=13, large=10, small=3, elsewhere=9) == {"water", "elsewhere"}
    assert shown(nested, water=15, large=10, small=5) == {"water", "large", "small"}


def test_a_part_that_is_the_whole_group_is_shown():
    assert shown(tree(water=["large", "small"]), water=10, large=10, small=0) == {"water", "large"}


def test_what_is_far_below_counts_too():
    nested = tree(all=["state"], state=["courts"], courts=["judges"])

    assert shown(nested, all=30, state=28, courts=27, judges=20) == {"all", "judges"}


def test_a_group_that_is_blank_itself_hides_nothing_within_it():
    nested = tree(all=["state"], state=["courts"])

    # Of the 24, three are outside the state and four outside the courts: seven in all.
    assert shown(nested, all=24, state=21, courts=17) == {"all", "courts"}


def test_where_small_parts_together_are_few_the_smallest_of_the_others_is_blank():
    nested = tree(local=["cities", "water", "joint", "islands"])

    assert shown(nested, local=58, cities=30, water=25, joint=2, islands=1) == {"local", "cities"}
    assert shown(nested, local=60, cities=30, water=25, joint=2, islands=3) == {
        "local",
        "cities",
        "water",
    }


def test_parts_of_a_blank_part_are_subtracted_in_its_place():
    nested = tree(all=["state", "local"], local=["cities", "water"])

    # Local is blank, for it leaves three; its own parts would say as much.
    assert shown(nested, all=50, state=3, local=47, cities=27, water=20) == {"all", "cities"}


def test_every_division_of_a_group_counts():
    nested = tree(all__layer=["state", "local"], all__size=["large", "small"])

    assert shown(nested, all=40, state=20, local=20, large=38, small=2) == {"all", "state", "local"}


def test_others_than_the_candidates_are_blank_and_not_subtracted():
    nested = tree(all=["state", "local"])
    bases = {("c", "all"): 20, ("c", "state"): 18, ("c", "local"): 2}

    assert shown_groups(bases, nested, 5, candidates={("c", "state")}) == {("c", "state")}


def test_without_a_minimum_everything_is_shown():
    assert shown(tree(all=["state"]), minimum=1, all=9, state=8) == {"all", "state"}


def test_bands_divide_a_group_and_the_same_band_of_the_group_around_it():
    nested = with_bands(tree(all=["state"]), ["weak", "middle", "strong"])
    bases = {("c", "all"): 34, ("c", "state"): 14} | {
        banded(("c", group), band): base
        for group, of_bands in (("all", (11, 13, 10)), ("state", (3, 5, 6)))
        for band, base in zip(("weak", "middle", "strong"), of_bands, strict=True)
    }

    # All but four of the strong are of the state; without them and the weak, nine of it are left.
    assert {group for _, group in shown_groups(bases, nested, 5)} == {
        "all",
        "state",
        "all|weak",
        "all|middle",
        "all|strong",
        "state|middle",
    }


@pytest.mark.parametrize("minimum", [3, 5, 10])
def test_the_rest_is_never_small_whatever_the_bases(minimum):
    nested = tree(
        all__layer=["state", "local"],
        all__size=["large", "small"],
        state=["state_large", "state_small"],
        local=["local_large", "local_small"],
        large=["state_large", "local_large"],
        small=["state_small", "local_small"],
    )
    for number in range(500):
        cells = [(number * factor) % 23 for factor in (1, 5, 7, 11)]
        bases = dict(
            zip(("state_large", "state_small", "local_large", "local_small"), cells, strict=True)
        )
        bases |= {"state": cells[0] + cells[1], "local": cells[2] + cells[3]}
        bases |= {"large": cells[0] + cells[2], "small": cells[1] + cells[3], "all": sum(cells)}
        kept = shown(nested, minimum, **bases)
        for (_, group), divisions in nested.divisions.items():
            if group not in kept:
                continue
            for inner in nested.within["c", group]:
                left = bases[group] - bases[inner[1]]
                assert inner[1] not in kept or left == 0 or left >= minimum
            for parts in divisions.values():
                seen = [bases[part] for _, part in parts if part in kept]
                left = bases[group] - sum(seen)
                assert not seen or left == 0 or left >= minimum
