"""The audit of a release: the attacker over all its rows, and over all earlier ones together.

The attacker is taken to know more than he is told: how many answered each question. Only where
that would itself be what he is after (who passed a filter) he must find it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

from protection.attack.search import Finding, attack
from protection.audit.facts import Knowledge, Scene, learn_changes, learn_question
from protection.audit.filter import filter_knowledge
from protection.audit.printed import Printed, learn_printed
from protection.audit.versions import Released, Version, versions
from protection.edition.cells import Count, CountKey
from protection.errors import ProtectionError, UnsafeReleaseError
from protection.ranges.rules import Atom, Plan


@dataclass(frozen=True)
class AuditReport:
    """What the audit found.

    Attributes:
        findings: counts with too few values; none in a safe release.
        n_counts: counts attacked.
        n_attacks: systems tried.
    """

    findings: tuple[Finding, ...]
    n_counts: int
    n_attacks: int

    @property
    def is_safe(self) -> bool:
        """Say whether every count is safe."""
        return not self.findings

    def require_safe(self) -> None:
        """Stop a publication that would give a count away.

        Raises:
            UnsafeReleaseError: names the counts and what gives them away.
        """
        if self.findings:
            lines = [f"  - {finding.reason}" for finding in self.findings[:20]]
            more = len(self.findings) - len(lines)
            raise UnsafeReleaseError(
                "\n".join(
                    ["The release gives counts away:", *lines]
                    + ([f"  and {more} more"] if more > 0 else [])
                ),
                where="; ".join(self.findings[0].sources[:6]),
                expected="at least three possible values of every count, four of sensitive ones",
                remedy="Find the figure named above and take it out; nothing was published.",
            )


def audit(
    releases: Sequence[Released],
    plan: Plan,
    changed: Mapping[tuple[str, str, str], int] | None = None,
    *,
    counts: Mapping[CountKey, Count] | None = None,
    workers: int = 1,
) -> AuditReport:
    """Play the attacker over releases that are public together.

    Args:
        releases: oldest first; the last is the one to be published.
        plan: the rules, which are public too.
        changed: per release, wave and group how many responses differ from the version before;
            the attacker is taken to know it. Where it is missing versions are not linked.
        counts: what was counted, in any of the releases. Not what the attacker knows: one solution,
            checked like every other, that saves looking for a first.
        workers: processes; with more than one, figures in `printed` must be made by functions that
            a process can be given.

    Returns:
        A report; `require_safe` stops the publication.

    Raises:
        ProtectionError: what was published contradicts itself or the constants.
    """
    chains = versions(releases)
    task = partial(_attack_chain, plan=plan, changed=changed or {}, counts=counts or {})
    if workers > 1 and len(chains) > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            reports = list(pool.map(task, chains))
    else:
        reports = [task(chain) for chain in chains]
    return AuditReport(
        tuple(finding for report in reports for finding in report.findings),
        sum(report.n_counts for report in reports),
        sum(report.n_attacks for report in reports),
    )


def _attack_chain(
    chain: Sequence[Version],
    plan: Plan,
    changed: Mapping[tuple[str, str, str], int],
    counts: Mapping[CountKey, Count],
) -> AuditReport:
    """Attack the versions of one part of a wave."""
    tally = _Tally()
    scenes = [_scene(version, plan, counts) for version in chain]
    for scene, version in zip(scenes, chain, strict=True):
        for names in _questions(scene, plan):
            knowledge = _question(scene, names, version.printed)
            if not tally.run(knowledge) and _overlaps(scene, names):
                tally.again(_question(_answered(scene), names, version.printed))
        for filter_id in dict.fromkeys(rule.filter_id for rule in plan.indicators):
            if filter_id is not None:
                tally.run(filter_knowledge(scene, filter_id, _questions(scene, plan)))
    for old, new, version in zip(scenes, scenes[1:], chain[1:], strict=False):
        known = _changed(changed, version)
        if known:
            for names in _questions(new, plan):
                tally.run(_revision(old, new, names, known))
    return tally.report()


class _Tally:
    def __init__(self) -> None:
        self._findings: dict[str, Finding] = {}
        self._counts: set[str] = set()
        self._attacks = 0

    def run(self, knowledge: Knowledge | None) -> bool:
        """Attack what is known, keep what was found, and say whether nothing was."""
        if knowledge is None or not knowledge.cells:
            return True
        report = attack(knowledge.cells.values(), knowledge.facts)
        self._attacks += 1
        self._counts.update(key for key, cell in knowledge.cells.items() if cell.need)
        for finding in report.findings:
            self._findings.setdefault(finding.key, finding)
        return not report.findings

    def again(self, knowledge: Knowledge) -> None:
        """Take back findings about counts that another attack, as well founded, calls safe."""
        try:
            report = attack(knowledge.cells.values(), knowledge.facts)
        except ProtectionError:
            return
        self._attacks += 1
        for key, found in report.ranges.items():
            if found.is_safe:
                self._findings.pop(key, None)

    def report(self) -> AuditReport:
        return AuditReport(tuple(self._findings.values()), len(self._counts), self._attacks)


def _scene(version: Version, plan: Plan, counts: Mapping[CountKey, Count]) -> Scene:
    bases = version.bases

    def base_of(atom: Atom, question_id: str) -> int | None:
        if bases is not None:
            return bases.get((atom.wave, atom.atom_id, question_id), 0)
        return None if question_id in filtered else atom.responses

    filtered = {rule.question_id for rule in plan.indicators if rule.filter_id}
    return Scene(version.name, version.atoms, version.rows, plan, base_of, counts)


def _answered(scene: Scene) -> Scene:
    """Return the scene for an attacker who takes it that everybody answered.

    Groups that overlap are safe against him. He may be wrong, but nothing published says so, and
    whoever does not know the bases can exclude nothing that he finds possible.
    """
    return replace(scene, base_of=lambda atom, question_id: atom.responses)


def _overlaps(scene: Scene, names: tuple[str, ...]) -> bool:
    groups = scene.groups(names)
    members = [atom.atom_id for group in groups for atom in scene.members(group)]
    filtered = any(scene.plan.indicator(name).filter_id for name in names)
    return len(members) > len(set(members)) and not filtered


def _questions(scene: Scene, plan: Plan) -> Iterable[tuple[str, ...]]:
    done: set[str] = set()
    published = {indicator for indicator, _ in scene.rows}
    for rule in plan.indicators:
        linked = plan.set_of(rule.indicator_id)
        names = linked.members if linked else (rule.indicator_id,)
        if names[0] not in done and published.intersection(names):
            done.add(names[0])
            yield names


def _question(scene: Scene, names: tuple[str, ...], printed: Iterable[Printed]) -> Knowledge:
    knowledge = Knowledge()
    learn_question(scene, names, knowledge)
    for figure in printed:
        if figure.indicator_id in names:
            learn_printed(scene, figure, knowledge)
    return knowledge


def _revision(
    old: Scene, new: Scene, names: tuple[str, ...], changed: Mapping[str, int]
) -> Knowledge:
    knowledge = Knowledge()
    learn_question(old, names, knowledge)
    learn_question(new, names, knowledge)
    learn_changes(old, new, names, changed, knowledge)
    return knowledge


def _changed(changed: Mapping[tuple[str, str, str], int], version: Version) -> dict[str, int]:
    found = {}
    for (release_id, wave, group_id), number in changed.items():
        if release_id == version.release_id and wave == version.wave:
            found[group_id] = number
    return found
