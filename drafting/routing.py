"""Drafts routing from the conditions of a questionnaire."""

from __future__ import annotations

import re
from collections.abc import Sequence

from barometer.labels import normalise_label
from drafting.columns import Mapped
from drafting.context import Context
from drafting.draft import ADD, SKIP, DraftRow
from drafting.expressions import Given, TooComplex, read_condition
from drafting.similarity import plain_code

_Route = tuple[str, str, str]
_INTERNAL = re.compile(r"[0-9]+X[0-9]+X[0-9]+")


def draft_routing(
    context: Context, mapped: Sequence[Mapped], codes: Sequence[DraftRow]
) -> list[DraftRow]:
    """Draft the routing of new questions, and ask about questions whose routing differs."""
    known = {
        (row.values["question_id"], normalise_label(row.values["raw_value"])): row.values[
            "option_id"
        ]
        for row in codes
        if row.table == "codes" and row.action == ADD
    }
    by_name = {plain_code(each.column.name): each for each in mapped}
    rows: list[DraftRow] = []
    seen: set[str] = set()
    for each in mapped:
        if each.question_id in seen:
            continue
        seen.add(each.question_id)
        try:
            condition = read_condition(each.column.relevance)
            routes = {
                *(("any_of", *_place(context, g, by_name, known)) for g in condition.any_of),
                *(("none_of", *_place(context, g, by_name, known)) for g in condition.none_of),
            }
        except TooComplex:
            rows.append(_by_hand(each))
            continue
        rows.extend(_compared(context, each, routes))
    return rows


def _place(
    context: Context,
    given: Given,
    by_name: dict[str, Mapped],
    known: dict[tuple[str, str], str],
) -> tuple[str, str]:
    each = by_name.get(plain_code(given.column))
    if each is None or _INTERNAL.match(given.column):
        raise TooComplex
    if each.option_id:
        if given.value != "Y":
            raise TooComplex
        return each.question_id, each.option_id
    value = normalise_label(given.value)
    option = known.get((each.question_id, value), "")
    if not option:
        code = context.codes_of(each.question_id, context.wave).get(value)
        option = (code.option_id or "") if code else ""
    if not option:
        raise TooComplex
    return each.question_id, option


def _row(question_id: str, route: _Route, action: str, decide: str, because: str) -> DraftRow:
    rule, condition, option = route
    values = {
        "question_id": question_id,
        "rule": rule,
        "condition_question_id": condition,
        "condition_option_id": option,
    }
    name = " ".join(part for part in (question_id, rule, condition, option) if part)
    return DraftRow("routing", name, values, action, decide, because=because)


def _by_hand(each: Mapped) -> DraftRow:
    decide = (
        f"The condition of '{each.question_id}' is too complex to translate: "
        f"{each.column.relevance}. Add the rows of routing.csv that come nearest, or leave it as "
        "it is."
    )
    return _row(each.question_id, ("", "", ""), SKIP, decide, "the questionnaire")


def _compared(context: Context, each: Mapped, routes: set[_Route]) -> list[DraftRow]:
    question_id = each.question_id
    because = f"the questionnaire: {each.column.relevance or 'asked of everybody'}"
    if each.is_new:
        return [_row(question_id, route, ADD, "", because) for route in sorted(routes)]
    before: set[tuple[str, str, str]] = {
        (route.rule, route.condition_question_id, route.condition_option_id)
        for route in context.registry.routing
        if route.question_id == question_id
    }
    if routes == before:
        return []
    more, less = sorted(routes - before), sorted(before - routes)
    decide = (
        f"The questionnaire asks '{question_id}' under another condition"
        + (f", with {_listed(more)}" if more else "")
        + (f", without {_listed(less)}" if less else "")
        + ". Routing holds for every wave: does the new condition suit the earlier ones? If so, "
        "set action to add here, and delete from seeds what is too much."
    )
    first, *rest = more or less
    if not more:
        rest = []
    return [
        _row(question_id, first, SKIP, decide, because),
        *(_row(question_id, route, SKIP, "", because) for route in rest),
    ]


def _listed(routes: Sequence[_Route]) -> str:
    return ", ".join(f"{rule} {question} = {option}" for rule, question, option in routes)
