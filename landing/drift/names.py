"""Which new name may be an old thing: by its code, else by the similarity of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from landing.findings.drift import Basis

_CODE = re.compile(
    r"\s*([A-Za-z][A-Za-z0-9]*[0-9][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?:\[[^\]]*\])*)(?=$|[\s.:_-])"
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_IDENTICAL = 100.0


@dataclass(frozen=True)
class Named:
    """Something with a name and other texts that describe it, such as a label or a wording."""

    key: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """Two things that may be one."""

    new: str
    old: str
    basis: Basis
    score: float


def match_names(new: Sequence[Named], old: Sequence[Named], least: float) -> tuple[Match, ...]:
    """Return the likeliest pairs, every thing in one pair at most, equal codes first.

    Args:
        new: things without a known counterpart.
        old: things that one of them may continue.
        least: similarity from which texts suggest a pair.
    """
    found = [*_by_code(new, old), *_by_text(new, old, least)]
    found.sort(key=lambda match: (match.basis != "code", -match.score))
    taken_new: set[str] = set()
    taken_old: set[str] = set()
    pairs = []
    for match in found:
        if match.new not in taken_new and match.old not in taken_old:
            taken_new.add(match.new)
            taken_old.add(match.old)
            pairs.append(match)
    return tuple(pairs)


def similarity(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how alike the most alike texts of two things are, from 0 to 100."""
    others = _comparable(other)
    return max(
        (_alike(a, b) for a in _comparable(one) for b in others),
        default=0.0,
    )


def code_of(name: str) -> str | None:
    """Return the question code that a column name starts with, in a form that compares."""
    match = _CODE.match(name)
    return _NOT_ALPHANUMERIC.sub("", match.group(1)).casefold() if match else None


def _by_code(new: Sequence[Named], old: Sequence[Named]) -> list[Match]:
    codes: dict[str, list[str]] = {}
    for thing in old:
        codes.setdefault(_spelling(thing.key), []).append(thing.key)
        code = code_of(thing.key)
        if code is not None and code != _spelling(thing.key):
            codes.setdefault(code, []).append(thing.key)
    found = []
    for thing in new:
        for code in dict.fromkeys((_spelling(thing.key), code_of(thing.key))):
            candidates = codes.get(code or "", [])
            # A code that several columns share says nothing about which of them it is.
            if code and len(candidates) == 1:
                found.append(Match(thing.key, candidates[0], "code", _IDENTICAL))
    return found


def _by_text(new: Sequence[Named], old: Sequence[Named], least: float) -> list[Match]:
    ours = [(thing.key, text) for thing in new for text in _comparable(thing.texts)]
    theirs = [(thing.key, text) for thing in old for text in _comparable(thing.texts)]
    texts = [text for _, text in theirs]
    found = []
    for key, text in ours:
        for _, score, place in process.extract(
            text, texts, scorer=_alike, score_cutoff=least, limit=5
        ):
            found.append(Match(key, theirs[place][0], "text", round(score, 1)))
    return found


def _alike(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    return max(
        fuzz.ratio(one, other, score_cutoff=score_cutoff),
        fuzz.token_sort_ratio(one, other, score_cutoff=score_cutoff),
    )


def _comparable(texts: Iterable[str]) -> list[str]:
    """Return texts that carry meaning: one code resembles every other code."""
    processed = (utils.default_process(text) for text in texts if not _is_code(text))
    return list(dict.fromkeys(text for text in processed if len(text) > 2))


def _is_code(text: str) -> bool:
    match = _CODE.fullmatch(text.strip())
    return match is not None and " " not in text.strip()


def _spelling(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", name).casefold()
