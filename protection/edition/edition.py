"""The rows of the public edition, made from protected cells and public constants only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from protection.edition.cells import Count, CountKey, ProtectedCell, protect_counts
from protection.ranges.bands import Band
from protection.ranges.partition import EVERYTHING, implied_exclusive
from protection.ranges.rules import OWN_QUESTION, Constants, IndicatorRule, Plan, Shape, rule_for
from protection.ranges.units import Part, below, implied_range, units, weights_of

IntervalOf = Callable[[Shape, Fraction, Fraction], tuple[float, float]]
"""Interval shown for a range of the share (both 0 to 1) in a group; union over all counts in it."""


@dataclass(frozen=True)
class PublicShare:
    """One row of the public edition.

    Attributes:
        wave: wave id.
        group_id: `classification.group`.
        indicator_id: the share.
        share_lower: whole percentage points; the share is at least this.
        share_upper: whole percentage points; the share is at most this.
        interval_lower: union of the intervals of all counts in the range, 0 to 1.
        interval_upper: see `interval_lower`.
        smallest_base: at least so many answered.
        responses: responses of the group.
        candidates: counts that stay possible at least.
        protection: `band` (a range fixed in advance), `implied` (follows from the parts of the
            group) or `withheld`.
        protection_reason: why it is withheld or coarser, else None.
        band_lower: the range that was fixed in advance, for the audit; upper edge not included.
        band_upper: see `band_lower`.
        base: `own_question` (who answered its question) or `whole_set` (who answered the questions
            of every share that it is tied to; fewer).
    """

    wave: str
    group_id: str
    indicator_id: str
    share_lower: int | None
    share_upper: int | None
    interval_lower: float | None
    interval_upper: float | None
    smallest_base: int | None
    responses: int
    candidates: int | None
    protection: str
    protection_reason: str | None
    band_lower: int | None = None
    band_upper: int | None = None
    base: str = OWN_QUESTION


@dataclass(frozen=True)
class Edition:
    """A protected edition.

    Attributes:
        rows: what is published.
        cells: what it was made from; the rows are a function of these.
        constants: the public constants that go with each cell's wave.
        held: waves and groups whose figures stayed those of the earlier release.
    """

    rows: tuple[PublicShare, ...]
    cells: tuple[ProtectedCell, ...]
    constants: Constants
    held: tuple[tuple[str, str], ...] = ()


def protect_edition(
    counts: Mapping[CountKey, Count],
    plan: Plan,
    constants: Constants,
    interval_of: IntervalOf | None = None,
) -> Edition:
    """Protect every share of a first release of its waves. Corrections: `audit.revisions`.

    Raises:
        ProtectionError: counts, rules and constants do not fit together.
    """
    cells = protect_counts(counts, plan, constants)
    return Edition(publish(cells, plan, constants, interval_of), cells, constants)


def publish(
    cells: Iterable[ProtectedCell],
    plan: Plan,
    constants: Constants,
    interval_of: IntervalOf | None = None,
) -> tuple[PublicShare, ...]:
    """Return a row for every wave, group and indicator, made from protected cells alone.

    Args:
        cells: of every unit.
        plan: the rules.
        constants: what is public about the responses.
        interval_of: gives the interval shown; none is shown without it.
    """
    by_key = {(cell.wave, cell.group_id, cell.indicator_id): cell for cell in cells}
    ranges = _shown_ranges(by_key, plan)
    rows = []
    for wave in constants.waves:
        for indicator in plan.indicators:
            rule = rule_for(plan, indicator.indicator_id)
            alone = plan.set_of(rule.indicator_id) is None
            lowest = units(plan, constants, wave, rule, alone=alone).first
            base = plan.base_of(rule.indicator_id)
            for group in plan.groups:
                key = (wave, group.group_id, rule.indicator_id)
                row = _row(key, rule, lowest, by_key, ranges, plan, constants, interval_of)
                rows.append(replace(row, base=base))
    return tuple(rows)


def _shown_ranges(
    cells: Mapping[tuple[str, str, str], ProtectedCell], plan: Plan
) -> dict[tuple[str, str, str], Band]:
    """Return what each published band says together with those of its set."""
    ranges = {key: cell.band for key, cell in cells.items() if cell.band is not None}
    for linked in plan.sets:
        if linked.kind != "exclusive":
            continue
        for wave, group_id in {(key[0], key[1]) for key in ranges if key[2] == linked.parts[0]}:
            keys = [(wave, group_id, part) for part in linked.parts]
            bands = implied_exclusive(tuple(ranges[key] for key in keys))
            ranges.update(zip(keys, bands, strict=True))
    return ranges


def _row(
    key: tuple[str, str, str],
    rule: IndicatorRule,
    lowest: Sequence[str],
    cells: Mapping[tuple[str, str, str], ProtectedCell],
    ranges: Mapping[tuple[str, str, str], Band],
    plan: Plan,
    constants: Constants,
    interval_of: IntervalOf | None,
) -> PublicShare:
    wave, group_id, _ = key
    cell = cells.get(key)
    shape = _on_base(constants.shape(wave, group_id, rule), cell)
    if cell is not None and cell.band is not None:
        shown = ranges[key]
        if shown == EVERYTHING:
            return _withheld(key, shape, "would_tell_too_much", cell)
        low, high = (
            interval_of(shape, Fraction(shown.lower, 100), Fraction(shown.upper, 100))
            if interval_of
            else (None, None)
        )
        return PublicShare(
            *key,
            shown.lower,
            shown.upper,
            low,
            high,
            cell.smallest_base,
            cell.responses,
            cell.candidates,
            "band",
            None,
            cell.band.lower,
            cell.band.upper,
        )
    if cell is not None:
        return _withheld(key, shape, cell.reason or "withheld", None)
    span = _implied(wave, group_id, rule, lowest, cells, ranges, plan, constants)
    if span is None or span == (0, 100):
        return _withheld(key, shape, _why_not(wave, group_id, rule, plan, constants), None)
    low, high = (
        interval_of(shape, Fraction(span[0], 100), Fraction(span[1], 100))
        if interval_of
        else (None, None)
    )
    return PublicShare(
        *key, *span, low, high, None, shape.total, None, "implied", "follows_from_its_parts"
    )


def _on_base(shape: Shape, cell: ProtectedCell | None) -> Shape:
    """Return what is public of a group with the smallest base of its cell, where it has one."""
    return shape if cell is None else replace(shape, smallest=cell.smallest_base)


def _withheld(
    key: tuple[str, str, str], shape: Shape, reason: str, cell: ProtectedCell | None
) -> PublicShare:
    """Return a row without figures; a set's band that says nothing still counts as cut at 0-100."""
    return PublicShare(
        *key,
        None,
        None,
        None,
        None,
        cell.smallest_base if cell else None,
        shape.total,
        None,
        "withheld",
        reason,
        0 if cell else None,
        100 if cell else None,
    )


