"""What is printed leaves every count in doubt: tried on surveys small enough to try every filling.

The fillings are counted here from what each answer counts for, atom by atom; nothing of the search
for other answers is used.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from numpy.typing import NDArray

from protection.rounding.alternatives import Indicator, Question, Respondent, moves
from protection.rounding.doubt import Doubt, Known, Place, Printed, protect
from protection.rounding.grid import Grid

YES_NO = ("yes", "no")
ORIGIN = ("own", "inspired", "copied")
Integers = NDArray[np.int64]


def share(name: str, *items: tuple[str, str]) -> Indicator:
    return Indicator(name, "share", frozenset(items))


@dataclass(frozen=True)
class Form:
    """A questionnaire, and what each way to fill it in counts for in each indicator."""

    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...]
    counts_for: Mapping[tuple[str, ...], tuple[int, ...]]


FORMS = {
    "one share": Form(
        (Question("product", YES_NO),),
        (share("product", ("product", "yes")),),
        {("yes",): (1,), ("no",): (0,)},
    ),
    "options that exclude each other": Form(
        (Question("origin", ORIGIN),),
        (share("copied", ("origin", "copied")), share("own", ("origin", "own"))),
        {("own",): (0, 1), ("inspired",): (0, 0), ("copied",): (1, 0)},
    ),
    "one of two": Form(
        (Question("product", YES_NO), Question("service", YES_NO)),
        (
            share("any", ("product", "yes"), ("service", "yes")),
            share("product", ("product", "yes")),
        ),
        {
            ("yes", "yes"): (1, 1),
            ("yes", "no"): (1, 1),
            ("no", "yes"): (1, 0),
            ("no", "no"): (0, 0),
        },
    ),
}


@dataclass(frozen=True)
class Atom:
    """Responses of one stratum that are in the same groups."""

    stratum: str
    weight: int
    groups: frozenset[str]
    answers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Survey:
    """A survey of at most a dozen responses."""

    form: Form
    atoms: tuple[Atom, ...]

    @cached_property
    def groups(self) -> dict[str, NDArray[np.bool_]]:
        return {
            name: np.array([name in atom.groups for atom in self.atoms])
            for name in sorted(frozenset().union(*(atom.groups for atom in self.atoms)))
        }

    @cached_property
    def places(self) -> dict[str, NDArray[np.bool_]]:
        strata = sorted({atom.stratum for atom in self.atoms})
        return self.groups | {
            f"stratum {name}": np.array([atom.stratum == name for atom in self.atoms])
            for name in strata
        }

    @cached_property
    def bases(self) -> Integers:
        return np.array([len(atom.answers) for atom in self.atoms])

    @cached_property
    def weights(self) -> Integers:
        return np.array([atom.weight for atom in self.atoms])

    @cached_property
    def fillings(self) -> Integers:
        """Every way to answer: by filling, atom and indicator how many count."""
        own = []
        for atom in self.atoms:
            ways = combinations_with_replacement(
                sorted(self.form.counts_for.values()), len(atom.answers)
            )
            sums = {tuple(map(sum, zip(*way, strict=True))) for way in ways}
            own.append(np.array(sorted(sums)))
        at = np.array(list(product(*(range(len(each)) for each in own))))
        return np.stack([each[at[:, which]] for which, each in enumerate(own)], axis=1)

    @cached_property
    def true(self) -> Integers:
        """By atom and indicator how many counted."""
        rows = [
            [self.form.counts_for[one] for one in atom.answers]
            or [(0,) * len(self.form.indicators)]
            for atom in self.atoms
        ]
        return np.array([np.array(each).sum(axis=0) for each in rows])

    @cached_property
    def chains(self) -> list[Grid]:
        """The grids that a figure may be printed on, the finest first."""
        chain = [Grid(Fraction(1), Fraction(1))]
        while (further := chain[-1].coarser()) is not None:
            chain.append(further)
        return chain

    @cached_property
    def figures(self) -> dict[Place, Fraction]:
        """Every figure in percentage points."""
        found = {}
        for group, atoms in self.groups.items():
            weight = int((self.weights * self.bases)[atoms].sum())
            for at, each in enumerate(self.form.indicators):
                if weight:
                    above = int((self.weights * self.true[:, at])[atoms].sum())
                    found[group, each.indicator_id] = Fraction(100 * above, weight)
        return found

    def protected(self, candidates: int) -> Doubt:
        people = []
        for at, atom in enumerate(self.atoms):
            names = [question.question_id for question in self.form.questions]
            bases = frozenset(each.indicator_id for each in self.form.indicators)
            people += [
                Respondent(
                    at,
                    {name: frozenset({one}) for name, one in zip(names, answer, strict=True)},
                    bases,
                )
                for answer in atom.answers
            ]
        printed = {}
        for (group, name), value in self.figures.items():
            atoms = self.groups[group]
            weight = float((self.weights * self.bases)[atoms].sum())
            ranges = [grid.range_of(value) for grid in self.chains]
            printed[group, name] = Printed(
                tuple(
                    (float(low / 100) if low else None, float(high / 100) if high < 100 else None)
                    for low, high in ranges
                ),
                float(value / 100) * weight,
                weight,
                1.0 if group != "all" else 60.0,
            )
        return protect(
            Known(self.weights.astype(float), self.groups, self.places),
            moves(
                people,
                {each.question_id: each for each in self.form.questions},
                self.form.indicators,
            ),
            printed,
            {each.indicator_id: self.bases for each in self.form.indicators},
            candidates,
        )

    def left(self, coarser: Mapping[Place, int]) -> dict[Place, set[int]]:
        """Return the counts possible in every place, over all fillings that print the same."""
        same = np.ones(len(self.fillings), dtype=bool)
        for at, each in enumerate(self.form.indicators):
            for group, atoms in self.groups.items():
                place = (group, each.indicator_id)
                which = coarser.get(place, 0)
                if place not in self.figures or which >= len(self.chains):
                    continue
                low, high = self.chains[which].range_of(self.figures[place])
                # In thousandths of a percentage point of the base, which are whole numbers.
                weight = int((self.weights * self.bases)[atoms].sum())
                sums = 100_000 * (self.fillings[:, atoms, at] @ self.weights[atoms])
                same &= sums >= int(1000 * low) * weight
                same &= (sums < int(1000 * high) * weight) | (high == 100)
        assert same.any()
        return {
            (name, each.indicator_id): set(self.fillings[same][:, atoms, at].sum(axis=1).tolist())
            for name, atoms in self.places.items()
            for at, each in enumerate(self.form.indicators)
        }

    def pinned(self, coarser: Mapping[Place, int], candidates: int) -> dict[Place, set[int]]:
        """Return the counts of which fewer values are possible than must be."""
        return {
            place: values
            for place, values in self.left(coarser).items()
            if len(values) < min(candidates, int(self.bases[self.places[place[0]]].sum()) + 1)
        }


def made_up(form: Form, seed: int) -> Survey:
    """Return two or three strata and groups that overlap, with any answers."""
    chance = random.Random(seed)
    strata = ("small", "large", "other")[: chance.choice([2, 3])]
    weights = {stratum: chance.choice([1, 2, 3, 5, 7]) for stratum in strata}
    crossing = ("east", "west")[: chance.choice([1, 2])]
    keys = sorted(
        {
            (
                stratum,
                frozenset({"all", stratum})
                | chance.choice([{each} for each in crossing] + [set()]),
            )
            for stratum in strata
            for _ in range(2)
        },
        key=lambda key: (key[0], sorted(key[1])),
    )[:5]
    most = 12 // len(keys)
    likely = [chance.random() + 0.05 for _ in form.counts_for]
    atoms = []
    for stratum, groups in keys:
        answers = chance.choices(list(form.counts_for), likely, k=chance.randint(1, most))
        atoms.append(Atom(stratum, weights[stratum], groups, tuple(answers)))
    return Survey(form, tuple(atoms))


SEEDS = range(20)


@pytest.mark.parametrize("candidates", [2, 3, 4, 5])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_keeps_enough_values_among_all_fillings_that_print_the_same(
    form: str, seed: int, candidates: int
) -> None:
    survey = made_up(FORMS[form], seed)

    doubt = survey.protected(candidates)

    assert survey.pinned(doubt.coarser, candidates) == {}


@pytest.mark.parametrize("form", FORMS)
def test_whole_percentages_of_so_few_tell_counts(form: str) -> None:
    surveys = [made_up(FORMS[form], seed) for seed in SEEDS]

    pinned = [survey.pinned({}, 2) for survey in surveys]

    assert sum(map(bool, pinned)) > len(surveys) / 2


@pytest.mark.parametrize("form", FORMS)
def test_not_everything_is_withheld_for_it(form: str) -> None:
    surveys = [made_up(FORMS[form], seed) for seed in SEEDS]
    shown = figures = 0
    for survey in surveys:
        coarser = survey.protected(2).coarser
        figures += len(survey.figures)
        shown += sum(coarser.get(place, 0) < len(survey.chains) for place in survey.figures)

    assert 0 < shown < figures


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_of_the_doubt_is_no_more_than_there_is(form: str, seed: int) -> None:
    survey = made_up(FORMS[form], seed)

    doubt = survey.protected(3)

    left = survey.left(doubt.coarser)
    asked = [place for place in left if survey.bases[survey.places[place[0]]].sum()]
    assert doubt.counts == len(asked)
    assert doubt.spared <= doubt.counts
    assert doubt.fewest is not None
    assert doubt.fewest <= min(len(left[place]) for place in asked)
