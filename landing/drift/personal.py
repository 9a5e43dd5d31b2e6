"""Personal data in columns that nobody marked as personal: counted, never shown."""

from __future__ import annotations

from landing.checks.subject import Subject, and_more
from landing.drift.encoded import EncodedColumn
from landing.drift.model import PersonalData
from landing.drift.patterns import has_email, has_phone, nine_digit_numbers, passes_eleven_test
from landing.drift.rules import Rules
from landing.findings import Finding
from landing.readers.table import SourceColumn

_NAMES = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "bsn": "a citizen service number (BSN)",
}
# One number in eleven passes the test by chance; in a column of BSNs nearly all do.
_SHARE_OF_BSN = 0.5
_FEWEST_AMONG_NUMBERS = 3


def unmarked_positions(subject: Subject) -> set[int]:
    """Return the columns that neither their role nor their question marks as personal."""
    personal = {q.question_id for q in subject.registry.questions if q.is_personal}
    marked = {
        use.column.position
        for use in subject.uses
        if use.mapping.role == "personal" or use.mapping.question_id in personal
    }
    return {column.position for column in subject.table.columns} - marked


def find_personal(
    column: SourceColumn, cells: EncodedColumn, *, holds_organisations: bool, holds_numbers: bool
) -> list[PersonalData]:
    """Return what looks personal in one column.

    Organisations have numbers of their own (RSIN) that pass the eleven-test as a BSN does, so a
    column of organisation keys is not searched for BSN; a column of amounts needs several.
    """
    found: list[PersonalData] = []
    kinds: list[tuple[str, list[bool]]] = [
        ("email", [has_email(value) for value in cells.values]),
        ("phone", [has_phone(value) for value in cells.values]),
    ]
    if not holds_organisations:
        kinds.append(("bsn", _bsn(cells, _FEWEST_AMONG_NUMBERS if holds_numbers else 1)))
    for kind, chosen in kinds:
        if any(chosen):
            rows = tuple(cells.row_numbers(chosen))
            found.append(PersonalData(kind, column.position, column.name, len(rows), rows))  # type: ignore[arg-type]
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
        )
        for item in found
        if item.count >= rules.value(f"personal_{item.kind}")
    ]


def _bsn(cells: EncodedColumn, fewest: int) -> list[bool]:
    numbers = [nine_digit_numbers(value) for value in cells.values]
    passing = [[n for n in found if passes_eleven_test(n)] for found in numbers]
    # A cell that is nothing but the number may be any number; within a text it hardly is.
    bare = [len(f) == 1 and f[0] == v.strip() for f, v in zip(numbers, cells.values, strict=True)]
    n_bare = sum(bare)
    n_passing = sum(1 for alone, found in zip(bare, passing, strict=True) if alone and found)
    trusted = n_passing >= fewest and n_passing / n_bare >= _SHARE_OF_BSN
    return [bool(f) and (trusted or not alone) for f, alone in zip(passing, bare, strict=True)]
