"""Checks of the mapping from source columns to questions and roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from registry.model import Registry
from registry.problems import Problem, did_you_mean
from registry.records import ColumnMapping, Option, Question
from registry.validity import asked_in, described, offered_in

# Which columns each role fills; all others stay empty.
_FILLED = {
    "answer": ("question_id", "option_id", "separator"),
    "attribute": ("attribute_id",),
}
_REQUIRED = {"answer": "question_id", "attribute": "attribute_id"}

_EXPORT_ONLY = ("answer", "response_id", "submitted_at", "last_page", "test_flag")
_FRAME_ONLY = ("valid_from", "valid_until")
_ALONE = ("personal", "ignore")
_ONCE = (
    "response_id",
    "organisation_key",
    "organisation_name",
    "register_id",
    "valid_from",
    "valid_until",
    "submitted_at",
    "last_page",
    "test_flag",
    "weight",
)
# Of these an answer is one option, so that two answers contradict each other.
VERSIONED_TYPES = ("single", "scale")
_NEEDED = {"export": ("response_id", "organisation_key"), "frame": ("organisation_key",)}


def needed_roles(kind: str, frame_source: str, roles: Collection[str]) -> tuple[str, ...]:
    """Return the roles that a kind of file cannot do without.

    Where the export is its own frame and names no organisations, its responses are the units; a
    tool that gives them no id (Google Forms) leaves them their row in the file.
    """
    own_units = kind == "export" and frame_source == "export"
    if own_units and "organisation_key" not in roles:
        return ("response_id",) if "response_id" in roles else ()
    return _NEEDED.get(kind, ())


def check_columns(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with the column mapping."""
    questions = {question.question_id: question for question in registry.questions}
    options = {(option.question_id, option.option_id): option for option in registry.options}
    for column in registry.columns:
        yield from _role(column, registry)
        question = questions.get(column.question_id or "")
        if column.role == "answer" and question is not None:
            yield from _answer(column, question)
            option = options.get((question.question_id, column.option_id or ""))
            yield from _waves(column, question, option)
    yield from _columns_with_two_uses(registry)
    yield from _uses_of_every_part(registry)
    yield from _questions_with_two_columns(registry)
    yield from _roles_per_delivery(registry)
    yield from _attributes(registry)


