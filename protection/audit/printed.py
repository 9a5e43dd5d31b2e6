"""Figures beside the shares that give counts away: standard errors, limits, fine totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from protection.audit.facts import Knowledge, Scene
from protection.errors import ProtectionError
from protection.ranges.rules import rule_for

Statistic = Callable[[tuple[int, ...], tuple[int, ...], tuple[Fraction, ...]], float]
"""Counts, answers and weights per stratum to the figure printed."""

VECTORS = 200_000


@dataclass(frozen=True)
class Printed:
    """A figure of one share that is printed beside its range.

    Attributes:
        wave: wave id.
        group_id: the group.
        indicator_id: the share.
        what: its name, for the report.
        value: as printed.
        tolerance: half a unit of the last digit printed.
        statistic: how it follows from the counts.
    """

    wave: str
    group_id: str
    indicator_id: str
    what: str
    value: float
    tolerance: float
    statistic: Statistic


def learn_printed(scene: Scene, figure: Printed, into: Knowledge) -> None:
    """Narrow the counts to those that give the figure as printed.

    Counts with holes between them are kept as the smallest range around them when there are
    enough; too few of them are said exactly, by allowing no other.

    Raises:
        ProtectionError: the group is too large to try every count, or none fits.
    """
    atoms = scene.members(figure.group_id)
    if not atoms or atoms[0].wave != figure.wave:
        return
    rule = rule_for(scene.plan, figure.indicator_id)
    known = [scene.base_of(atom, rule.question_id) for atom in atoms]
    bases = tuple(
        atom.responses if base is None else base for atom, base in zip(atoms, known, strict=True)
    )
    if prod(base + 1 for base in bases) > VECTORS:
        raise ProtectionError(
            f"{figure.what} of {figure.indicator_id} in {figure.group_id} cannot be audited.",
            expected=f"at most {VECTORS:,} possible counts per stratum together",
            remedy="Leave the figure out, or derive it from the protected range.",
        )
    weights = tuple(atom.weight for atom in atoms)
    fitting = [
        vector
        for vector in product(*(range(base + 1) for base in bases))
        if abs(figure.statistic(vector, bases, weights) - figure.value) <= figure.tolerance
    ]
    row = scene.rows.get((figure.indicator_id, figure.group_id))
    if row is not None and row.band_lower is not None and row.band_upper is not None:
        fitting = [
            vector
            for vector in fitting
            if _inside(vector, bases, weights, row.band_lower, row.band_upper)
        ]
    if not fitting:
        raise ProtectionError(
            f"No counts give {figure.what} {figure.value} of {figure.indicator_id}.",
            where=f"wave {figure.wave}, {figure.group_id}",
            expected="a figure that follows from the counts",
        )
    source = f"{figure.what} of {figure.indicator_id} in {figure.group_id}"
    # One switch per fitting vector: exactly one is on, and the counts are its counts.
    switches = [f"{source} is of vector {number}" for number in range(len(fitting))]
    for switch in switches:
        into.add_cell(switch, 1, 0)
    into.add([(switch, 1) for switch in switches], low=1, high=1, source=source)
    together = scene.group_count(figure.group_id, figure.indicator_id)
    into.add_cell(together, sum(bases), rule.candidates)
    into.add(
        [
            (together, -1),
            *((s, sum(vector)) for s, vector in zip(switches, fitting, strict=True)),
        ],
        low=0,
        high=0,
        source=source,
    )
    for at, atom in enumerate(atoms):
        key = scene.count(atom, figure.indicator_id)
        into.add_cell(key, bases[at], rule.candidates)
        terms: list[tuple[str, Fraction | int]] = [
            (switch, vector[at]) for switch, vector in zip(switches, fitting, strict=True)
        ]
        into.add([(key, -1), *terms], low=0, high=0, source=source)


def _inside(
    vector: tuple[int, ...],
    bases: tuple[int, ...],
    weights: tuple[Fraction, ...],
    low: int,
    high: int,
) -> bool:
    points = 100 * sum((w * k for w, k in zip(weights, vector, strict=True)), Fraction(0))
    whole = sum((w * n for w, n in zip(weights, bases, strict=True)), Fraction(0))
    return low * whole <= points and (points < high * whole or high == 100)
