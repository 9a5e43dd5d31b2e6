"""The attacker over means: how often each option of the scale can have been given.

The unknowns are the answers per option and stratum. A printed range says where the sum of their
scores lies; how many answered is taken to be known, as for shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from protection.attack.search import Finding, attack
from protection.audit.facts import Knowledge
from protection.ranges.means import STEP
from protection.ranges.rules import Atom


@dataclass(frozen=True)
class MeanScale:
    """A scale of whole scores, one option each.

    Attributes:
        indicator_id: the mean.
        lowest: lowest score.
        highest: highest score.
        candidates: counts of every option that must stay possible.
    """

    indicator_id: str
    lowest: int
    highest: int
    candidates: int

    @property
    def scores(self) -> range:
        """The scores, lowest first."""
        return range(self.lowest, self.highest + 1)


@dataclass(frozen=True)
class ShownMean:
    """A mean as one release shows it.

    Attributes:
        name: names the release, for the report.
        group_id: the group.
        lower: the mean is at least this.
        upper: the mean is below this, or at most this where it is the highest score.
        atoms: the responses of the group at the time.
        bases: how many answered, per atom; empty where the attacker is not taken to know it.
        smallest: at least so many answered.
        changed: responses that differ from the version before, where that is known.
        sums: sum of the scores and number of answers, per atom, where they are known; not to the
            attacker: answers that add up to them are a solution, which saves looking for a first.
    """

    name: str
    group_id: str
    lower: Fraction
    upper: Fraction
    atoms: tuple[Atom, ...]
    bases: Mapping[str, int]
    smallest: int = 0
    changed: int | None = None
    sums: Mapping[str, tuple[Fraction, int]] = field(default_factory=dict, repr=False)


def attack_mean(scale: MeanScale, versions: Sequence[ShownMean]) -> tuple[Finding, ...]:
    """Attack the mean of one group: every version alone, and every two that follow each other.

    Args:
        scale: the scores.
        versions: oldest first.

    Returns:
        The counts of options that are not safe; none in a safe release.

    Raises:
        ProtectionError: what was printed cannot be true.
    """
    found: dict[str, Finding] = {}
    for at, version in enumerate(versions):
        knowledge = Knowledge()
        _learn(scale, version, knowledge)
        _run(knowledge, found)
        if at and version.changed is not None:
            _learn(scale, versions[at - 1], knowledge)
            _learn_changes(scale, versions[at - 1], version, version.changed, knowledge)
            _run(knowledge, found)
    return tuple(found.values())


def attack_total(
    scale: MeanScale, total: ShownMean, parts: Sequence[ShownMean]
) -> tuple[Finding, ...]:
    """Attack the mean of a group of which parts have means of their own.

    A range that the parts give anyhow tells nothing and is not attacked.
    """
    if _follows(scale, total, parts):
        return ()
    knowledge, found = Knowledge(), dict[str, Finding]()
    for shown in (*parts, total):
        _learn(scale, shown, knowledge)
    _run(knowledge, found)
    return tuple(found.values())


def is_fine(lower: Fraction, upper: Fraction) -> bool:
    """Say whether a range is narrower, or stands elsewhere, than means are published."""
    return upper - lower < STEP or any((edge / STEP).denominator > 1 for edge in (lower, upper))


def _run(knowledge: Knowledge, found: dict[str, Finding]) -> None:
    for finding in attack(knowledge.cells.values(), knowledge.facts).findings:
        found.setdefault(finding.key, finding)


def _count(scale: MeanScale, shown: ShownMean, place: str, score: int) -> str:
    return f"{shown.name} {place} {scale.indicator_id} answered {score}"


def _learn(scale: MeanScale, shown: ShownMean, into: Knowledge) -> None:
    weighted: list[tuple[str, Fraction | int, Fraction]] = []
    answers: list[tuple[str, Fraction | int]] = []
    constant = Fraction(0)
    answered = 0
    given = dict.fromkeys(scale.scores, 0)
    for atom in shown.atoms:
        known = shown.bases.get(atom.atom_id)
        most = atom.responses if known is None else known
        base = f"{shown.name} {atom.atom_id} base of {scale.indicator_id}"
        each = [_count(scale, shown, atom.atom_id, score) for score in scale.scores]
        new = each[0] not in into.cells
        likely = _likely(scale, shown.sums.get(atom.atom_id))
        for key, score in zip(each, scale.scores, strict=True):
            into.add_cell(key, most, scale.candidates, likely.get(score))
            given[score] += likely.get(score, 0)
            weighted.append((key, atom.weight, Fraction(score)))
        if known is None:
            into.add_cell(base, most, 0, sum(likely.values()) if likely else None)
            answers.append((base, 1))
            weighted.append((base, atom.weight, Fraction(0)))
            if new:
                into.add([*((key, 1) for key in each), (base, -1)], low=0, high=0)
        else:
            answered += known
            constant += atom.weight * known
            if new:
                into.add([(key, 1) for key in each], low=known, high=known)
    most_of_all = answered + sum(
        atom.responses for atom in shown.atoms if atom.atom_id not in shown.bases
    )
    if answers:
        into.add(answers, low=shown.smallest - answered, source=f"{shown.group_id}: smallest base")
    for score in scale.scores:
        total = _count(scale, shown, shown.group_id, score)
        into.add_cell(total, most_of_all, scale.candidates, given[score])
        parts = [(_count(scale, shown, atom.atom_id, score), 1) for atom in shown.atoms]
        into.add([(total, -1), *parts], low=0, high=0)
    unknown = {key for key, _ in answers}
    span = f"{float(shown.lower):g} to {float(shown.upper):g}"
    source = f"{scale.indicator_id} in {shown.group_id}: {span}"

    def against(edge: Fraction) -> list[tuple[str, Fraction | int]]:
        return [
            (key, -edge * weight if key in unknown else weight * score)
            for key, weight, score in weighted
        ]

    into.add(against(shown.lower), low=shown.lower * constant, source=source)
    into.add(
        against(shown.upper),
        high=shown.upper * constant,
        below=shown.upper < scale.highest,
        source=source,
    )


def _likely(scale: MeanScale, summed: tuple[Fraction, int] | None) -> dict[int, int]:
    """Return answers per score that add up to a sum: all of them on two scores side by side."""
    if summed is None:
        return {}
    total, answered = summed
    found = dict.fromkeys(scale.scores, 0)
    if answered:
        lower = min(int(total // answered), scale.highest - 1)
        higher = int(total - lower * answered)
        found |= {lower: answered - higher, lower + 1: higher}
    return found


def _learn_changes(
    scale: MeanScale, old: ShownMean, new: ShownMean, changed: int, into: Knowledge
) -> None:
    """Add that so many responses moved from one option to another, or to and from no answer."""
    before = {atom.atom_id: atom for atom in old.atoms}
    more: list[tuple[str, Fraction | int]] = []
    fewer: list[tuple[str, Fraction | int]] = []
    for atom in new.atoms:
        earlier = before.get(atom.atom_id)
        if earlier is None:
            continue
        for score in scale.scores:
            now = _count(scale, new, atom.atom_id, score)
            then = _count(scale, old, atom.atom_id, score)
            size = max(atom.responses, earlier.responses)
            into.add_cell(f"{now} more", size, 0)
            into.add_cell(f"{now} fewer", size, 0)
            more.append((f"{now} more", 1))
            fewer.append((f"{now} fewer", 1))
            into.add(
                [(now, 1), (then, -1), (f"{now} more", -1), (f"{now} fewer", 1)], low=0, high=0
            )
    for moved in (more, fewer):
        if moved:
            into.add(moved, high=changed, source=f"{new.group_id}: {changed} responses changed")


def _follows(scale: MeanScale, total: ShownMean, parts: Sequence[ShownMean]) -> bool:
    """Say whether the range of a total holds every mean that its parts allow."""
    low = high = weight = Fraction(0)
    covered: set[str] = set()
    for part in parts:
        names = {atom.atom_id for atom in part.atoms}
        own = _weight(part)
        if names & covered or own is None:
            return False
        covered |= names
        low, high, weight = low + own * part.lower, high + own * part.upper, weight + own
    for atom in total.atoms:
        if atom.atom_id not in covered:
            known = total.bases.get(atom.atom_id)
            if known is None:
                return False
            own = atom.weight * known
            low, high, weight = low + own * scale.lowest, high + own * scale.highest, weight + own
    return total.lower * weight <= low and high <= total.upper * weight


def _weight(shown: ShownMean) -> Fraction | None:
    found = Fraction(0)
    for atom in shown.atoms:
        known = shown.bases.get(atom.atom_id)
        if known is None:
            return None
        found += atom.weight * known
    return found
