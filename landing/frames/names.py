"""Which organisations of a frame have a name like the one that was delivered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

Verdict = Literal["clear", "unsure", "none"]

# Below this two Dutch names of organisations have little more in common than their kind.
MINIMUM_SCORE = 70.0
# A candidate is clear when it is this much like the name, and this much more so than the next.
CLEAR_SCORE = 88.0
CLEAR_MARGIN = 5.0
SHOWN = 3

# Names with one of these left out or added may be the same, and may be those of a municipality
# and a province: such a candidate is never clear.
_KINDS = frozenset(
    (
        *("gemeente", "provincie", "ministerie", "waterschap", "hoogheemraadschap", "agentschap"),
        *("dienst", "stichting", "directie", "afdeling", "nederlandse", "nederland"),
        *("van", "de", "het", "der", "den", "en", "voor", "te"),
    )
)
_DIGITS = re.compile(r"[0-9]+")
_PART_OF_NAME = 0.85
_WITHOUT_KINDS = 0.87


@dataclass(frozen=True)
class Organisation:
    """An organisation of the frame."""

    key: str
    name: str


@dataclass(frozen=True)
class Candidate:
    """An organisation that may be meant, with how much its name is alike, from 0 to 100."""

    key: str
    name: str
    score: float


@dataclass(frozen=True)
class Suggestion:
    """The candidates for one delivered name, best first.

    Attributes:
        verdict: `clear` when one candidate stands out, `unsure` when a person must look closely,
            `none` when nothing is alike. Never a decision.
    """

    name: str
    candidates: tuple[Candidate, ...]
    verdict: Verdict

    @property
    def best(self) -> Candidate | None:
        """The candidate that is most alike."""
        return self.candidates[0] if self.candidates else None

    @property
    def second_score(self) -> float | None:
        """How much the next candidate is alike."""
        return self.candidates[1].score if len(self.candidates) > 1 else None


@dataclass(frozen=True)
class _Folded:
    organisation: Organisation
    full: str
    sorted_words: str
    core: str


class NameIndex:
    """The names of a frame, folded once."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._names = tuple(
            _Folded(organisation, full, _sorted(full), _core(full))
            for organisation in organisations
            if (full := fold_name(organisation.name))
        )

    def suggest(self, name: str, limit: int = SHOWN) -> Suggestion:
        """Return the organisations whose names are most like a delivered one."""
        full = fold_name(name)
        if not full:
            return Suggestion(name, (), "none")
        words, core = _sorted(full), _core(full)
        scored = [(_score(full, words, core, other), other.organisation) for other in self._names]
        scored = [pair for pair in scored if pair[0] >= MINIMUM_SCORE]
        scored.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].key))
        candidates = tuple(
            Candidate(organisation.key, organisation.name, round(score, 1))
            for score, organisation in scored[: max(limit, 2)]
        )
        return Suggestion(name, candidates[:limit], _verdict(full, candidates))


def fold_name(name: str) -> str:
    """Return a name without accents, case, punctuation and double spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " en "))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", letters).strip()


def digits_of(name: str) -> list[str]:
    """Return the numbers in a name: where they differ, two names are of two organisations."""
    return _DIGITS.findall(fold_name(name))


def _sorted(full: str) -> str:
    return " ".join(sorted(full.split()))


def _core(full: str) -> str:
    return " ".join(word for word in full.split() if word not in _KINDS)


def _score(full: str, words: str, core: str, other: _Folded) -> float:
    alike = max(fuzz.ratio(full, other.full), fuzz.ratio(words, other.sorted_words))
    if core and other.core:
        alike = max(alike, _WITHOUT_KINDS * fuzz.ratio(core, other.core))
    return max(alike, _PART_OF_NAME * fuzz.token_set_ratio(full, other.full))


def _verdict(full: str, candidates: Sequence[Candidate]) -> Verdict:
    if not candidates:
        return "none"
    # One digit makes another organisation: region 1 and region 2, VO-28-08 and VO-28-09.
    if _DIGITS.findall(full) != digits_of(candidates[0].name):
        return "unsure"
    best = candidates[0].score
    second = candidates[1].score if len(candidates) > 1 else 0.0
    stands_out = best - second >= CLEAR_MARGIN or best == 100 > second
    return "clear" if best >= CLEAR_SCORE and stands_out else "unsure"
