"""Checks of the codes that raw values stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from barometer.labels import normalise_label
from registry.model import Registry
from registry.problems import Problem, did_you_mean
from registry.records import Code, Option, Question
from registry.rules.questions import RESERVED_OPTION
from registry.validity import asked_in, described, offered_in

NOT_SELECTED = "not_selected"


def check_codes(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with codes."""
    questions = {question.question_id: question for question in registry.questions}
    options = {(option.question_id, option.option_id): option for option in registry.options}
    for code in registry.codes:
        if code.question_id is None:
            yield from _code_for_all(code, registry)
        elif (question := questions.get(code.question_id)) is not None:
            yield from _waves(code, question, options)
            yield from _marks(code, question, registry)
    yield from _collisions(registry)


def _waves(
    code: Code, question: Question, options: Mapping[tuple[str, str], Option]
) -> Iterator[Problem]:
    if code.wave is None:
        return
    if not asked_in(question, code.wave):
        yield Problem(
            "codes",
            code.row,
            "wave",
            f"'{question.question_id}' was not asked in wave '{code.wave}'.",
            f"a wave in which it was: {described(question.first_wave, question.last_wave)}",
            "Correct the wave, or the first_wave and last_wave of the question.",
        )
        return
    option = options.get((question.question_id, code.option_id or ""))
    if option is not None and not offered_in(option, question, code.wave):
        yield Problem(
            "codes",
            code.row,
            "option_id",
            f"The option '{option.option_id}' of '{question.question_id}' was not offered in wave "
            f"'{code.wave}'.",
            f"a wave in which it was: {described(option.first_wave, option.last_wave)}",
            "Correct the option, or its first_wave and last_wave in options.csv.",
        )


def _marks(code: Code, question: Question, registry: Registry) -> Iterator[Problem]:
    is_mark = code.option_id == RESERVED_OPTION or code.missing_reason == NOT_SELECTED
    if not is_mark:
        return
    has_option_columns = any(
        column.question_id == question.question_id and column.option_id is not None
        for column in registry.columns
    )
    if has_option_columns:
        return
    name, word = (
        ("option_id", RESERVED_OPTION)
        if code.option_id == RESERVED_OPTION
        else ("missing_reason", NOT_SELECTED)
    )
    yield Problem(
        "codes",
        code.row,
        name,
        f"'{word}' says whether a box is ticked, and '{question.question_id}' has no column per "
        "option.",
        "an option of the question, or a reason why there is no answer",
        "Name the option, or map one column per option in columns.csv.",
    )


def _code_for_all(code: Code, registry: Registry) -> Iterator[Problem]:
    known = {option.option_id for option in registry.options}
    if code.option_id is None or code.option_id in {*known, RESERVED_OPTION}:
        return
    yield Problem(
        "codes",
        code.row,
        "option_id",
        f"No question has an option '{code.option_id}'.",
        "an option_id of at least one question in options.csv, or selected",
        did_you_mean(code.option_id, known) + "Correct it, or add the option.",
    )


def _collisions(registry: Registry) -> Iterator[Problem]:
    seen: dict[tuple[str | None, str | None, str], Code] = {}
    for code in registry.codes:
        if not code.raw_value:
            continue
        value = normalise_label(code.raw_value)
        if not value:
            yield Problem(
                "codes",
                code.row,
                "raw_value",
                "The raw value is white space only.",
                "a value; an empty cell needs no code",
                "Delete the row.",
            )
            continue
        first = seen.setdefault((code.question_id, code.wave, value), code)
        # The same text twice is a duplicate key, and reported as such.
        if first is code or first.raw_value == code.raw_value:
            continue
        here = code.option_id or code.missing_reason
        there = first.option_id or first.missing_reason
        same = here == there
        yield Problem(
            "codes",
            code.row,
            "raw_value",
            f"'{code.raw_value}' and '{first.raw_value}' (line {first.row}) are the same value "
            "after trimming and lower-casing"
            + (
                ", so this row says nothing new." if same else f", and mean '{here}' and '{there}'."
            ),
            "one row per value, white space and case aside",
            "Delete one of the two rows." if same else "Decide which of the two it means.",
        )
