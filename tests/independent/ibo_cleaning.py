"""Which responses and answers count, by the rules of docs/methodology.md, in plain Python."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pandas as pd
from ibo_deliveries import frame, normal, rule, seed, submissions

ANSWERED, DONT_KNOW, NOT_APPLICABLE = "answered", "dont_know", "not_applicable"
NO_ANSWER, NOT_ASKED, REJECTED = "no_answer", "not_asked", "rejected"
TRUE = {"1", "y", "j", "yes", "ja", "true"}


def offered(record: pd.Series | object, wave: str) -> bool:
    """Whether a question or option belongs to a wave."""
    first, last = record.first_wave, record.last_wave
    return (not first or first <= wave) and (not last or wave <= last)


@cache
def asked_in(wave: str) -> dict[str, object]:
    return {q.question_id: q for q in seed("questions").itertuples() if offered(q, wave)}


@cache
def options(wave: str) -> dict[tuple[str, str], object]:
    return {
        (o.question_id, o.option_id): o for o in seed("options").itertuples() if offered(o, wave)
    }


@cache
def codes() -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (c.question_id, c.wave, normal(c.raw_value)): (c.option_id, c.missing_reason)
        for c in seed("codes").itertuples()
    }


def decode(question: str, wave: str, text: str) -> tuple[str, str] | None:
    """Option and missing reason of a raw value, the most specific code first."""
    value = normal(text)
    for key in ((question, wave), (question, ""), ("", wave), ("", "")):
        if (*key, value) in codes():
            return codes()[(*key, value)]
    return None


def _meaning(question, wave: str, option: str, text: str) -> tuple[str, object]:
    """What one cell says: ('option', id), ('number', x), ('missing', why) or ('reject', why)."""
    found = decode(question.question_id, wave, text)
    if found is not None:
        chosen, missing = found
        if missing:
            return "missing", missing
        if chosen == "selected":
            chosen = option
        declared = options(wave)[(question.question_id, chosen)]
        if declared.is_missing == "true":
            return "missing", declared.missing_reason
        return "option", chosen
    if question.answer_type in ("single", "multiple", "scale"):
        return "reject", "unknown_code"
    try:
        number = float(text)
    except ValueError:
        return "reject", "not_a_number"
    below = question.minimum and number < float(question.minimum)
    above = question.maximum and number > float(question.maximum)
    return ("reject", "out_of_range") if below or above else ("number", number)


def answers_of(submission: dict, wave: str) -> dict[str, dict]:
    """Per question: its status, the options given and the number given."""
    found: dict[str, dict] = {}
    for name, question in asked_in(wave).items():
        if question.is_personal == "true" or question.answer_type == "text":
            continue
        cells = submission["cells"].get(name, [])
        said = [_meaning(question, wave, option, text) for option, text in cells]
        given = {value for what, value in said if what == "option"}
        exclusive = {o for o in given if options(wave)[(name, o)].is_exclusive == "true"}
        rejected = {why for what, why in said if what == "reject"}
        if exclusive and len(given) > 1:
            given, rejected = set(), rejected | {"exclusive_conflict"}
        if question.maximum_answers and len(given) > int(question.maximum_answers):
            given, rejected = set(), rejected | {"too_many_answers"}
        found[name] = {
            "options": given,
            "number": next((value for what, value in said if what == "number"), None),
            "missing": {why for what, why in said if what == "missing"},
            "rejected": rejected,
            "anything": bool(said),
        }
    _route(found, wave)
    return found


def _route(found: dict[str, dict], wave: str) -> None:
    rows = [
        r
        for r in seed("routing").itertuples()
        if (r.condition_question_id, r.condition_option_id) in options(wave)
    ]
    asked: dict[str, bool] = {}

    def is_asked(name: str) -> bool:
        if name not in asked:
            held: dict[str, list[bool]] = {"any_of": [], "none_of": []}
            for row in rows:
                if row.question_id == name:
                    condition = row.condition_question_id
                    held[row.rule].append(
                        row.condition_option_id in found[condition]["options"]
                        and is_asked(condition)
                    )
            asked[name] = (any(held["any_of"]) or not held["any_of"]) and not any(held["none_of"])
        return asked[name]

    for name, answer in found.items():
        answer["asked"] = is_asked(name)
    for answer in found.values():
        answer["status"] = _status(answer)
        if answer["status"] != ANSWERED:
            answer["options"], answer["number"] = set(), None


def _status(answer: dict) -> str:
    if not answer["asked"]:
        return NOT_ASKED
    if answer["options"] or answer["number"] is not None:
        return ANSWERED
    for reason in (DONT_KNOW, NOT_APPLICABLE):
        if reason in answer["missing"]:
            return reason
    return REJECTED if answer["rejected"] else NO_ANSWER


def _organisation(key: str, wave: str) -> str | None:
    if key in frame(wave).index:
        return key
    end = seed("waves").query("wave == @wave").fieldwork_end.iloc[0]
    for row in seed("organisation_succession").itertuples():
        if row.organisation_key == key and row.effective_date <= end:
            return row.successor_key if row.successor_key in frame(wave).index else None
    return None


@cache
def responses(wave: str) -> dict[str, dict[str, dict]]:
    """The kept response of each organisation: answers per question."""
    return _sorted_out(wave)[0]


@cache
def exclusions(wave: str) -> Counter:
    """How many submissions were left out, per reason."""
    return _sorted_out(wave)[1]


@cache
def _sorted_out(wave: str) -> tuple[dict[str, dict[str, dict]], Counter]:
    left_out: Counter = Counter()
    candidates: dict[str, list[tuple]] = {}
    page = seed("waves").query("wave == @wave").complete_from_page.iloc[0]
    for submission in submissions(wave):
        key = submission["organisation_key"]
        organisation = _organisation(key, wave) if key else None
        answers = answers_of(submission, wave)
        answered = sum(a["status"] == ANSWERED for a in answers.values())
        last = submission["last_page"]
        if normal(submission["test_flag"]) in TRUE:
            left_out["test_response"] += 1
        elif not key:
            left_out["no_organisation_key"] += 1
        elif organisation is None:
            left_out["organisation_not_in_frame"] += 1
        elif (page and (not last or float(last) < float(page))) or answered < rule(
            "minimum_answered_questions"
        ):
            left_out["incomplete"] += 1
        else:
            date = submission["submitted_at"]
            preference = (bool(date), answered, date, -submission["row"])
            candidates.setdefault(organisation, []).append((preference, answers))
    kept = {}
    for organisation, found in candidates.items():
        kept[organisation] = max(found, key=lambda pair: pair[0])[1]
        left_out["duplicate"] += len(found) - 1
    return kept, left_out
