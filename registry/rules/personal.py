"""Checks of the protection of personal data: which cells are treated, which files are kept."""

from __future__ import annotations

from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.records import ColumnMapping

PSEUDONYMISE = "pseudonymise"
# These stay usable under a pseudonym, and are of no use without any value.
KEY_ROLES = ("response_id", "organisation_key")


def check_personal(registry: Registry) -> Iterator[Problem]:
    """Yield every place where personal data would be landed or kept unprotected."""
    personal = {question.question_id for question in registry.questions if question.is_personal}
    for column in registry.columns:
        yield from _treatment(column, personal)
    yield from _other_uses(registry)
    yield from _keys_that_differ(registry)
    yield from _archive(registry)


def _problem(column: ColumnMapping, what: str, expected: str, remedy: str) -> Problem:
    return Problem("columns", column.row, "treatment", what, expected, remedy)


def _treatment(column: ColumnMapping, personal: set[str]) -> Iterator[Problem]:
    is_answer = column.role == "answer" and column.question_id in personal
    if column.role == "personal" or is_answer:
        if column.treatment is None:
            why = f"answers the personal question '{column.question_id}'" if is_answer else ""
            yield _problem(
                column,
                f"The column '{column.column_name}' {why or 'has role personal'}, and nothing says "
                "how it is protected.",
                "drop or pseudonymise",
                "Choose drop, unless the same person has to be recognised in another file.",
            )
    elif column.role in KEY_ROLES:
        if column.treatment not in (None, PSEUDONYMISE):
            yield _problem(
                column,
                f"The column '{column.column_name}' has role {column.role}, and its treatment is "
                f"{column.treatment}.",
                f"{PSEUDONYMISE}, or nothing: without its key a row means nothing",
                "Correct the treatment, or the role.",
            )
    elif column.treatment is not None:
        yield _problem(
            column,
            f"The column '{column.column_name}' has role {column.role} and is no personal answer; "
            f"its treatment is {column.treatment}.",
            "a treatment for role personal, personal questions (is_personal), response ids and "
            "organisation keys only",
            "Empty the cell, or mark the column or its question as personal.",
        )


def _other_uses(registry: Registry) -> Iterator[Problem]:
    """Report columns that one use wants treated and another as they are: there is one cell."""
    treated = [column for column in registry.columns if column.treatment is not None]
    for column in registry.columns:
        for other in treated:
            same = (other.wave, other.kind, other.column_name) == (
                column.wave,
                column.kind,
                column.column_name,
            )
            # Role personal stands alone: another use beside it is a mistake told elsewhere.
            told = column.role != other.role and "personal" in (column.role, other.role)
            differs = other.treatment != column.treatment
            if same and differs and not told and other.shares_a_part_with(column):
                yield _problem(
                    column,
                    f"The column '{column.column_name}' is also used on line {other.row}, with "
                    f"treatment {other.treatment}.",
                    "one treatment for all uses of a column",
                    "Give both rows the same treatment, or delete one of the two uses.",
                )
                break


def _keys_that_differ(registry: Registry) -> Iterator[Problem]:
    """Report files of one wave that would name an organisation in two ways."""
    seen: dict[str, ColumnMapping] = {}
    for column in registry.columns:
        if column.role != "organisation_key":
            continue
        first = seen.setdefault(column.wave, column)
        if first.treatment != column.treatment:
            yield _problem(
                column,
                f"The organisation key '{column.column_name}' of the {column.kind} of wave "
                f"'{column.wave}' is treated otherwise than '{first.column_name}' of the "
                f"{first.kind} (line {first.row}).",
                "one treatment for the organisation keys of every file of a wave",
                "Give them the same treatment, or no response finds its organisation.",
            )


def _archive(registry: Registry) -> Iterator[Problem]:
    for delivery in registry.deliveries:
        if delivery.archive != "plain" or delivery.is_synthetic:
            continue
        columns = registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        treated = next((column for column in columns if column.treatment is not None), None)
        if treated is not None:
            yield Problem(
                "deliveries",
                delivery.row,
                "archive",
                f"The {delivery.kind} of wave '{delivery.wave}' holds personal data (column "
                f"'{treated.column_name}', columns.csv line {treated.row}) and would be kept as it "
                "is.",
                "encrypted or off, unless the file is synthetic",
                "Choose encrypted (and set BAROMETER_ARCHIVE_KEY when landing) or off.",
            )
