"""Organisation keys against the frame: does it know them, and does the name beside them agree?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from landing.checks.subject import ColumnUse, Subject, and_more, shown
from landing.findings.finding import Finding, Severity
from landing.findings.limits import Rules
from landing.frames.names import CLEAR_SCORE, digits_of, fold_name
from landing.known.facts import fact_findings
from landing.known.rows import APOSTROPHES, SLIPPED, KeyedRow, bare_key, keyed_rows
from landing.known.wave_frame import WaveFrame

# Keys of which at least this share is found once they are mended are spoilt in that way.
_MOSTLY = 0.5
_SHOWN_ROWS = 5


def key_findings(rules: Rules, subject: Subject, frame: WaveFrame | None) -> list[Finding]:
    """Report keys that the frame of the wave does not know, and keys in the wrong rows.

    Args:
        rules: the thresholds of the survey.
        subject: the export.
        frame: the frame of its wave; None where there is none yet.
    """
    use = subject.first_use("organisation_key")
    if use is None:
        return []
    if frame is None:
        return [_unheld("no frame of the wave has been landed", "Land the frame of the wave too.")]
    if _is_treated(use) or any(map(_has_treated_key, frame.subjects)):
        return [_unheld("its keys or those of the frame are pseudonyms", "")]
    rows = keyed_rows(subject, use)
    if not rows:
        return []
    return [
        *_unknown(rules, subject, use, rows, frame),
        *_contradicted(rules, subject, use, rows, frame),
    ]


def _unheld(why: str, remedy: str) -> Finding:
    return Finding(
        "information",
        "organisation_key_unheld",
        f"The organisation keys of the file were held against nothing: {why}.",
        remedy=remedy,
    )


def _is_treated(use: ColumnUse) -> bool:
    return use.mapping.treatment is not None


def _has_treated_key(frame: Subject) -> bool:
    use = frame.first_use("organisation_key")
    return use is not None and _is_treated(use)


def _graded(rules: Rules, rule: str, share: float, count: int) -> Severity:
    """Return how bad a share is; of a few rows it says little, and never stops landing."""
    severity = rules.graded(rule, share)
    if severity == "error" and count < rules.value("answer_minimum"):
        return rules.severity(rule)
    return severity


def _unknown(
    rules: Rules,
    subject: Subject,
    use: ColumnUse,
    rows: Sequence[KeyedRow],
    frame: WaveFrame,
) -> list[Finding]:
    explained = _explained(subject)
    unknown = [
        row for row in rows if row.key not in frame.keys and not explained(row.key, row.name)
    ]
    if not unknown:
        return []
    share = len(unknown) / len(rows)
    cause, remedy = _cause(unknown, frame.keys)
    return [
        Finding(
            _graded(rules, "organisation_key_unknown", share, len(unknown)),
            "organisation_key_unknown",
            f"{len(unknown):,} of {len(rows):,} rows ({share:.0%}) have an organisation key that "
            f"the frame of wave {subject.wave.wave} does not have{cause}.",
            where=f"column '{use.column.name}': "
            + and_more(
                [f"{_key(subject, use, row)} in data row {row.number}" for row in unknown],
                _SHOWN_ROWS,
            ),
            expected=f"keys of the frame, but for {rules.value('organisation_key_unknown'):.0%}"
            + rules.limit("organisation_key_unknown"),
            remedy=remedy,
        )
    ]


def _explained(subject: Subject) -> Callable[[str, str], bool]:
    """Return whether the registry says which organisation a key or a name stands for."""
    registry = subject.registry
    continued = {row.organisation_key for row in registry.organisation_succession}
    decided = [row for row in registry.organisation_matches if row.wave == subject.wave.wave]

    def explained(key: str, name: str) -> bool:
        return key in continued or any(
            row.delivered_key in (None, key)
            and (row.delivered_name is None or fold_name(row.delivered_name) == fold_name(name))
            for row in decided
        )

    return explained


def _cause(unknown: Sequence[KeyedRow], keys: Iterable[str]) -> tuple[str, str]:
    """Return what happened to keys, in words, and what to do about it."""
    unpadded = {key.lstrip("0") for key in keys}
    plain = frozenset(keys)
    mended: tuple[tuple[Callable[[str], bool], str, str], ...] = (
        (
            lambda key: key.lstrip(APOSTROPHES) != key and key.lstrip(APOSTROPHES) in plain,
            "; without the apostrophe before them they are there",
            "Remove the apostrophe before the keys: a spreadsheet program keeps texts with it.",
        ),
        (
            lambda key: key.lstrip("0") in unpadded,
            "; but for zeros in front they are there",
            "Export the keys as text, with their leading zeros: a spreadsheet program that takes "
            "them for numbers drops these.",
        ),
        (
            lambda key: bare_key(key) in unpadded,
            "; as whole numbers they are there",
            "Export the keys as text: they were read as numbers with decimals.",
        ),
    )
    for is_mended, cause, remedy in mended:
        if sum(is_mended(row.key) for row in unknown) >= _MOSTLY * len(unknown):
            return cause, remedy
    return "", (
        "Check that this is the export and the frame of the same wave, and that keys mean the same "
        "in both; decide about single rows with `barometer match`."
    )


@dataclass(frozen=True)
class _Names:
    """The names of the frame: whose each is."""

    of: Mapping[str, str]
    owners: Mapping[str, frozenset[str]]

    def judge(self, key: str, name: str) -> bool | None:
        """Tell whether the name beside a key is that of the frame; None where nobody can say."""
        own, folded = self.of.get(key, ""), fold_name(name)
        if not own or not folded:
            return None
        if folded == own or key in self.owners.get(folded, ()):
            return True
        if folded in self.owners:
            return False
        alike = fuzz.ratio(folded, own) >= CLEAR_SCORE and digits_of(folded) == digits_of(own)
        return True if alike else None


def _contradicted(
    rules: Rules,
    subject: Subject,
    use: ColumnUse,
    rows: Sequence[KeyedRow],
    frame: WaveFrame,
) -> list[Finding]:
    names = _names_of(frame)
    known = [row for row in rows if row.key in frame.members]
    verdicts = [(row, names.judge(row.key, row.name)) for row in known]
    judged = [(row, agrees) for row, agrees in verdicts if agrees is not None]
    if not judged:
        return fact_findings(rules, subject, use, rows, frame)
    wrong = [row for row, agrees in judged if not agrees]
    if not wrong:
        return []
    share = len(wrong) / len(judged)
    offset = _offset(names, rows, wrong)
    name_use = subject.first_use("organisation_name")
    where = f"columns '{use.column.name}' and '{name_use.column.name}': " if name_use else ""
    return [
        Finding(
            _graded(rules, "organisation_contradicted", share, len(wrong)),
            "organisation_contradicted",
            f"{len(wrong):,} of {len(judged):,} rows ({share:.0%}) have the key of one "
            f"organisation and the name of another{offset}.",
            where=where
            + and_more([_shown(subject, use, row, frame) for row in wrong], _SHOWN_ROWS),
            expected="the name that the frame has under the key, but for "
            f"{rules.value('organisation_contradicted'):.0%}"
            + rules.limit("organisation_contradicted"),
            remedy=SLIPPED,
        )
    ]


def _names_of(frame: WaveFrame) -> _Names:
    of = {key: fold_name(member.name) for key, member in frame.members.items()}
    owners: dict[str, set[str]] = {}
    for key, name in of.items():
        if name:
            owners.setdefault(name, set()).add(key)
    return _Names(of, {name: frozenset(keys) for name, keys in owners.items()})


def _offset(names: _Names, rows: Sequence[KeyedRow], wrong: Sequence[KeyedRow]) -> str:
    """Say in words where the right keys stand, if they stand a row before or after."""
    by_number = {row.number: row for row in rows}
    for step, place in ((1, "the row below"), (-1, "the row above")):
        near = (by_number.get(row.number + step) for row in wrong)
        found = sum(
            other is not None and names.judge(other.key, row.name) is True
            for row, other in zip(wrong, near, strict=True)
        )
        if found >= _MOSTLY * len(wrong):
            return f"; the right key stands in {place}"
    return ""


def _key(subject: Subject, use: ColumnUse, row: KeyedRow) -> str:
    is_personal = use.column.position in subject.personal_positions
    return "(a personal key)" if is_personal else shown(row.key)


def _shown(subject: Subject, use: ColumnUse, row: KeyedRow, frame: WaveFrame) -> str:
    return (
        f"data row {row.number} says {shown(row.name)}, the frame {_key(subject, use, row)} "
        f"{shown(frame.members[row.key].name)}"
    )
