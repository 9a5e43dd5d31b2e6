"""The audit of the means of a prepared public release, as its file prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from protection.attack.search import Finding
from protection.audit.means import MeanScale, ShownMean, attack_mean, attack_total, is_fine
from protection.edition.cells import CountKey
from protection.errors import ProtectionError
from publication.public.audit.amounts import AMOUNTS
from publication.public.audit.file import SHARE, ShownFigure
from publication.public.method.protect import MeanCell, ProtectedWave
from publication.public.method.rules import MeanRule

PrintedMeans = Mapping[tuple[str, str, str], tuple[Fraction, Fraction]]
"""Range by wave, `classification.group` and indicator."""


def printed_means(shown: Sequence[ShownFigure]) -> PrintedMeans:
    """Return the ranges of means that the file shows."""
    return {
        each.key: (Fraction(repr(each.low)), Fraction(repr(each.high)))
        for each in shown
        if each.kind not in AMOUNTS and each.kind != SHARE
    }


def attack_means(
    wave: ProtectedWave,
    earlier: Sequence[ProtectedWave],
    named: Sequence[str],
    printed: PrintedMeans,
) -> list[str]:
    """Return what the printed means of a wave give away, beside those of earlier releases.

    Args:
        wave: as it is about to be published.
        earlier: the wave in every release that is public, oldest first.
        named: the ids of those releases, and of this one.
        printed: the ranges in the file.
    """
    own = {key[1:]: limits for key, limits in printed.items() if key[0] == wave.wave}
    problems = [
        f"{name} in {group}: {float(low):g} to {float(high):g} is finer than a tenth"
        for (group, name), (low, high) in own.items()
        if is_fine(low, high)
    ]
    rules = {mean.rule.indicator_id: mean for mean in wave.rules.means}
    for group, name in own:
        if name not in rules and name not in wave.rules.averages:
            problems.append(f"{name} in {group} is no mean that may be published")
    for mean in wave.rules.means:
        problems += _of_mean(mean, wave, earlier, named, own)
    problems += _averages(wave, rules, own)
    return problems


def _of_mean(
    mean: MeanRule,
    wave: ProtectedWave,
    earlier: Sequence[ProtectedWave],
    named: Sequence[str],
    own: Mapping[tuple[str, str], tuple[Fraction, Fraction]],
) -> Iterator[str]:
    name = mean.rule.indicator_id
    scale = MeanScale(name, mean.lowest, mean.highest, mean.rule.candidates)
    units = [cell.group_id for cell in wave.means if cell.indicator_id == name]
    parts = []
    for group in units:
        versions = list(_versions(mean, group, (*earlier, wave), named, own.get((group, name))))
        yield from _reasons(partial(attack_mean, scale, versions))
        if (group, name) in own:
            parts.append(_shown(mean, wave, named[-1], group, own[group, name], wave.sums))
    for (group, indicator), limits in own.items():
        if indicator == name and group not in units:
            total = _shown(mean, wave, named[-1], group, limits, wave.sums)
            inside = {atom.atom_id for atom in total.atoms}
            below = [part for part in parts if {atom.atom_id for atom in part.atoms} <= inside]
            yield from _reasons(partial(attack_total, scale, total, below))


def _reasons(attacked: Callable[[], tuple[Finding, ...]]) -> list[str]:
    try:
        return [finding.reason for finding in attacked()]
    except ProtectionError as error:
        return [str(error)]


def _versions(
    mean: MeanRule,
    group: str,
    waves: Sequence[ProtectedWave],
    named: Sequence[str],
    printed: tuple[Fraction, Fraction] | None,
) -> Iterator[ShownMean]:
    """Yield the ranges of one group, those left out that repeat the one before."""
    before: MeanCell | None = None
    for wave, release in zip(waves, named, strict=True):
        cell = next(
            (
                each
                for each in wave.means
                if (each.group_id, each.indicator_id) == (group, mean.rule.indicator_id)
            ),
            None,
        )
        if cell is None or cell.lower is None or cell.upper is None:
            continue
        limits = (cell.lower, cell.upper)
        if wave is waves[-1]:
            if printed is None:
                continue
            limits = printed
        if cell == before and limits == (cell.lower, cell.upper):
            continue
        before = cell
        yield _shown(mean, wave, release, group, limits, waves[-1].sums, wave.changed.get(group))


def _shown(
    mean: MeanRule,
    wave: ProtectedWave,
    release: str,
    group: str,
    limits: tuple[Fraction, Fraction],
    sums: Mapping[CountKey, tuple[Fraction, int]],
    changed: int | None = None,
) -> ShownMean:
    atoms = wave.edition.constants.members(wave.wave, group)
    keys = {atom.atom_id: (wave.wave, atom.atom_id, mean.rule.question_id) for atom in atoms}
    return ShownMean(
        f"wave {wave.wave} in {release}",
        group,
        *limits,
        atoms,
        {name: wave.bases[key] for name, key in keys.items() if key in wave.bases},
        wave.edition.constants.shape(wave.wave, group, mean.rule).smallest,
        changed,
        {
            atom.atom_id: sums[key]
            for atom in atoms
            if (key := (wave.wave, atom.atom_id, mean.rule.indicator_id)) in sums
        },
    )


def _averages(
    wave: ProtectedWave,
    rules: Mapping[str, MeanRule],
    own: Mapping[tuple[str, str], tuple[Fraction, Fraction]],
) -> Iterator[str]:
    """Yield the means of scales that say more than the means of their questions."""
    for name, means in wave.rules.averages.items():
        for (group, indicator), (low, high) in own.items():
            if indicator != name:
                continue
            limits = [
                own.get(
                    (group, each), (Fraction(rules[each].lowest), Fraction(rules[each].highest))
                )
                for each in means
            ]
            lowest = sum((limit[0] for limit in limits), Fraction(0)) / len(limits)
            highest = sum((limit[1] for limit in limits), Fraction(0)) / len(limits)
            if low > lowest or high < highest:
                yield f"{name} in {group} says more than the means of its questions"
