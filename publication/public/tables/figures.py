"""Figures of the public edition: one per wave, group and indicator, from protected cells alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from protection.amounts.totals import HUNDREDTHS
from protection.edition.edition import PublicShare
from protection.ranges.means import STEP
from protection.ranges.rules import OWN_QUESTION
from protection.ranges.units import Part, implied_range, weights_of
from publication.public.amounts.protected import AmountCell
from publication.public.method.protect import MeanCell, ProtectedWave
from publication.public.method.rounding import KNOWN, RoundedCell
from publication.public.method.rules import MeanRule, group_key
from registry import Registry
from registry.tables.figures import Indicator
from registry.tables.organisations import OrganisationGroup

EXACT, SUPPRESSED, WITHHELD, ROUNDED = "exact", "suppressed", "withheld", "rounded"
END = "end_of_the_scale"
QUOTIENT = "quotient_of_totals"
DIGITS = 6
"""Digits of a ratio; it is made from printed totals, so they are for reading only."""

POINTS = 100
"""Percentage points of a share of 1."""

FigureKey = tuple[str, str, str]
"""Wave, `classification.group`, indicator."""


@dataclass(frozen=True)
class Figure:
    """What is public about one indicator of one group.

    Attributes:
        band: range of a share, in whole percentage points.
        mean: range of a mean, in scores.
        interval: of a share, 0 to 1.
        amount: in the unit of the indicator; of a rounded figure as it is rounded.
        base: of a share, whose answers it rests on.
        rounded: range of a rounded figure, on the scale of the internal edition.
        answered: how many answered, where that may be said.
    """

    protection: str
    reason: str | None = None
    band: tuple[int, int] | None = None
    mean: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    smallest_base: int | None = None
    possible_counts: int | None = None
    amount: float | None = None
    base: str | None = None
    rounded: tuple[float, float] | None = None
    answered: int | None = None

    @property
    def range(self) -> tuple[float, float] | None:
        """Return its range as it is printed, on the scale of the internal edition."""
        if self.band is not None:
            return self.band[0] / POINTS, self.band[1] / POINTS
        if self.rounded is not None:
            return self.rounded
        if self.amount is not None:
            return self.amount, self.amount
        return self.mean

    @property
    def is_rounded(self) -> bool:
        """Return whether it is a rounded figure that is public."""
        return self.rounded is not None

    @property
    def is_told(self) -> bool:
        """Return whether words about it are those of the internal edition.

        So they are of a figure on enough answers that is withheld for what it tells of a count.
        """
        return self.is_rounded or self.reason == KNOWN

    @property
    def is_shown(self) -> bool:
        """Return whether anything is public about it."""
        return self.range is not None


def figures(waves: Sequence[ProtectedWave], registry: Registry) -> dict[FigureKey, Figure]:
    """Return a figure for every wave, group and indicator of the survey, withheld ones included.

    A function of protected cells, public constants and the registries.
    """
    found: dict[FigureKey, Figure] = {}
    for wave in waves:
        for indicator in registry.indicators:
            for group in registry.organisation_groups:
                key = group_key(group.classification_id, group.group_id)
                reason = _reason(wave, indicator, group)
                if reason is not None:
                    found[wave.wave, key, indicator.indicator_id] = Figure("withheld", reason)
        for row in wave.edition.rows:
            found[row.wave, row.group_id, row.indicator_id] = _share(row)
        for mean in wave.rules.means:
            for key, figure in _means(wave, mean).items():
                found[wave.wave, key, mean.rule.indicator_id] = figure
        for (key, name), figure in _amounts(wave).items():
            found[wave.wave, key, name] = figure
        for name, means in wave.rules.averages.items():
            for key in (group.group_id for group in wave.rules.plan.groups):
                parts = [
                    (found[wave.wave, key, mean.rule.indicator_id], mean)
                    for mean in wave.rules.means
                    if mean.rule.indicator_id in means
                ]
                found[wave.wave, key, name] = _average(parts)
        found |= _rounded(wave, registry)
    return found


def _rounded(wave: ProtectedWave, registry: Registry) -> dict[FigureKey, Figure]:
    """Return rounded figures, those of crossed groups and of bands of scales included."""
    if wave.rounded is None or wave.rules.rounded is None:
        return {}
    found = {
        (wave.wave, group_key(group.classification_id, group.group_id), name): Figure(
            WITHHELD, "too_few_answers"
        )
        for group in registry.organisation_groups
        for name in wave.rules.rounded.indicators
    }
    for cell in wave.rounded.cells:
        found[wave.wave, cell.group_id, cell.indicator_id] = _rounded_figure(
            cell, wave.rules.rounded.candidates
        )
    return found


def _rounded_figure(cell: RoundedCell, candidates: int) -> Figure:
    if cell.lower is None or cell.upper is None:
        return Figure(WITHHELD, cell.reason)
    return Figure(
        ROUNDED,
        cell.reason if cell.estimate is not None else END,
        interval=cell.interval and (float(cell.interval[0]), float(cell.interval[1])),
        smallest_base=cell.smallest_base,
        possible_counts=candidates,
        amount=None if cell.estimate is None else float(cell.estimate),
        rounded=(float(cell.lower), float(cell.upper)),
        answered=cell.answered,
        base=OWN_QUESTION,
    )


def _reason(wave: ProtectedWave, indicator: Indicator, group: OrganisationGroup) -> str | None:
    name = indicator.indicator_id
    if name not in wave.rules.asked:
        return None
    if group.classification_id not in wave.rules.classifications:
        return wave.rules.withheld.get(name, "other_classification")
    return wave.rules.withheld.get(name)


def _share(row: PublicShare) -> Figure:
    if row.share_lower is None or row.share_upper is None:
        return Figure("withheld", row.protection_reason)
    interval = None
    if row.interval_lower is not None and row.interval_upper is not None:
        interval = (round(row.interval_lower, 3), round(row.interval_upper, 3))
    return Figure(
        row.protection,
        row.protection_reason,
        (row.share_lower, row.share_upper),
        None,
        interval,
        row.smallest_base,
        row.candidates,
        base=row.base,
    )


def _means(wave: ProtectedWave, mean: MeanRule) -> dict[str, Figure]:
    cells = {
        cell.group_id: cell for cell in wave.means if cell.indicator_id == mean.rule.indicator_id
    }
    found = {}
    for group in wave.rules.plan.groups:
        key = group.group_id
        if key in cells:
            found[key] = _mean(cells[key])
        elif not wave.edition.constants.members(wave.wave, key):
            found[key] = Figure("withheld", "no_responses")
        elif group.classification_id != mean.rule.classification_id:
            found[key] = Figure("withheld", "other_classification")
        else:
            found[key] = _implied(wave, mean, key, cells) or Figure("withheld", "group_too_small")
    return found


def _mean(cell: MeanCell) -> Figure:
    if cell.lower is None or cell.upper is None:
        return Figure("withheld", cell.reason)
    return Figure(
        "mean",
        None,
        mean=(float(cell.lower), float(cell.upper)),
        smallest_base=cell.smallest_base,
    )


def _average(parts: list[tuple[Figure, MeanRule]]) -> Figure:
    """Return what the means of its questions say about the mean of a scale: nothing new.

    A mean that is withheld may lie anywhere on the scale; with half of them withheld there is no
    point in saying so.
    """
    if 2 * sum(figure.mean is None for figure, _ in parts) >= len(parts):
        return Figure("withheld", parts[0][0].reason or "figure_withheld")
    limits = [figure.mean or (rule.lowest, rule.highest) for figure, rule in parts]
    low, high = (sum(Fraction(repr(limit[at])) for limit in limits) for at in (0, 1))
    steps = floor(low / len(limits) / STEP), ceil(high / len(limits) / STEP)
    span = (float(steps[0] * STEP), float(steps[1] * STEP))
    return Figure("implied", "average_of_its_questions", mean=span)


def _implied(
    wave: ProtectedWave, mean: MeanRule, group_id: str, cells: dict[str, MeanCell]
) -> Figure | None:
    """Return what the published means of the parts of a group say about it."""
    members = wave.edition.constants.members(wave.wave, group_id)
    inside = {atom.atom_id for atom in members}
    low, high = Fraction(mean.lowest) / STEP, Fraction(mean.highest) / STEP
    parts: list[Part] = []
    covered: set[str] = set()
    for cell in cells.values():
        own = wave.edition.constants.members(wave.wave, cell.group_id)
        if not {atom.atom_id for atom in own} <= inside or not own:
            continue
        covered |= {atom.atom_id for atom in own}
        shape = wave.edition.constants.shape(wave.wave, cell.group_id, mean.rule)
        lightest, heaviest = weights_of(shape)
        if cell.lower is None or cell.upper is None:
            parts.append(Part(low, high, Fraction(0), heaviest))
        else:
            parts.append(Part(cell.lower / STEP, cell.upper / STEP, lightest, heaviest))
    if not any(part.lightest for part in parts):
        return None
    parts += [
        Part(low, high, Fraction(0), atom.weight * atom.responses)
        for atom in members
        if atom.atom_id not in covered
    ]
    span = implied_range(parts)
    if span is None or (span[0] <= low and span[1] >= high):
        return None
    limits = (float(span[0] * STEP), float(span[1] * STEP))
    return Figure("implied", "follows_from_its_parts", mean=limits)


def _amounts(wave: ProtectedWave) -> dict[tuple[str, str], Figure]:
    """Return the figures of totals and of their quotients, by group and indicator."""
    rules = wave.rules.amounts
    cells = {cell.cell: cell for cell in wave.amounts.cells}
    found: dict[tuple[str, str], Figure] = {}
    for rule in rules.sets:
        for name in rule.published:
            for group in wave.rules.plan.groups:
                place = group.group_id, name
                if rule.set_id in wave.amounts.withheld:
                    found[place] = Figure(WITHHELD, wave.amounts.withheld[rule.set_id])
                elif group.classification_id != rule.classification_id:
                    found[place] = Figure(WITHHELD, "other_classification")
                else:
                    found[place] = _amount(cells.get((name, group.group_id)))
    for ratio in rules.ratios:
        for group in wave.rules.plan.groups:
            above, below = (
                found[group.group_id, name] for name in (ratio.numerator_id, ratio.denominator_id)
            )
            found[group.group_id, ratio.indicator_id] = _quotient(above, below)
    return found


def _amount(cell: AmountCell | None) -> Figure:
    if cell is None:
        return Figure(WITHHELD, "no_responses")
    if cell.amount is None:
        return Figure(SUPPRESSED, cell.reason)
    return Figure(EXACT, amount=cell.amount / HUNDREDTHS)


def _quotient(above: Figure, below: Figure) -> Figure:
    """Return a ratio of two published totals, or why there is none."""
    if above.amount is not None and below.amount:
        return Figure(EXACT, QUOTIENT, amount=quotient(above.amount, below.amount))
    reasons = {figure.reason for figure in (above, below) if figure.protection == WITHHELD}
    return Figure(WITHHELD, reasons.pop() if len(reasons) == 1 else "totals_not_published")


def quotient(above: float, below: float) -> float:
    """Return a ratio of two published totals as it is printed."""
    return float(f"{above / below:.{DIGITS}g}")
