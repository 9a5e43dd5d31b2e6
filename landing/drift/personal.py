"""Personal data in columns that nobody marked as personal: counted, never shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

from landing.checks.patterns import has_email, has_phone, nine_digit_numbers, passes_eleven_test
from landing.checks.subject import Subject, and_more
from landing.drift.source import FileSource
from landing.findings.drift import PersonalData
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.readers.table import SourceColumn

_NAMES = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "bsn": "a citizen service number (BSN)",
}
# One number in eleven passes the test by chance; in a column of BSNs nearly all do.
_SHARE_OF_BSN = 0.5
_FEWEST_AMONG_NUMBERS = 3
_ORGANISATION_IDS = frozenset({"organisation_key", "register_id"})
_NAMED_RSIN = re.compile(r"(?<![a-z])rsin(?![a-z])", re.IGNORECASE)


def find_personal(subject: Subject, source: FileSource) -> list[PersonalData]:
    """Search every column that neither its role nor its question marks as personal.

    Organisations have numbers of their own (RSIN) that pass the eleven-test as a BSN does, so
    columns of organisation keys and register ids, and those that are named so, are not searched
    for BSN.
    """
    personal = {q.question_id for q in subject.registry.questions if q.is_personal}
    roles: dict[int, set[str]] = {}
    questions: dict[int, set[str | None]] = {}
    for use in subject.uses:
        roles.setdefault(use.column.position, set()).add(use.mapping.role)
        questions.setdefault(use.column.position, set()).add(use.mapping.question_id)
    found: list[PersonalData] = []
    for column in subject.table.columns:
        has_roles = roles.get(column.position, set())
        answers = questions.get(column.position, set())
        if "personal" in has_roles or answers & personal:
            continue
        suspects = source.suspects(column.position)
        if not suspects:
            continue
        found += _of_kind("email", column, source, [v for v in suspects if has_email(v)])
        found += _of_kind("phone", column, source, [v for v in suspects if has_phone(v)])
        if not (has_roles & _ORGANISATION_IDS or _NAMED_RSIN.search(column.name)):
            found += _of_kind("bsn", column, source, _bsn(suspects, source, column.position))
    return found


def personal_findings(rules: Rules, found: list[PersonalData]) -> list[Finding]:
    """Judge what was found by the thresholds of the registry."""
    return [
        rules.finding(
            f"personal_{item.kind}",
            f"{item.count:,} cell(s) look like {_NAMES[item.kind]} in a column that is not marked "
            "as personal.",
            where=f"column '{item.column_name}' ({item.position}), data rows "
            + and_more([str(row) for row in item.rows], 10),
            expected="personal data in columns with role personal, or of questions with "
            "is_personal, only",
            remedy="Mark the column as personal in the registry, or deliver the export without "
            "these values.",
            measured=item.count,
        )
        for item in found
        if item.count >= rules.value(f"personal_{item.kind}")
    ]


def _of_kind(
    kind: Literal["email", "phone", "bsn"],
    column: SourceColumn,
    source: FileSource,
    values: Collection[str],
) -> list[PersonalData]:
    if not values:
        return []
    rows = tuple(source.row_numbers(column.position, values))
    return [PersonalData(kind, column.position, column.name, len(rows), rows)]


def _bsn(counts: Mapping[str, int], source: FileSource, position: int) -> list[str]:
    """Return the values that hold a BSN.

    A cell that is nothing but nine digits may be any number, and is judged with its column: among
    amounts one is an accident, among words it is not. Within a text, nine digits that pass the
    test hardly are something else.
    """
    bare, within = [], []
    for value in counts:
        numbers = nine_digit_numbers(value)
        passing = [number for number in numbers if passes_eleven_test(number)]
        if numbers == [value.strip()]:
            bare.append((value, bool(passing)))
        elif passing:
            within.append(value)
    n_bare = sum(counts[value] for value, _ in bare)
    n_passing = sum(counts[value] for value, passes in bare if passes)
    if not n_passing or n_passing / n_bare < _SHARE_OF_BSN:
        return within
    among_numbers = source.count_numbers(position) >= 2 * n_bare
    if n_passing >= (_FEWEST_AMONG_NUMBERS if among_numbers else 1):
        within += [value for value, passes in bare if passes]
    return within
