"""Checks of indicators and what they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from registry.model import Registry
from registry.problems import Problem
from registry.records import Indicator, IndicatorItem, Option, Question

_WITH_OPTIONS = ("share", "count")
_OF_NUMBERS = ("total", "ratio")


def check_indicators(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with indicators and their items."""
    items: dict[str, list[IndicatorItem]] = defaultdict(list)
    for item in registry.indicator_items:
        items[item.indicator_id].append(item)
    questions = {question.question_id: question for question in registry.questions}
    options: dict[str, list[Option]] = defaultdict(list)
    for option in registry.options:
        options[option.question_id].append(option)
    for indicator in registry.indicators:
        own = items[indicator.indicator_id]
        yield from _parts(indicator, own)
        yield from _counts(indicator, own)
        for item in own:
            yield from _option(indicator, item, options)
            if item.question_id in questions:
                yield from _type(indicator, item, questions[item.question_id], options)


def _parts(indicator: Indicator, items: list[IndicatorItem]) -> Iterator[Problem]:
    def wrong(column: str, what: str, expected: str, remedy: str) -> Problem:
        return Problem("indicators", indicator.row, column, what, expected, remedy)

    name = f"The indicator '{indicator.indicator_id}' ({indicator.kind})"
    if not items:
        yield wrong(
            "indicator_id",
            f"{name} is made of nothing.",
            "at least one row in indicator_items.csv",
            "Add its items, or delete the indicator.",
        )
        return
    parts = {item.part for item in items if item.part}
    for part in ("numerator", "denominator") if indicator.kind == "ratio" else ("numerator",):
        if part not in parts:
            yield wrong(
                "kind",
                f"{name} has no {part}.",
                "both parts in indicator_items.csv"
                if indicator.kind == "ratio"
                else "items with part numerator",
                f"Add items with part {part}, or correct the kind.",
            )
    if indicator.kind and indicator.kind != "ratio":
        for item in items:
            if item.part == "denominator":
                yield Problem(
                    "indicator_items",
                    item.row,
                    "part",
                    f"{name} has a denominator.",
                    "a denominator for ratios only",
                    "Correct the part, or the kind of the indicator.",
                )
    asked = len({item.question_id for item in items if item.part == "numerator"})
    if not 1 <= indicator.minimum_answered <= max(asked, 1):
        yield wrong(
            "minimum_answered",
            f"{name} wants {indicator.minimum_answered} answered questions of {asked}.",
            f"1 to {asked}" if asked > 1 else "1",
            "Correct the number.",
        )


def _counts(indicator: Indicator, items: list[IndicatorItem]) -> Iterator[Problem]:
    """Yield what is wrong with how many options have to be given."""
    bounds = {
        "minimum_count": indicator.minimum_count,
        "maximum_count": indicator.maximum_count,
    }
    most = len([item for item in items if item.part == "numerator"])
    for column, bound in bounds.items():
        if bound is None:
            continue
        if indicator.kind and indicator.kind != "share":
            what, expected = "counts options", "an empty cell, except for shares"
        elif not 0 <= bound <= max(most, 1):
            what, expected = f"wants {bound} of {most} options", f"0 to {most}"
        else:
            continue
        yield Problem(
            "indicators",
            indicator.row,
            column,
            f"The indicator '{indicator.indicator_id}' ({indicator.kind}) {what}.",
            expected,
            "Correct the number, or empty the cell.",
        )


def _option(
    indicator: Indicator, item: IndicatorItem, options: Mapping[str, list[Option]]
) -> Iterator[Problem]:
    name = f"The indicator '{indicator.indicator_id}' is a {indicator.kind}"
    if indicator.kind in _WITH_OPTIONS and item.option_id is None:
        yield Problem(
            "indicator_items",
            item.row,
            "option_id",
            f"{name}, and this item names no option.",
            "the option that counts",
            "Fill option_id, one row per option.",
        )
    if indicator.kind not in (*_WITH_OPTIONS, "") and item.option_id is not None:
        yield Problem(
            "indicator_items",
            item.row,
            "option_id",
            f"{name}, and this item names an option.",
            "an empty option_id for mean, total and ratio",
            "Empty option_id; the whole question counts.",
        )
    for option in options[item.question_id]:
        if option.option_id == item.option_id and option.is_missing:
            yield Problem(
                "indicator_items",
                item.row,
                "option_id",
                f"'{option.option_id}' of '{item.question_id}' is a missing answer, which never "
                "counts.",
                "an option that is a valid answer",
                "Name another option.",
            )


def _type(
    indicator: Indicator,
    item: IndicatorItem,
    question: Question,
    options: Mapping[str, list[Option]],
) -> Iterator[Problem]:
    is_number = question.answer_type == "number"
    valid = [option for option in options[item.question_id] if not option.is_missing]
    has_scores = bool(valid) and all(option.score is not None for option in valid)
    if not question.answer_type:
        return
    if indicator.kind in _OF_NUMBERS and not is_number:
        expected = "number questions"
    # A scale question without scores is reported itself.
    elif indicator.kind == "mean" and question.answer_type not in ("number", "scale", "single"):
        expected = "number questions, or questions with one answer and scores"
    elif indicator.kind == "mean" and question.answer_type == "single" and not has_scores:
        expected = "number questions, or questions with a score on every option"
    else:
        return
    yield Problem(
        "indicator_items",
        item.row,
        "question_id",
        f"The {indicator.kind} '{indicator.indicator_id}' cannot use the {question.answer_type} "
        f"question '{question.question_id}'.",
        expected,
        "Name another question, correct the kind, or fill the scores in options.csv.",
    )
