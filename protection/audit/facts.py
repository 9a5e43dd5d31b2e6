"""What the rows of a release tell about the counts behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from protection.attack.model import Cell, Fact
from protection.edition.cells import Count, CountKey
from protection.edition.edition import PublicShare
from protection.ranges.rules import Atom, IndicatorRule, Plan, rule_for

BaseOf = Callable[[Atom, str], int | None]
"""Answers to a question in an atom where the attacker is taken to know them, else None."""


@dataclass
class Knowledge:
    """Cells and facts gathered for one attack."""

    cells: dict[str, Cell] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def add_cell(self, key: str, upper: int, need: int, likely: int | None = None) -> None:
        """Add a count from 0 to `upper`, once."""
        self.cells.setdefault(key, Cell(key, 0, upper, need, likely))

    def add(
        self,
        terms: Iterable[tuple[str, Fraction | int]],
        *,
        low: Fraction | int | None = None,
        high: Fraction | int | None = None,
        below: bool = False,
        source: str = "",
    ) -> None:
        """Add a fact about cells that were added."""
        self.facts.append(Fact(tuple(terms), low, high, below, source))


@dataclass(frozen=True)
class Scene:
    """Responses of one wave as one release shows them.

    Attributes:
        name: names the wave and the version of it.
        atoms: the responses.
        rows: what is published, per indicator and group.
        plan: the rules.
        base_of: the bases the attacker knows.
        counts: what was counted, as one solution that saves looking for a first; the attacker
            learns nothing from it.
    """

    name: str
    atoms: tuple[Atom, ...]
    rows: Mapping[tuple[str, str], PublicShare]
    plan: Plan
    base_of: BaseOf
    counts: Mapping[CountKey, Count] = field(default_factory=dict, repr=False)

    def count(self, atom: Atom, indicator_id: str) -> str:
        """Return the key of a count of an atom."""
        return f"{self.name} {atom.atom_id} {indicator_id}"

    def group_count(self, group_id: str, indicator_id: str) -> str:
        """Return the key of a count of a group."""
        return f"{self.name} {group_id} {indicator_id}"

    def base(self, atom: Atom, question_id: str) -> str:
        """Return the key of a base of an atom."""
        return f"{self.name} {atom.atom_id} base of {question_id}"

    def counted(self, atoms: Iterable[Atom], indicator_id: str) -> Count | None:
        """Return what was counted of an indicator in some atoms together, where that is known."""
        found = [self.counts.get((atom.wave, atom.atom_id, indicator_id)) for atom in atoms]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        return Count(sum(each.counted for each in known), sum(each.answered for each in known))

    def groups(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the groups for which one of the indicators has a range."""
        return tuple(
            dict.fromkeys(
                group
                for name in names
                for (indicator, group), row in self.rows.items()
                if indicator == name and row.band_lower is not None
            )
        )

    def members(self, group_id: str) -> tuple[Atom, ...]:
        """Return the atoms of a group."""
        return tuple(atom for atom in self.atoms if group_id in atom.groups and atom.responses)


def learn_question(
    scene: Scene, names: tuple[str, ...], into: Knowledge, *, protect: bool = True
) -> None:
    """Add what the rows tell about one indicator, or the members of one set.

    Args:
        scene: what is public.
        names: the indicator, or the members of its set.
        into: where cells and facts go.
        protect: the counts are what the attack is about, not only in the way of others.
    """
    rule = rule_for(scene.plan, names[0])
    groups = scene.groups(names)
    atoms = tuple({atom.atom_id: atom for g in groups for atom in scene.members(g)}.values())
    for atom in atoms:
        _learn_atom(scene, atom, names, rule, into, protect=protect)
    for group_id in groups:
        _learn_group(scene, group_id, names, rule, into, protect=protect)


def _learn_atom(
    scene: Scene,
    atom: Atom,
    names: tuple[str, ...],
    rule: IndicatorRule,
    into: Knowledge,
    *,
    protect: bool,
) -> None:
    known = scene.base_of(atom, rule.question_id)
    base = scene.base(atom, rule.question_id)
    need = rule.candidates if protect else 0
    if known is None:
        counted = scene.counted([atom], names[0])
        into.add_cell(base, atom.responses, 0, counted.answered if counted else None)
    for name in names:
        key = scene.count(atom, name)
        counted = scene.counted([atom], name)
        most = atom.responses if known is None else known
        into.add_cell(key, most, need, counted.counted if counted else None)
        if known is None:
            into.add([(key, 1), (base, -1)], high=0)
    linked = scene.plan.set_of(names[0])
    if linked is None:
        return
    whole: list[tuple[str, Fraction | int]] = [] if known is not None else [(base, -1)]
    if linked.union_id:
        whole = [(scene.count(atom, linked.union_id), -1)]
    constant = (known or 0) if not linked.union_id else 0
    parts: list[tuple[str, Fraction | int]] = [
        (scene.count(atom, part), 1) for part in linked.parts
    ]
    exclusive = linked.kind == "exclusive"
    into.add([*parts, *whole], low=constant, high=constant if exclusive else None)
    if linked.union_id:
        for part in parts:
            into.add([part, *whole], high=0)