def _problem(column: ColumnMapping, name: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem("columns", column.row, name, what, expected, remedy)


def _role(column: ColumnMapping, registry: Registry) -> Iterator[Problem]:
    if not column.role:
        return
    required = _REQUIRED.get(column.role)
    if required and getattr(column, required) is None:
        yield _problem(
            column,
            required,
            f"The column '{column.column_name}' has role {column.role} and no {required}.",
            f"a {required} where the role is {column.role}",
            "Fill it, or correct the role.",
        )
    for name in ("question_id", "option_id", "attribute_id", "separator"):
        if name not in _FILLED.get(column.role, ()) and getattr(column, name) is not None:
            yield _problem(
                column,
                name,
                f"The column '{column.column_name}' has role {column.role}, and its {name} is "
                "filled.",
                f"an empty {name} where the role is {column.role}",
                "Empty the cell, or correct the role.",
            )
    if column.kind == "frame" and column.role in _EXPORT_ONLY:
        yield _problem(
            column,
            "role",
            f"A frame has no role {column.role}.",
            "that role in an export only",
            "Correct the kind or the role.",
        )
    if column.kind == "export" and column.role in _FRAME_ONLY:
        yield _problem(
            column,
            "role",
            f"An export has no role {column.role}.",
            "that role in a frame only",
            "Correct the kind or the role.",
        )
    source = next((w.frame_source for w in registry.waves if w.wave == column.wave), "")
    if column.kind == "export" and column.role == "attribute" and source == "file":
        yield _problem(
            column,
            "role",
            f"The attribute '{column.attribute_id}' is taken from the export, and the population "
            f"of wave '{column.wave}' from a frame file.",
            "attributes from the frame (kind frame) where frame_source is file",
            "Map the frame's column instead, or change frame_source in waves.csv.",
        )
    # A frame that is missing where it is needed is reported with its wave.
    needed = column.kind == "frame" and source == "file"
    if source and not needed and not registry.deliveries_for(column.wave, column.kind):
        yield _problem(
            column,
            "wave, kind",
            f"No {column.kind} is expected of wave '{column.wave}'.",
            "a row in deliveries.csv for that wave and kind",
            "Add the delivery, or delete the column.",
        )


def _answer(column: ColumnMapping, question: Question) -> Iterator[Problem]:
    kind = f"'{question.question_id}' is a {question.answer_type} question"
    if question.answer_type == "multiple":
        if column.option_id is None and column.separator is None:
            yield _problem(
                column,
                "option_id, separator",
                f"{kind}, and nothing says which option the column stands for.",
                "an option_id (one column per option) or a separator (several in one cell)",
                "Fill one of the two.",
            )
        elif column.option_id is not None and column.separator is not None:
            yield _problem(
                column,
                "option_id, separator",
                f"The column '{column.column_name}' has both an option and a separator.",
                "one of the two",
                "Empty one of the two.",
            )
        return
    for name in ("option_id", "separator"):
        if question.answer_type and getattr(column, name) is not None:
            yield _problem(
                column,
                name,
                f"{kind}, and the {name} of its column '{column.column_name}' is filled.",
                f"{name} for multiple questions only",
                "Empty the cell, or correct the question's answer type.",
            )


def _waves(column: ColumnMapping, question: Question, option: Option | None) -> Iterator[Problem]:
    if not column.wave:
        return
    if not asked_in(question, column.wave):
        yield _problem(
            column,
            "question_id",
            f"'{question.question_id}' is mapped in wave '{column.wave}', outside its waves.",
            f"a wave in which it was asked: {described(question.first_wave, question.last_wave)}",
            "Correct the question, or its first_wave and last_wave in questions.csv.",
        )
    elif option is not None and not offered_in(option, question, column.wave):
        yield _problem(
            column,
            "option_id",
            f"The option '{option.option_id}' of '{question.question_id}' was not offered in wave "
            f"'{column.wave}'.",
            f"a wave in which it was: {described(option.first_wave, option.last_wave)}",
            "Correct the option, or its first_wave and last_wave in options.csv.",
        )


def _columns_with_two_uses(registry: Registry) -> Iterator[Problem]:
    uses: dict[tuple[str, str, str], list[ColumnMapping]] = defaultdict(list)
    for column in registry.columns:
        uses[column.wave, column.kind, column.column_name].append(column)
    for (wave, kind, name), rows in uses.items():
        answers = [row for row in rows if row.role == "answer" and row.question_id]
        for place, row in enumerate(answers):
            others = [
                other
                for other in answers[:place]
                if (other.question_id, other.option_id) != (row.question_id, row.option_id)
                and other.shares_a_part_with(row)
            ]
            if not others:
                continue
            first = others[0]
            two = "questions" if row.question_id != first.question_id else "options"
            yield _problem(
                row,
                "column_name",
                f"Two {two} on one column: '{name}' of the {kind} of wave '{wave}' answers "
                f"{_target(first)} on line {first.row} and {_target(row)} here.",
                "one question, and at most one option, per column",
                "Delete or correct one of the two rows.",
            )
        for row in rows:
            if row.role in _ALONE and any(
                other.role != row.role and other.shares_a_part_with(row) for other in rows
            ):
                yield _problem(
                    row,
                    "role",
                    f"'{name}' has role {row.role}, and another use beside it.",
                    f"no other row for a column with role {row.role}",
                    "Delete this row, or the other.",
                )


def _uses_of_every_part(registry: Registry) -> Iterator[Problem]:
    """Report rows for one part that repeat a row for every part; equal rows are duplicate keys."""
    general = {_use(column): column for column in registry.columns if column.part is None}
    for column in registry.columns:
        if column.part is not None and _use(column) in general:
            yield _problem(
                column,
                "part",
                f"The column '{column.column_name}' has the same use in every part of wave "
                f"'{column.wave}' (line {general[_use(column)].row}).",
                "one row for every part, or one for each part that has the column",
                "Delete this row, or fill the part of the other.",
            )


def _use(column: ColumnMapping) -> tuple[str | None, ...]:
    return (
        column.wave,
        column.kind,
        column.column_name,
        column.role,
        column.question_id,
        column.option_id,
        column.attribute_id,
    )


def _target(column: ColumnMapping) -> str:
    option = f", option '{column.option_id}'" if column.option_id else ""
    return f"'{column.question_id}'{option}"


def _questions_with_two_columns(registry: Registry) -> Iterator[Problem]:
    types = {question.question_id: question.answer_type for question in registry.questions}
    seen: dict[tuple[str, str], list[ColumnMapping]] = defaultdict(list)
    for column in registry.columns:
        if column.role != "answer" or not column.question_id:
            continue
        for other in seen[column.wave, column.question_id]:
            # Whole-question and per-option columns exclude each other too.
            same = other.option_id == column.option_id
            mixed = other.option_id is None or column.option_id is None
            if (
                (same or mixed)
                and other.column_name != column.column_name
                and other.shares_a_part_with(column)
                and not _are_versions(column, other, types.get(column.question_id, ""))
            ):
                yield _problem(
                    column,
                    "question_id",
                    f"One question on two columns: '{other.column_name}' (line {other.row}) and "
                    f"'{column.column_name}' both hold {_target(column)} in wave '{column.wave}'.",
                    "one column per question, or one per option, in each wave",
                    "Delete or correct one of the two rows. Are they versions of one question with "
                    "one option, of which everybody saw one? Then name the part in both rows.",
                )
                break
        seen[column.wave, column.question_id].append(column)


def _are_versions(one: ColumnMapping, other: ColumnMapping, answer_type: str) -> bool:
    """Tell whether two columns are versions of one question, of which everybody saw one.

    Naming the part in both rows says that it is meant. Checking the file counts those who answered
    more than one, and cleaning rejects their answers.
    """
    whole = one.option_id is None and other.option_id is None
    is_meant = one.part is not None and one.part == other.part
    return answer_type in VERSIONED_TYPES and whole and is_meant


def _roles_per_delivery(registry: Registry) -> Iterator[Problem]:
    sources = {wave.wave: wave.frame_source for wave in registry.waves}
    reported: set[int] = set()
    for delivery in registry.deliveries:
        source = sources.get(delivery.wave, "")
        if delivery.kind == "frame" and source != "file":
            continue
        columns = registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        parts = registry.deliveries_for(delivery.wave, delivery.kind)
        of_part = f", part '{delivery.part}'," if len(parts) > 1 else ""
        roles = [column.role for column in columns]
        of_wave = [c.role for c in registry.columns_for(delivery.wave, delivery.kind)]
        for role in needed_roles(delivery.kind, source, of_wave):
            if role not in roles:
                yield Problem(
                    "deliveries",
                    delivery.row,
                    "wave, kind",
                    f"No column of the {delivery.kind} of wave '{delivery.wave}'{of_part} has role "
                    f"{role}.",
                    f"a row in columns.csv with wave {delivery.wave}, kind {delivery.kind} and "
                    f"role {role}",
                    "Add the row.",
                )
        for role in _ONCE:
            rows = [column for column in columns if column.role == role]
            for row in rows[1:]:
                if row.column_name != rows[0].column_name and row.row not in reported:
                    reported.add(row.row)
                    yield _problem(
                        row,
                        "role",
                        f"Two columns of the {delivery.kind} of wave '{delivery.wave}' have role "
                        f"{role}: '{rows[0].column_name}' (line {rows[0].row}) and "
                        f"'{row.column_name}'.",
                        f"one column with role {role}",
                        "Give one of them another role, such as ignore.",
                    )
    for wave in registry.waves:
        columns = registry.columns_for(wave.wave, "export")
        has_page = all(
            any(c.role == "last_page" for c in columns if c.is_of(delivery.part))
            for delivery in registry.deliveries_for(wave.wave, "export")
        )
        if wave.complete_from_page is not None and columns and not has_page:
            yield Problem(
                "waves",
                wave.row,
                "complete_from_page",
                f"Wave '{wave.wave}' judges completeness by the last page, and no column has it.",
                "a row in columns.csv with role last_page for this wave",
                "Add the row, or empty complete_from_page.",
            )


def _attributes(registry: Registry) -> Iterator[Problem]:
    known = {column.attribute_id for column in registry.columns if column.attribute_id}
    for rule in registry.organisation_membership:
        if rule.attribute_id and rule.attribute_id not in {*known, "organisation_key"}:
            names = sorted(known | {"organisation_key"})
            yield Problem(
                "organisation_membership",
                rule.row,
                "attribute_id",
                f"No column holds the attribute '{rule.attribute_id}'.",
                "one of: " + ", ".join(names),
                did_you_mean(rule.attribute_id, names)
                + "Correct it, or add a row with role attribute to columns.csv.",
            )
