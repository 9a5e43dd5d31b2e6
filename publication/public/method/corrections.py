"""How many responses changed since a release, and whether that is enough to say something new."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from itertools import product

import numpy as np

from protection.ranges.rules import Constants
from publication.public.amounts.tables import amount_texts
from publication.public.method.counts import Counted

Tags = Mapping[str, tuple[str, ...]]
"""Per atom a short keyed fingerprint of every response, in the order of the fingerprints."""

Numbers = Mapping[str, int]
"""Responses per group."""


def fingerprints(counted: Counted, key: bytes) -> dict[str, tuple[str, ...]]:
    """Return a fingerprint of 16 bits per response, and per amount.

    Enough to count changes, not to know anybody.

    Two different responses share one in 65,536 times; a change is then not seen, and figures are
    held rather than given away.
    """
    return {
        atom: tuple(
            sorted(hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:4] for text in texts)
        )
        for atom, texts in (*counted.answers.items(), *amount_texts(counted.amounts).items())
    }


def changed_responses(
    known: Constants, stood: Tags, constants: Constants, tags: Tags
) -> dict[str, int]:
    """Return how many responses of each group are new, gone, moved or answered otherwise.

    Args:
        known: constants of the release before.
        stood: fingerprints behind it.
        constants: as they are now.
        tags: likewise.
    """
    before, after = _by_group(known, stood), _by_group(constants, tags)
    numbers = _sizes(known)
    changed = {}
    for group in sorted({*before, *after}):
        old, new = before.get(group, Counter()), after.get(group, Counter())
        # A respondent who was forgotten has no fingerprint any more and counts as gone.
        forgotten = max(0, numbers.get(group, 0) - old.total())
        changed[group] = max((old - new).total() + forgotten, (new - old).total())
    return changed


def _by_group(constants: Constants, tags: Tags) -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = {}
    for atom in constants.atoms:
        for group in atom.groups:
            own = found.setdefault(group, Counter())
            own.update((atom.atom_id, tag) for tag in tags.get(atom.atom_id, ()))
    return found


def _sizes(constants: Constants) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for atom in constants.atoms:
        for group in atom.groups:
            sizes[group] += atom.responses
    return dict(sizes)


ENOUGH = 3
"""Responses that must have changed together before rounded figures change."""


def may_round_again(known: Constants, stood: Tags, constants: Constants, tags: Tags) -> bool:
    """Say whether no difference of two releases is about one or two responses.

    A group, and what is left of it by being in or outside two others, either stays as it was or has
    enough responses that changed.
    """
    changes = _per_atom(known, stood, constants, tags)
    groups = sorted({group for groups, *_ in changes for group in groups})
    inside = np.array([[group in own for group in groups] for own, *_ in changes], dtype=np.int64)
    numbers = np.array([[gone, came] for _, gone, came in changes], dtype=np.int64)
    for one, other in product((inside, 1 - inside), repeat=2):
        for at in range(len(groups)):
            part = (inside * one[:, [at]]).T
            changed = np.maximum(*(part @ (other * number[:, None]) for number in numbers.T))
            if ((changed > 0) & (changed < ENOUGH)).any():
                return False
    return bool(changes)


def _per_atom(
    known: Constants, stood: Tags, constants: Constants, tags: Tags
) -> list[tuple[frozenset[str], int, int]]:
    """Return the groups of each atom that changed, and how many responses it lost and gained."""
    before = {atom.atom_id: atom for atom in known.atoms}
    after = {atom.atom_id: atom for atom in constants.atoms}
    found = []
    for name in sorted({*before, *after}):
        old, new = (Counter(each.get(name, ())) for each in (stood, tags))
        first, last = before.get(name), after.get(name)
        groups = last.groups if last is not None else before[name].groups
        forgotten = max(0, (first.responses if first else 0) - old.total())
        gone, came = (old - new).total() + forgotten, (new - old).total()
        if first is not None and last is not None and first != last and not (gone or came):
            # The same answers with other weights: a sum over all of them that is new.
            gone = came = first.responses
        if gone or came:
            found.append((groups, gone, came))
    return found