def _learn_group(
    scene: Scene,
    group_id: str,
    names: tuple[str, ...],
    rule: IndicatorRule,
    into: Knowledge,
    *,
    protect: bool,
) -> None:
    atoms = scene.members(group_id)
    if not atoms:
        return
    responses = sum(atom.responses for atom in atoms)
    unknown = [atom for atom in atoms if scene.base_of(atom, rule.question_id) is None]
    known = {
        atom.atom_id: scene.base_of(atom, rule.question_id) or 0
        for atom in atoms
        if atom not in unknown
    }
    smallest = max(
        (
            row.smallest_base or 0
            for name in names
            if (row := scene.rows.get((name, group_id))) is not None
        ),
        default=0,
    )
    if unknown:
        into.add(
            [(scene.base(atom, rule.question_id), 1) for atom in unknown],
            low=smallest - sum(known.values()),
            source=f"{group_id}: smallest base",
        )
    for name in names:
        row = scene.rows.get((name, group_id))
        if row is None or row.band_lower is None or row.band_upper is None:
            continue
        counted = scene.counted(atoms, name)
        into.add_cell(
            scene.group_count(group_id, name),
            responses,
            rule.candidates if protect else 0,
            counted.counted if counted else None,
        )
        into.add(
            [
                (scene.group_count(group_id, name), -1),
                *((scene.count(atom, name), 1) for atom in atoms),
            ],
            low=0,
            high=0,
        )
        for edge, is_lower in ((row.band_lower, True), (row.band_upper, False)):
            if edge in (0, 100):
                continue
            terms: list[tuple[str, Fraction | int]] = [
                (scene.count(atom, name), 100 * atom.weight) for atom in atoms
            ]
            terms += [(scene.base(atom, rule.question_id), -edge * atom.weight) for atom in unknown]
            limit = sum(
                (edge * atom.weight * known[atom.atom_id] for atom in atoms if atom not in unknown),
                Fraction(0),
            )
            source = f"{name} in {group_id}: {row.band_lower} to {row.band_upper} %"
            if is_lower:
                into.add(terms, low=limit, source=source)
            else:
                into.add(terms, high=limit, below=True, source=source)


def learn_routing(scene: Scene, filter_id: str, names: tuple[str, ...], into: Knowledge) -> None:
    """Add that a question was answered only by those whom its filter counts or leaves out."""
    question_id = rule_for(scene.plan, names[0]).question_id
    for atom in scene.atoms:
        base, passed = scene.base(atom, question_id), scene.count(atom, filter_id)
        if base in into.cells and passed in into.cells:
            into.add([(base, 1), (passed, -1)], high=left_out(scene, atom, filter_id))


def left_out(scene: Scene, atom: Atom, filter_id: str) -> int:
    """Return how many of an atom are not in the base of a filter, and may have been asked.

    0 where that is not known: fewer values are then found than there are.
    """
    known = scene.base_of(atom, rule_for(scene.plan, filter_id).question_id)
    return 0 if known is None else atom.responses - known


def learn_changes(
    old: Scene,
    new: Scene,
    names: Iterable[str],
    changed: Mapping[str, int],
    into: Knowledge,
) -> None:
    """Add that at most so many responses of a group changed between two versions of a wave.

    Args:
        old: the earlier version.
        new: the later one.
        names: indicators of which both are known.
        changed: responses that changed, per group; the attacker is taken to know the number.
        into: where cells and facts go.
    """
    before = {atom.atom_id: atom for atom in old.atoms}
    for name in names:
        moved: dict[str, list[str]] = {group_id: [] for group_id in changed}
        for atom in new.atoms:
            earlier = before.get(atom.atom_id)
            if earlier is None:
                continue
            keys = old.count(earlier, name), new.count(atom, name)
            if any(key not in into.cells for key in keys):
                continue
            more, fewer = f"{keys[1]} more", f"{keys[1]} fewer"
            size = max(atom.responses, earlier.responses)
            into.add_cell(more, size, 0)
            into.add_cell(fewer, size, 0)
            into.add([(keys[1], 1), (keys[0], -1), (more, -1), (fewer, 1)], low=0, high=0)
            for group_id in changed:
                if group_id in atom.groups or group_id in earlier.groups:
                    moved[group_id] += [more, fewer]
        for group_id, keys_moved in moved.items():
            if keys_moved:
                into.add(
                    [(key, 1) for key in keys_moved],
                    high=changed[group_id],
                    source=f"{group_id}: {changed[group_id]} responses changed",
                )
