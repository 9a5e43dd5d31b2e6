"""Corrections of a wave that is already public.

Two releases of a group can be subtracted. A group's figures change only when at least as many of
its responses changed as counts need candidates, and only when the attacker with both releases, who
knows how many changed, still finds enough values. Until then they stay as they were: corrections
that are too few are held, not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from protection.audit.edition import audit
from protection.audit.versions import BaseKey, Released
from protection.edition.cells import Count, CountKey, ProtectedCell, protect_counts
from protection.edition.edition import Edition, IntervalOf, PublicShare, publish
from protection.errors import ProtectionError
from protection.ranges.rules import Atom, Constants, Plan, rule_for
from protection.ranges.units import units


@dataclass(frozen=True)
class EarlierEdition:
    """An edition that is public, with what the publisher kept of it.

    Attributes:
        edition: rows, cells and constants.
        bases: how many answered, per wave, atom and question, behind the cells it shows.
    """

    edition: Edition
    bases: Mapping[BaseKey, int]


@dataclass(frozen=True)
class Revised:
    """A later edition.

    Attributes:
        edition: what is published; `held` names what stayed as it was.
        bases: behind the cells it shows: those of the earlier edition where held.
    """

    edition: Edition
    bases: dict[BaseKey, int]


def protect_revision(
    counts: Mapping[CountKey, Count],
    bases: Mapping[BaseKey, int],
    plan: Plan,
    constants: Constants,
    earlier: Sequence[EarlierEdition],
    changed: Mapping[tuple[str, str], int],
    interval_of: IntervalOf | None = None,
) -> Revised:
    """Protect an edition that follows others.

    Args:
        counts: as they are now.
        bases: how many answered now.
        plan: the rules; the same as before.
        constants: responses as they are now.
        earlier: every edition that is public, oldest first.
        changed: per wave and group, how many of its responses differ from those behind the last
            edition that changed it (new, gone, moved or answered otherwise); 0 where missing.
        interval_of: as in `publish`.

    Raises:
        ProtectionError: there is no earlier edition, or holding back does not make it safe.
    """
    if not earlier:
        raise ProtectionError(
            "There is no earlier edition.", remedy="Protect a first edition with protect_edition."
        )
    last = earlier[-1]
    fresh = protect_counts(counts, plan, constants)
    known = frozenset(last.edition.constants.waves)
    parts = [
        part
        for wave in constants.waves
        if wave in known
        for part in _parts(wave, plan, (constants, last.edition.constants))
    ]
    held = {part for part in parts if not _may_change(part, plan, changed)}
    while True:
        revised = _mixed(fresh, bases, plan, constants, last, held, interval_of)
        moving = [part for part in parts if part not in held]
        unsafe = _unsafe_parts(revised, plan, earlier, changed, moving, counts)
        if not unsafe:
            return revised
        held |= unsafe


@dataclass(frozen=True)
class _Part:
    wave: str
    groups: frozenset[str]
    atoms: frozenset[str]


def _parts(wave: str, plan: Plan, both: Iterable[Constants]) -> list[_Part]:
    """Return the groups with figures of their own, joined where they share responses."""
    parts: list[_Part] = []
    for constants in both:
        names = {
            group
            for rule in plan.indicators
            for alone in (plan.set_of(rule.indicator_id) is None,)
            for found in (
                units(plan, constants, wave, rule_for(plan, rule.indicator_id), alone=alone),
            )
            for group in (*found.first, *found.further)
        }
        for name in sorted(names):
            members = constants.members(wave, name)
            part = _Part(wave, frozenset([name]), frozenset(atom.atom_id for atom in members))
            for other in [each for each in parts if _meet(each, part)]:
                parts.remove(other)
                part = _Part(wave, part.groups | other.groups, part.atoms | other.atoms)
            parts.append(part)
    return parts


def _meet(one: _Part, other: _Part) -> bool:
    return bool(one.groups & other.groups or one.atoms & other.atoms)


def _may_change(part: _Part, plan: Plan, changed: Mapping[tuple[str, str], int]) -> bool:
    needed = max(rule.candidates for rule in plan.indicators)
    numbers = [changed.get((part.wave, group), 0) for group in part.groups]
    return any(numbers) and all(number == 0 or number >= needed for number in numbers)


def _mixed(
    fresh: tuple[ProtectedCell, ...],
    bases: Mapping[BaseKey, int],
    plan: Plan,
    constants: Constants,
    last: EarlierEdition,
    held: set[_Part],
    interval_of: IntervalOf | None,
) -> Revised:
    """Return the edition with the held parts as they were."""
    groups = {(part.wave, group) for part in held for group in part.groups}
    atoms = {(part.wave, atom) for part in held for atom in part.atoms}

    def stays(atom: Atom) -> bool:
        return (atom.wave, atom.atom_id) in atoms

    mixed = Constants(
        tuple(
            sorted(
                [
                    *(atom for atom in constants.atoms if not stays(atom)),
                    *(atom for atom in last.edition.constants.atoms if stays(atom)),
                ],
                key=lambda atom: (atom.wave, atom.atom_id),
            )
        )
    )
    cells = (
        *(cell for cell in fresh if (cell.wave, cell.group_id) not in groups),
        *(cell for cell in last.edition.cells if (cell.wave, cell.group_id) in groups),
    )
    rows = publish(cells, plan, mixed, interval_of)
    kept = {key: base for key, base in bases.items() if (key[0], key[1]) not in atoms}
    kept |= {key: base for key, base in last.bases.items() if (key[0], key[1]) in atoms}
    return Revised(Edition(rows, cells, mixed, tuple(sorted(groups))), kept)


def _unsafe_parts(
    revised: Revised,
    plan: Plan,
    earlier: Sequence[EarlierEdition],
    changed: Mapping[tuple[str, str], int],
    parts: Sequence[_Part],
    counts: Mapping[CountKey, Count],
) -> set[_Part]:
    """Return the parts that changed and give something away beside the earlier editions."""
    moving = {part.wave for part in parts}
    if not moving:
        return set()
    releases = [
        Released(f"edition {at}", _of(each.edition, moving), each.edition.constants, each.bases)
        for at, each in enumerate(earlier, 1)
    ]
    name = f"edition {len(releases) + 1}"
    releases.append(
        Released(name, _of(revised.edition, moving), revised.edition.constants, revised.bases)
    )
    numbers = {
        (name, part.wave, group): changed.get((part.wave, group), 0)
        for part in parts
        for group in part.groups
    }
    report = audit(releases, plan, numbers, counts=counts)
    found = {
        part
        for part in parts
        for finding in report.findings
        for label in (*part.groups, *part.atoms)
        if f" {label} " in f" {finding.key} " and f"wave {part.wave} " in f"{finding.key} "
    }
    if report.findings and not found:
        report.require_safe()
    return found


def _of(edition: Edition, waves: set[str]) -> tuple[PublicShare, ...]:
    return tuple(row for row in edition.rows if row.wave in waves)