def _implied(
    wave: str,
    group_id: str,
    rule: IndicatorRule,
    lowest: Sequence[str],
    cells: Mapping[tuple[str, str, str], ProtectedCell],
    ranges: Mapping[tuple[str, str, str], Band],
    plan: Plan,
    constants: Constants,
) -> tuple[int, int] | None:
    """Return what the published parts of a group say about it."""
    if plan.group(group_id).classification_id != rule.classification_id:
        return None
    inside = below(plan, group_id) - {group_id}
    parts: list[Part] = []
    covered: set[str] = set()
    for unit in lowest:
        if unit not in inside:
            continue
        own = (wave, unit, rule.indicator_id)
        band = ranges.get(own)
        atoms = constants.members(wave, unit)
        covered.update(atom.atom_id for atom in atoms)
        shape = _on_base(constants.shape(wave, unit, rule), cells.get(own))
        lightest, heaviest = weights_of(shape)
        if band is None:
            parts.append(Part(Fraction(0), Fraction(100), Fraction(0), heaviest))
        else:
            parts.append(Part(Fraction(band.lower), Fraction(band.upper), lightest, heaviest))
    if not any(part.lightest for part in parts):
        return None
    for atom in constants.members(wave, group_id):
        if atom.atom_id not in covered:
            weight = atom.weight * atom.responses
            parts.append(Part(Fraction(0), Fraction(100), Fraction(0), weight))
    return implied_range(parts)


def _why_not(
    wave: str, group_id: str, rule: IndicatorRule, plan: Plan, constants: Constants
) -> str:
    if not constants.members(wave, group_id):
        return "no_responses"
    classification = plan.group(group_id).classification_id
    if classification not in {rule.classification_id, *rule.further_classifications}:
        return "other_classification"
    fine = rule.fine_group_id if rule.total == "fine" else None
    if fine and group_id in below(plan, fine):
        return "inside_fine_total"
    if rule.further_classifications and classification != rule.classification_id:
        return "would_tell_too_much"
    return "group_too_small"


def rows_of(rows: Sequence[PublicShare], wave: str) -> tuple[PublicShare, ...]:
    """Return the rows of one wave."""
    return tuple(row for row in rows if row.wave == wave)
