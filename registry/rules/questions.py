"""Checks of questions, their options, routing and comparability breaks."""

from __future__ import annotations

from collections.abc import Iterator

from barometer.project_file import variable
from registry.model import Registry
from registry.problems import Problem, listed
from registry.records import Option, Question
from registry.validity import asked_in, cycle_in, described, longest_walk, offered_in

RESERVED_OPTION = "selected"
CHOICE_TYPES = ("single", "multiple", "scale")

ROUTING_DEPTH = int(variable("routing_depth"))
"""How often the SQL applies the routing rules."""


def check_questions(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with questions, options, routing and breaks."""
    questions = {question.question_id: question for question in registry.questions}
    for question in registry.questions:
        yield from _question(question, registry.options_for(question.question_id))
    for option in registry.options:
        owner = questions.get(option.question_id)
        yield from _option(option)
        if owner is not None:
            yield from _option_of(option, owner, registry)
    yield from _breaks(registry, questions)
    yield from _routing_conditions(registry, questions)
    yield from _routing_depth(registry)


def _question(question: Question, options: tuple[Option, ...]) -> Iterator[Problem]:
    valid = [option for option in options if not option.is_missing]
    if question.answer_type in CHOICE_TYPES and not valid:
        yield Problem(
            "questions",
            question.row,
            "answer_type",
            f"The {question.answer_type} question '{question.question_id}' has no options.",
            "at least one row in options.csv that is not a missing answer",
            "Add the options, or correct the answer type.",
        )
    if question.answer_type != "number":
        for column, value in (("minimum", question.minimum), ("maximum", question.maximum)):
            if value is not None:
                yield Problem(
                    "questions",
                    question.row,
                    column,
                    f"'{column}' is filled, and '{question.question_id}' is no number question.",
                    "an empty cell, unless answer_type is number",
                    "Empty the cell, or correct the answer type.",
                )
    yield from _maximum_answers(question, len(valid))
    if question.last_wave is not None and question.last_wave < question.first_wave:
        yield Problem(
            "questions",
            question.row,
            "first_wave, last_wave",
            f"The last wave '{question.last_wave}' comes before the first, "
            f"'{question.first_wave}'.",
            "first_wave not after last_wave",
            "Correct or swap the two.",
        )


def _maximum_answers(question: Question, n_options: int) -> Iterator[Problem]:
    limit = question.maximum_answers
    if limit is None:
        return
    if question.answer_type != "multiple":
        yield Problem(
            "questions",
            question.row,
            "maximum_answers",
            f"'maximum_answers' is filled, and '{question.question_id}' is no multiple question.",
            "an empty cell, unless answer_type is multiple",
            "Empty the cell, or correct the answer type.",
        )
    elif not 1 <= limit <= max(1, n_options):
        yield Problem(
            "questions",
            question.row,
            "maximum_answers",
            f"At most {limit} of the {n_options} options of '{question.question_id}' may be "
            "ticked.",
            f"1 to {max(1, n_options)}, or an empty cell: no limit",
            "Correct the number, or empty the cell.",
        )


def _option(option: Option) -> Iterator[Problem]:
    name = f"option '{option.option_id}' of question '{option.question_id}'"
    if option.option_id == RESERVED_OPTION:
        yield Problem(
            "options",
            option.row,
            "option_id",
            f"'{RESERVED_OPTION}' is a reserved word: in codes.csv it means the column's option.",
            "another id",
            "Rename the option.",
        )
    if option.is_missing and option.missing_reason is None:
        yield Problem(
            "options",
            option.row,
            "missing_reason",
            f"The {name} is a missing answer without a reason.",
            "a missing_reason where is_missing is true",
            "Fill missing_reason, or set is_missing to false.",
        )
    if not option.is_missing and option.missing_reason is not None:
        yield Problem(
            "options",
            option.row,
            "missing_reason",
            f"The {name} has a missing_reason, but is_missing is false.",
            "missing_reason only where is_missing is true",
            "Empty missing_reason, or set is_missing to true.",
        )
    if option.last_wave and option.first_wave and option.last_wave < option.first_wave:
        yield Problem(
            "options",
            option.row,
            "first_wave, last_wave",
            f"The last wave '{option.last_wave}' comes before the first, '{option.first_wave}'.",
            "first_wave not after last_wave",
            "Correct or swap the two.",
        )


def _option_of(option: Option, question: Question, registry: Registry) -> Iterator[Problem]:
    kind = f"'{question.question_id}' is a {question.answer_type} question"
    if question.answer_type not in (*CHOICE_TYPES, "") and not option.is_missing:
        yield Problem(
            "options",
            option.row,
            "question_id",
            f"The option '{option.option_id}' cannot be chosen: {kind}.",
            "options with is_missing true only, for number, date and text questions",
            "Delete the option, or correct the question's answer type.",
        )
    if question.answer_type == "scale" and option.is_missing == (option.score is not None):
        yield Problem(
            "options",
            option.row,
            "score",
            f"The option '{option.option_id}' of the scale question '{question.question_id}' "
            + ("is a missing answer with a score." if option.is_missing else "has no score."),
            "a score on every option of a scale question, except on missing answers",
            "Empty the score." if option.is_missing else "Fill the score.",
        )
    if option.is_exclusive and question.answer_type not in {"multiple", ""}:
        yield Problem(
            "options",
            option.row,
            "is_exclusive",
            f"The option '{option.option_id}' is exclusive, but {kind}.",
            "is_exclusive true in multiple questions only",
            "Set is_exclusive to false: one answer excludes the others anyway.",
        )
    if registry.waves and not any(offered_in(option, question, w) for w in registry.wave_ids):
        yield Problem(
            "options",
            option.row,
            "first_wave, last_wave",
            f"The option '{option.option_id}' is never offered: it is valid "
            f"{described(option.first_wave, option.last_wave)}, its question "
            f"{described(question.first_wave, question.last_wave)}.",
            "at least one wave in which both exist",
            "Correct the waves of the option or of the question.",
        )


def _breaks(registry: Registry, questions: dict[str, Question]) -> Iterator[Problem]:
    for entry in registry.comparability_breaks:
        question = questions.get(entry.question_id)
        if question is None or not entry.wave:
            continue
        if not asked_in(question, entry.wave) or entry.wave <= question.first_wave:
            yield Problem(
                "comparability_breaks",
                entry.row,
                "wave",
                f"'{entry.question_id}' cannot break in wave '{entry.wave}': it was asked "
                f"{described(question.first_wave, question.last_wave)}.",
                "a wave in which the question was asked, after its first",
                "Correct the wave, or the waves of the question.",
            )


def _routing_conditions(registry: Registry, questions: dict[str, Question]) -> Iterator[Problem]:
    options = {(option.question_id, option.option_id): option for option in registry.options}
    for route in registry.routing:
        option = options.get((route.condition_question_id, route.condition_option_id))
        if option is not None and option.is_missing:
            yield Problem(
                "routing",
                route.row,
                "condition_option_id",
                f"The condition never holds: '{route.condition_option_id}' of "
                f"'{route.condition_question_id}' is a missing answer.",
                "an option that is a valid answer",
                "Name another option, or turn the condition around (any_of, none_of).",
            )
        asked, condition = (
            questions.get(route.question_id),
            questions.get(route.condition_question_id),
        )
        if asked is None or condition is None:
            continue
        if not any(asked_in(asked, w) and asked_in(condition, w) for w in registry.wave_ids):
            yield Problem(
                "routing",
                route.row,
                "condition_question_id",
                f"'{route.question_id}' and its condition '{route.condition_question_id}' were "
                "never asked in the same wave.",
                "a condition on a question of the same waves",
                "Correct the question, or its first and last wave.",
            )


def _routing_depth(registry: Registry) -> Iterator[Problem]:
    edges: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for route in registry.routing:
        edges.setdefault(route.question_id, [])
        rows.setdefault(route.question_id, route.row)
        if route.condition_question_id not in edges[route.question_id]:
            edges[route.question_id].append(route.condition_question_id)
    reported: set[frozenset[str]] = set()
    for start in edges:
        walk = longest_walk(edges, start)
        cycle = cycle_in(walk)
        if cycle:
            if frozenset(cycle) not in reported:
                reported.add(frozenset(cycle))
                yield Problem(
                    "routing",
                    rows[cycle[0]],
                    "condition_question_id",
                    f"The routing goes in a circle: {' → '.join(cycle)}.",
                    "conditions on questions that do not depend on this one",
                    "Remove one of the conditions.",
                )
        elif len(walk) - 1 > ROUTING_DEPTH:
            yield Problem(
                "routing",
                rows[start],
                "condition_question_id",
                f"The chain of conditions is too long: {listed(walk)}.",
                f"at most {ROUTING_DEPTH} conditions in a row",
                "Put the condition on an earlier question of the chain, or raise routing_depth in "
                "dbt_project.yml.",
            )
