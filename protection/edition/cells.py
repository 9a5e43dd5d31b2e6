"""From counts to protected cells: the only numbers a public release may be made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from protection.edition.overlap import OverlappingGroup, overlapping_bands
from protection.errors import ProtectionError
from protection.ranges.bands import Band
from protection.ranges.partition import EVERYTHING, SetShape, set_bands, share_band
from protection.ranges.rules import Atom, Constants, IndicatorRule, Plan, Shape, rule_for
from protection.ranges.units import fewest_counted, shape_behind, units
from protection.ranges.weighted import share_width

CountKey = tuple[str, str, str]
"""Wave, atom, indicator."""

WITHHELD_REASONS = {
    "no_responses": "nobody of the group responded",
    "group_too_small": "no band holds enough counts at this number of responses",
    "too_few_answers": "fewer answered the question than the smallest base fixed in advance",
    "filter_too_small": "the published range of those asked can hold fewer than the smallest base",
    "inside_fine_total": "the total of these groups is published finely, so its parts are not",
    "other_classification": "the question is published for the groups of another classification",
    "would_tell_too_much": "a band beside the overlapping groups would leave too few counts",
}


@dataclass(frozen=True)
class Count:
    """What was answered: never leaves the building.

    Attributes:
        counted: responses that count in the share.
        answered: responses in the base.
    """

    counted: int
    answered: int


@dataclass(frozen=True)
class ProtectedCell:
    """Everything a public release may know about one share.

    Attributes:
        wave: wave id.
        group_id: `classification.group`.
        indicator_id: the share.
        band: where it lies; None when withheld.
        reason: why it is withheld, out of `WITHHELD_REASONS`; None when published.
        smallest_base: the base is at least this; fixed in advance.
        responses: kept responses of the group; public.
        candidates: counts that stay possible at least.
    """

    wave: str
    group_id: str
    indicator_id: str
    band: Band | None
    reason: str | None
    smallest_base: int
    responses: int
    candidates: int


def protect_counts(
    counts: Mapping[CountKey, Count], plan: Plan, constants: Constants
) -> tuple[ProtectedCell, ...]:
    """Return the protected cell of every unit of every indicator and wave.

    Args:
        counts: per wave, atom and indicator; an atom without a row has no answers.
        plan: the rules of the registry.
        constants: what is public about the responses.

    Raises:
        ProtectionError: counts that cannot be, or that contradict a rule.
    """
    check_counts(counts, plan, constants)
    cells: dict[tuple[str, str, str], ProtectedCell] = {}
    for wave in constants.waves:
        done: set[str] = set()
        for rule in sorted(plan.indicators, key=lambda rule: rule.filter_id is not None):
            if rule.indicator_id in done:
                continue
            tied = plan.set_of(rule.indicator_id)
            names = tied.members if tied else (rule.indicator_id,)
            done.update(names)
            for cell in tuple(_cells_of(wave, names, counts, plan, constants, cells)):
                cells[cell.wave, cell.group_id, cell.indicator_id] = cell
        for key, cell in list(cells.items()):
            if cell.wave == wave and _filter_is_too_small(cell, cells, plan, constants):
                cells[key] = replace(cell, band=None, reason="filter_too_small")
    return tuple(cells[key] for key in sorted(cells))


def check_counts(counts: Mapping[CountKey, Count], plan: Plan, constants: Constants) -> None:
    """Check that the counts fit the responses and the rules.

    Raises:
        ProtectionError: more counted than answered or than responses; parts of a set with
            different bases, or that do not add up as the rule says.
    """
    responses = {(atom.wave, atom.atom_id): atom.responses for atom in constants.atoms}
    for (wave, atom_id, name), count in counts.items():
        limit = responses.get((wave, atom_id))
        if limit is None or not 0 <= count.counted <= count.answered <= limit:
            raise ProtectionError(
                f"{count.counted} of {count.answered} cannot be: {limit} responses.",
                where=f"wave {wave}, {atom_id}, {name}",
            )
    for linked in plan.sets:
        for wave, atom_id in responses:
            found = [counts.get((wave, atom_id, name), Count(0, 0)) for name in linked.parts]
            total, base = sum(count.counted for count in found), found[0].answered
            union = base
            if linked.union_id:
                union = counts.get((wave, atom_id, linked.union_id), Count(0, 0)).counted
            largest = max(count.counted for count in found)
            fits = total == base if linked.kind == "exclusive" else largest <= union <= total
            if not fits or {count.answered for count in found} != {base}:
                raise ProtectionError(
                    f"The parts of {linked.set_id} do not fit together.",
                    where=f"wave {wave}, {atom_id}",
                    expected=f"one base, and parts that are {linked.kind}",
                    remedy="Correct the set in the rules; the attacker is taken to know it.",
                )


def _cells_of(
    wave: str,
    names: tuple[str, ...],
    counts: Mapping[CountKey, Count],
    plan: Plan,
    constants: Constants,
    before: Mapping[tuple[str, str, str], ProtectedCell],
) -> Iterable[ProtectedCell]:
    """Yield the cells of one indicator, or of the members of one set, in one wave.

    Args:
        before: cells already made, those of the filter among them.
    """
    rule = rule_for(plan, names[0])
    chosen = units(plan, constants, wave, rule, alone=len(names) == 1)
    published: list[OverlappingGroup] = []
    for group_id in chosen.first:
        shape = _shape(wave, group_id, rule, before, plan, constants)
        found = [_shares(wave, group_id, name, counts, constants) for name in names]
        few = found[0].answered < shape.smallest
        bands = _bands(plan, names, shape, rule, [each.share for each in found], few=few)
        reason = "too_few_answers" if few else None
        for name, band in zip(names, bands, strict=True):
            yield _cell(wave, group_id, name, band, reason, shape, rule)
        if len(names) == 1 and bands[0] is not None:
            width = share_width(shape, rule.candidates) or 0
            published.append(OverlappingGroup(group_id, width, found[0].share, bands[0]))
    if chosen.further:
        yield from _further(wave, names[0], counts, constants, rule, published, chosen.further)


def _shape(
    wave: str,
    group_id: str,
    rule: IndicatorRule,
    before: Mapping[tuple[str, str, str], ProtectedCell],
    plan: Plan,
    constants: Constants,
) -> Shape:
    shape = constants.shape(wave, group_id, rule)
    asked = _filter_of(wave, group_id, rule, before, plan, constants)
    return shape if asked is None else shape_behind(shape, *asked, rule.candidates)


def _filter_of(
    wave: str,
    group_id: str,
    rule: IndicatorRule,
    cells: Mapping[tuple[str, str, str], ProtectedCell],
    plan: Plan,
    constants: Constants,
) -> tuple[Shape, Band] | None:
    """Return what is public of those asked a question: about their base, and their band."""
    asked = cells.get((wave, group_id, rule.filter_id)) if rule.filter_id else None
    if asked is None or asked.band is None:
        return None
    return constants.shape(wave, group_id, rule_for(plan, asked.indicator_id)), asked.band


@dataclass(frozen=True)
class _Share:
    share: Fraction
    answered: int


def _shares(
    wave: str, group_id: str, name: str, counts: Mapping[CountKey, Count], constants: Constants
) -> _Share:
    counted = weight = Fraction(0)
    answered = 0
    for atom in constants.members(wave, group_id):
        count = counts.get((wave, atom.atom_id, name), Count(0, 0))
        counted += atom.weight * count.counted
        weight += atom.weight * count.answered
        answered += count.answered
    return _Share(counted / weight if weight else Fraction(0), answered)


def _bands(
    plan: Plan,
    names: tuple[str, ...],
    shape: Shape,
    rule: IndicatorRule,
    shares: list[Fraction],
    *,
    few: bool,
) -> tuple[Band | None, ...]:
    if few:
        return (None,) * len(names)
    linked = plan.set_of(names[0])
    if linked is None:
        return (share_band(shape, rule.candidates, shares[0]),)
    tied = SetShape(
        linked.kind, len(linked.parts), linked.union_id is not None, shape, rule.candidates
    )
    return set_bands(tied, shares) or (None,) * len(names)


def _further(
    wave: str,
    name: str,
    counts: Mapping[CountKey, Count],
    constants: Constants,
    rule: IndicatorRule,
    published: list[OverlappingGroup],
    further: tuple[str, ...],
) -> Iterable[ProtectedCell]:
    groups = list(published)
    for group_id in further:
        shape = constants.shape(wave, group_id, rule)
        found = _shares(wave, group_id, name, counts, constants)
        width = share_width(shape, rule.candidates)
        if width is None or found.answered < shape.smallest:
            yield _cell(wave, group_id, name, None, "too_few_answers", shape, rule)
        else:
            groups.append(OverlappingGroup(group_id, width, found.share, None))
    atoms: dict[str, Atom] = {}
    for group in groups:
        for atom in constants.members(wave, group.group_id):
            atoms[atom.atom_id] = atom
    found_bands = overlapping_bands(groups, tuple(atoms.values()), rule.candidates)
    for group in groups[len(published) :]:
        band = found_bands[group.group_id]
        shape = constants.shape(wave, group.group_id, rule)
        reason = "would_tell_too_much" if band == EVERYTHING else None
        yield _cell(wave, group.group_id, name, None if reason else band, reason, shape, rule)


def _cell(
    wave: str,
    group_id: str,
    name: str,
    band: Band | None,
    reason: str | None,
    shape: Shape,
    rule: IndicatorRule,
) -> ProtectedCell:
    return ProtectedCell(
        wave, group_id, name, band, reason, shape.smallest, shape.total, rule.candidates
    )


def _filter_is_too_small(
    cell: ProtectedCell,
    cells: Mapping[tuple[str, str, str], ProtectedCell],
    plan: Plan,
    constants: Constants,
) -> bool:
    """Say whether the published range of those asked can hold fewer than the smallest base.

    Decided on the protected cell of the filter, so that publishing or withholding the questions
    behind it tells nothing more about how many passed it.
    """
    rule = plan.indicator(cell.indicator_id)
    asked = _filter_of(cell.wave, cell.group_id, rule, cells, plan, constants)
    if cell.band is None or asked is None:
        return False
    return fewest_counted(*asked) < cell.smallest_base
