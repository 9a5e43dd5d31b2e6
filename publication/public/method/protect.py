"""Protect a wave: from counts to the cells that the public edition is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from protection.audit.revisions import EarlierEdition, protect_revision
from protection.audit.versions import BaseKey
from protection.edition.cells import Count, CountKey
from protection.edition.edition import Edition, protect_edition
from protection.ranges.means import mean_range
from protection.ranges.rules import Constants
from protection.ranges.units import units
from publication.public.amounts.protected import ProtectedAmounts, protect_amounts
from publication.public.method.asked import Asked
from publication.public.method.corrections import (
    Numbers,
    Tags,
    changed_responses,
    fingerprints,
    may_round_again,
)
from publication.public.method.counts import WaveResponses, count
from publication.public.method.intervals import interval_of
from publication.public.method.rounded import round_wave
from publication.public.method.rounding import Rounded
from publication.public.method.rules import MeanRule, WaveRules


@dataclass(frozen=True)
class MeanCell:
    """Everything that the public edition knows about one mean.

    Attributes:
        wave: wave id.
        group_id: `classification.group`.
        indicator_id: the mean.
        lower: the mean is at least this, on the scale of the answers; None when withheld.
        upper: the mean is at most this.
        reason: why it is withheld.
        smallest_base: the base is at least this.
        responses: responses of the group.
    """

    wave: str
    group_id: str
    indicator_id: str
    lower: Fraction | None
    upper: Fraction | None
    reason: str | None
    smallest_base: int
    responses: int


@dataclass(frozen=True)
class ProtectedWave:
    """One wave as a public release shows it, with what the publisher keeps of it.

    Attributes:
        wave: wave id.
        rules: what was decided about it in advance.
        edition: shares, their cells and the public constants.
        means: the means.
        bases: how many answered, behind the cells; internal.
        changed: responses that changed since the release before, per group; internal.
        tags: of the responses behind the cells; internal.
        amounts: totals.
        rounded: rounded figures; None where there are none.
        counts: what was counted, per share; internal, and not kept in the ledger.
        sums: sum and number of the answers, per mean; likewise.
    """

    wave: str
    rules: WaveRules
    edition: Edition
    means: tuple[MeanCell, ...]
    bases: Mapping[BaseKey, int] = field(repr=False)
    changed: Numbers = field(repr=False)
    tags: Tags = field(repr=False)
    amounts: ProtectedAmounts = field(default_factory=ProtectedAmounts)
    rounded: Rounded | None = None
    counts: Mapping[CountKey, Count] = field(default_factory=dict, repr=False, compare=False)
    sums: Mapping[CountKey, tuple[Fraction, int]] = field(
        default_factory=dict, repr=False, compare=False
    )


def protect_wave(
    responses: WaveResponses,
    rules: WaveRules,
    earlier: Sequence[ProtectedWave],
    key: bytes,
    asked: Asked | None = None,
) -> ProtectedWave:
    """Protect a wave, together with what is public of it already.

    Args:
        responses: as they are now.
        rules: those of its first release, where there is one.
        earlier: the wave in every public release so far, oldest first.
        key: secret of this survey's ledger, for the fingerprints.
        asked: what the rounded figures are made of, where the rules have any.

    Raises:
        ProtectionError: counts and rules do not fit together.
    """
    counted = count(responses, rules)
    tags = fingerprints(counted, key)
    constants = counted.constants
    amounts = protect_amounts(
        rules.amounts,
        counted.amounts,
        tags,
        earlier[-1].amounts if earlier else None,
        is_weighted=any(atom.weight != 1 for atom in constants.atoms),
    )
    if not earlier:
        edition = protect_edition(counted.counts, rules.plan, constants, interval_of)
        means = tuple(_means(rules, constants, counted.sums))
        own = {atom.atom_id: tags.get(atom.atom_id, ()) for atom in constants.atoms}
        return ProtectedWave(
            responses.wave,
            rules,
            edition,
            means,
            counted.bases,
            {},
            own,
            amounts,
            _rounded(responses, rules, asked),
            counted.counts,
            counted.sums,
        )
    last = earlier[-1]
    changed = changed_responses(last.edition.constants, last.tags, constants, tags)
    held = replace(
        last,
        rules=rules,
        changed=changed,
        amounts=amounts,
        counts=counted.counts,
        sums=counted.sums,
    )
    if constants == last.edition.constants and not any(changed.values()):
        # Nothing changed, so all of it would be held, as it stands.
        return held
    if rules.rounded and not may_round_again(last.edition.constants, last.tags, constants, tags):
        return held
    revised = protect_revision(
        counted.counts,
        counted.bases,
        rules.plan,
        constants,
        [EarlierEdition(each.edition, each.bases) for each in earlier],
        {(responses.wave, group): number for group, number in changed.items()},
        interval_of,
    )
    held_atoms = _held_atoms(revised.edition, last, constants, changed, rules)
    if rules.rounded and held_atoms:
        return held
    fresh = {(m.group_id, m.indicator_id): m for m in _means(rules, constants, counted.sums)}
    stood = {(cell.group_id, cell.indicator_id): cell for cell in last.means}
    both = (constants, last.edition.constants)
    kept: list[MeanCell] = []
    for place in sorted({*fresh, *stood}):
        stays = _touches(place[0], held_atoms, both, responses.wave)
        cell = stood.get(place) if stays and place in stood else fresh.get(place)
        if cell is not None:
            kept.append(cell)
    shown = revised.edition.constants
    return ProtectedWave(
        responses.wave,
        rules,
        revised.edition,
        tuple(kept),
        {**revised.bases, **_bases_of_means(rules, last, held_atoms)},
        changed,
        {
            atom.atom_id: (last.tags if atom.atom_id in held_atoms else tags).get(atom.atom_id, ())
            for atom in shown.atoms
        },
        amounts,
        _rounded(responses, rules, asked),
        counted.counts,
        counted.sums,
    )


def _rounded(responses: WaveResponses, rules: WaveRules, asked: Asked | None) -> Rounded | None:
    if rules.rounded is None or asked is None:
        return None
    return round_wave(responses, rules.rounded, asked)


def _held_atoms(
    edition: Edition,
    last: ProtectedWave,
    constants: Constants,
    changed: Numbers,
    rules: WaveRules,
) -> frozenset[str]:
    """Return the atoms whose figures stay: those the engine held, and small changes of means."""
    held = {group for _, group in edition.held}
    for mean in rules.means:
        few = mean.rule.candidates
        for name in units(rules.plan, constants, last.wave, mean.rule, alone=False).first:
            if changed.get(name, 0) < few:
                held.add(name)
    return frozenset(
        atom.atom_id
        for known in (last.edition.constants, constants)
        for atom in known.atoms
        if atom.groups & held
    )


def _bases_of_means(
    rules: WaveRules, last: ProtectedWave, held: frozenset[str]
) -> dict[BaseKey, int]:
    """Return how many answered behind the means that stay as they were."""
    asked = {mean.rule.question_id for mean in rules.means}
    return {key: base for key, base in last.bases.items() if key[1] in held and key[2] in asked}


def _touches(group_id: str, atoms: frozenset[str], known: Sequence[Constants], wave: str) -> bool:
    return any(
        atom.atom_id in atoms for constants in known for atom in constants.members(wave, group_id)
    )


def _means(
    rules: WaveRules, constants: Constants, sums: Mapping[CountKey, tuple[Fraction, int]]
) -> list[MeanCell]:
    """Return the cell of every mean of every group that shares no response with another."""
    (wave,) = constants.waves or ("",)
    cells = []
    for mean in rules.means:
        chosen = units(rules.plan, constants, wave, mean.rule, alone=False).first
        for group_id in chosen:
            cells.append(_mean(mean, wave, group_id, constants, sums))
    return cells


def _mean(
    mean: MeanRule,
    wave: str,
    group_id: str,
    constants: Constants,
    sums: Mapping[CountKey, tuple[Fraction, int]],
) -> MeanCell:
    name = mean.rule.indicator_id
    shape = constants.shape(wave, group_id, mean.rule)
    total = weight = Fraction(0)
    answered = 0
    for atom in constants.members(wave, group_id):
        own, number = sums.get((wave, atom.atom_id, name), (Fraction(0), 0))
        total += atom.weight * own
        weight += atom.weight * number
        answered += number

    def cell(lower: Fraction | None, upper: Fraction | None, reason: str | None) -> MeanCell:
        return MeanCell(wave, group_id, name, lower, upper, reason, shape.smallest, shape.total)

    if answered < shape.smallest or not weight:
        return cell(None, None, "too_few_answers")
    in_heaviest = int(100 / shape.coarsest_unit)
    scale = (mean.lowest, mean.highest)
    shown = mean_range(
        total / weight, min(shape.smallest, in_heaviest), scale, mean.rule.candidates
    )
    if shown is None:
        return cell(None, None, "group_too_small")
    return cell(shown.lower, shown.upper, None)
