"""A frame against the frame of the wave before: which organisations came, went and moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from landing.checks.subject import and_more, shown
from landing.drift.population import Member, Population
from landing.findings.drift import FrameDrift, GroupSize, KeyChange
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.frames.names import SHOWN, NameIndex, Organisation, digits_of, fold_name
from registry import Registry

_SHOWN = 8
# Where more are gone than this, keys were given anew; names are not compared one by one then.
_MOST_HINTS = 200
_CANDIDATES = 30


def frame_drift(rules: Rules, now: Population, before: Population | None) -> FrameDrift:
    """Return what came, went and grew; without an earlier frame only the sizes of today."""
    return FrameDrift(
        organisations_before=None if before is None else len(before.members),
        organisations_now=len(now.members),
        keys=() if before is None else tuple(_key_changes(rules, now, before)),
        groups=tuple(_group_sizes(now, before)),
    )


def frame_drift_findings(rules: Rules, now: Population, drift: FrameDrift) -> list[Finding]:
    """Judge the changes by the thresholds of the registry."""
    findings = _unclassified(rules, now)
    if drift.organisations_before is None:
        return findings
    return [
        *findings,
        *_size(rules, drift, drift.organisations_before),
        *_keys(rules, drift, drift.organisations_before),
        *_groups(rules, now, drift),
    ]


def _key_changes(rules: Rules, now: Population, before: Population) -> list[KeyChange]:
    new = {key: member for key, member in now.members.items() if key not in before.members}
    gone = [member for key, member in before.members.items() if key not in now.members]
    successors: dict[str, list[str]] = {}
    for row in rules.registry.organisation_succession:
        successors.setdefault(row.organisation_key, []).append(row.successor_key)
    keys_of_name: dict[str, list[str]] = {}
    for key, member in new.items():
        keys_of_name.setdefault(fold_name(member.name), []).append(key)
    unexplained = [m for m in gone if m.key not in successors and m.name]
    alike = _alike(rules, now, new) if 0 < len(unexplained) <= _MOST_HINTS else lambda _: ()
    changes = []
    for member in gone:
        same = keys_of_name.get(fold_name(member.name), []) if member.name else []
        if member.key in successors:
            found = KeyChange("succeeded", member.key, member.name, tuple(successors[member.key]))
        elif len(same) == 1:
            found = KeyChange("rekeyed", member.key, member.name, tuple(same))
        elif hints := alike(member):
            found = KeyChange("merged", member.key, member.name, hints)
        else:
            found = KeyChange("gone", member.key, member.name)
        changes.append(found)
    return changes + [KeyChange("new", key, member.name) for key, member in new.items()]


def _alike(
    rules: Rules, now: Population, new: Collection[str]
) -> Callable[[Member], tuple[str, ...]]:
    index = NameIndex(Organisation(member.key, member.name) for member in now.members.values())
    least = rules.value("frame_merged")

    def candidates(member: Member) -> tuple[str, ...]:
        found = index.suggest(member.name, _CANDIDATES).candidates if member.name else ()
        # Region 1 and region 2 are alike but for what tells them apart.
        own = digits_of(member.name)
        alike = [one.key for one in found if one.score >= least and digits_of(one.name) == own]
        # A merger more often makes a new organisation than it enlarges an old one.
        alike.sort(key=lambda key: key not in new)
        return tuple(alike[:SHOWN])

    return candidates


def _group_sizes(now: Population, before: Population | None) -> list[GroupSize]:
    counts = now.group_counts
    counts_before = before.group_counts if before is not None else {}
    return [
        GroupSize(
            group.classification_id,
            group.group_id,
            group.label_en,
            before=counts_before.get((group.classification_id, group.group_id), 0),
            now=counts[group.classification_id, group.group_id],
        )
        for group in now.subject.registry.organisation_groups
        if (group.classification_id, group.group_id) in counts.keys() | counts_before.keys()
    ]


def _unclassified(rules: Rules, now: Population) -> list[Finding]:
    findings = []
    filled = {rule.classification_id for rule in rules.registry.organisation_membership}
    for classification in rules.registry.classifications:
        name = classification.classification_id
        if not classification.is_exhaustive or name not in filled or not now.members:
            continue
        missing = now.without_group(name)
        share = len(missing) / len(now.members)
        if share > rules.value("frame_unclassified"):
            findings.append(
                rules.finding(
                    "frame_unclassified",
                    f"{len(missing):,} organisation(s) are in no group of '{name}', which should "
                    "hold all of them.",
                    where=_listed([now.members[key] for key in missing]),
                    expected="a rule of membership for every organisation",
                    remedy="Look for a new or misspelled type in the frame, and add a rule to "
                    "organisation_membership.csv.",
                    measured=share,
                )
            )
    return findings


def _size(rules: Rules, drift: FrameDrift, before: int) -> list[Finding]:
    change = (drift.organisations_now - before) / max(before, 1)
    if abs(change) <= rules.value("frame_size_change"):
        return []
    return [
        rules.finding(
            "frame_size_change",
            f"The frame holds {drift.organisations_now:,} organisations, {change:+.0%} against the "
            f"{before:,} of the previous one.",
            where="rows that have not ended",
            expected=f"a difference of at most {rules.value('frame_size_change'):.0%}",
            remedy="Check whether the frame is complete, and of the population of this wave.",
            measured=abs(change),
        )
    ]


def _keys(rules: Rules, drift: FrameDrift, before: int) -> list[Finding]:
    of = {
        kind: [change for change in drift.keys if change.change == kind]
        for kind in ("new", "gone", "succeeded", "rekeyed", "merged")
    }
    findings = []
    if of["new"]:
        share = len(of["new"]) / max(drift.organisations_now, 1)
        findings.append(
            Finding(
                rules.graded("frame_key_new", share),
                "frame_key_new",
                f"{len(of['new']):,} organisation(s) ({share:.0%}) have a key that the previous "
                "frame did not have.",
                where=_listed(of["new"]),
                remedy="Check that keys mean the same as before: a number, a code, with or "
                "without zeros in front.",
            )
        )
    unexplained = [*of["gone"], *of["rekeyed"], *of["merged"]]
    if unexplained:
        share = len(unexplained) / max(before, 1)
        findings.append(
            Finding(
                rules.graded("frame_key_gone", share),
                "frame_key_gone",
                f"{len(unexplained):,} organisation(s) of the previous frame ({share:.0%}) are not "
                "in this one, and the registry does not say what became of them.",
                where=_listed(unexplained),
                expected="a row in organisation_succession.csv where another continues them",
                remedy="Check whether they ended, merged, or were left out by mistake.",
            )
        )
    hints = [*of["rekeyed"], *of["merged"]]
    if hints:
        findings.append(
            rules.finding(
                "frame_merged",
                f"{len(hints):,} of the organisations that are gone may live on in another.",
                where=and_more([_hint(change) for change in hints], _SHOWN),
                remedy="Where that is so, add a row to organisation_succession.csv; nothing is "
                "matched without it.",
            )
        )
    if of["succeeded"]:
        findings.append(
            rules.finding(
                "frame_key_gone",
                f"{len(of['succeeded']):,} organisation(s) of the previous frame were continued by "
                "others, as the registry says.",
                where=_listed(of["succeeded"]),
                only_inform=True,
                code="frame_key_succeeded",
            )
        )
    return findings


def _groups(rules: Rules, now: Population, drift: FrameDrift) -> list[Finding]:
    findings = []
    for group in drift.groups:
        where = f"{group.classification_id} / {group.group_id}"
        if not group.now:
            reached = group.before >= rules.value("frame_group_gone")
            if reached and _is_filled(rules.registry, now, group):
                findings.append(
                    rules.finding(
                        "frame_group_gone",
                        f"No organisation is in the group '{group.label}', which held "
                        f"{group.before:,} in the previous frame.",
                        where=where,
                        expected="organisations in every group that organisation_membership.csv "
                        "fills",
                        remedy="Check whether a type has another name in this frame; if the group "
                        "ended, fill valid_to of its rules.",
                        measured=group.before,
                    )
                )
            continue
        if max(group.before, group.now) < rules.value("frame_group_minimum") or not group.before:
            continue
        change = (group.now - group.before) / group.before
        if abs(change) > rules.value("frame_group_change"):
            findings.append(
                rules.finding(
                    "frame_group_change",
                    f"The group '{group.label}' has {group.now:,} organisations, {change:+.0%} "
                    f"against the {group.before:,} of the previous frame.",
                    where=where,
                    expected=f"a difference of at most {rules.value('frame_group_change'):.0%}",
                    remedy="Check types and sizes in the frame, and the rules of "
                    "organisation_membership.csv.",
                    measured=abs(change),
                )
            )
    return findings


def _is_filled(registry: Registry, now: Population, group: GroupSize) -> bool:
    """Tell whether a rule of this wave can put an organisation in a group, or in one within it."""
    parents = {
        g.group_id: g.parent_group_id
        for g in registry.organisation_groups
        if g.classification_id == group.classification_id
    }
    day = now.subject.wave.reference_end
    for rule in registry.organisation_membership:
        is_over = rule.valid_to is not None and rule.valid_to < day
        if rule.classification_id != group.classification_id or is_over:
            continue
        leaf: str | None = rule.group_id
        while leaf is not None:
            if leaf == group.group_id:
                return True
            leaf = parents.get(leaf)
    return False


def _listed(those: Sequence[KeyChange] | Sequence[Member]) -> str:
    return and_more([f"{shown(one.key)} {one.name}".strip() for one in those], _SHOWN)


def _hint(change: KeyChange) -> str:
    others = " or ".join(shown(key) for key in change.successors)
    how = "has its name" if change.change == "rekeyed" else "has a name like it"
    return f"{shown(change.key)} {change.name}: {others} {how}"
