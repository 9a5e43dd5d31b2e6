"""Expectations on answers: each valid against the questionnaire of its wave."""

from __future__ import annotations

from expectations.checks import (
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
    unique,
)

MAXIMUM_REJECTED_SHARE = 0.05
"""More rejected answers than this in a wave means a rule is wrong, not the respondents."""

PERSONAL = "questions.is_personal or questions.answer_type = 'text'"


def suites() -> tuple[Suite, ...]:
    """Return the suites about answers and what is derived from one response."""
    return (_answers(), _rejected_answers(), _response_questions(), _indicator_values())


def _no_personal_questions(relation: str) -> NoRows:
    return NoRows(
        "no answer to a personal or free-text question is kept",
        f"select distinct answers.wave, answers.response_key, answers.question_id\n"
        f"from {relation} as answers\n"
        "inner join registry.questions as questions\n"
        "    on answers.question_id = questions.question_id\n"
        f"where {PERSONAL}",
    )


def _answers() -> Suite:
    relation = "cleaned.cln_answers"
    with_question = (
        f"from {relation} as answers\n"
        "inner join registry.questions as questions\n"
        "    on answers.question_id = questions.question_id\n"
    )
    with_option = (
        f"from {relation} as answers\n"
        "inner join registry.options as options\n"
        "    on answers.question_id = options.question_id\n"
        "    and answers.option_id = options.option_id\n"
    )
    keys = "answers.wave, answers.response_key, answers.question_id"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_answers",
        grain="wave, response, question and option that was validly given",
        keys=("wave", "response_key", "question_id"),
        checks=(
            NotEmpty(),
            unique(relation, "wave", "response_key", "question_id", "option_id"),
            refers_to(relation, ("wave", "response_key"), "cleaned.cln_responses"),
            refers_to(
                relation,
                ("wave", "question_id"),
                "registry.columns",
                description="every answered question was on the questionnaire of the wave",
            ),
            refers_to(relation, ("question_id", "option_id"), "registry.options"),
            _no_personal_questions(relation),
            NoRows(
                "the question existed in the wave",
                f"select distinct answers.wave, answers.question_id\n{with_question}"
                "where answers.wave < questions.first_wave or answers.wave > questions.last_wave",
            ),
            NoRows(
                "the option existed in the wave",
                f"select distinct {keys}\n{with_option}"
                "where answers.wave < options.first_wave or answers.wave > options.last_wave",
            ),
            NoRows(
                "don't know and not applicable are no answers",
                f"select {keys}\n{with_option}where options.is_missing",
            ),
            NoRows(
                "an answer has the form that its question asks for",
                f"select {keys}\n{with_question}"
                "where (questions.answer_type in ('single', 'multiple', 'scale'))\n"
                "        <> (answers.option_id is not null)\n"
                "    or (questions.answer_type = 'number' and answers.numeric_value is null)",
            ),
            NoRows(
                "a number lies within the limits of its question",
                f"select {keys}\n{with_question}"
                "where questions.answer_type = 'number' and (\n"
                "    answers.numeric_value < questions.minimum\n"
                "    or answers.numeric_value > questions.maximum\n"
                "    or not isfinite(answers.numeric_value)\n"
                ")",
            ),
            NoRows(
                "only a multiple-choice question has more than one answer",
                f"select {keys}\n{with_question}"
                f"where questions.answer_type <> 'multiple'\ngroup by {keys}\nhaving count(*) > 1",
            ),
            NoRows(
                "nobody gave more answers than the question allows",
                f"select {keys}\n{with_question}group by {keys}\n"
                "having count(*) > max(questions.maximum_answers)",
            ),
            NoRows(
                "an option that excludes all others stands alone",
                f"select {keys}\n{with_option}group by {keys}\n"
                "having max(case when options.is_exclusive then 1 else 0 end) = 1\n"
                "    and count(*) > 1",
            ),
            NoRows(
                "no question is answered that was not asked",
                f"select distinct {keys} from {relation} as answers\n"
                "inner join cleaned.cln_response_questions as asked\n"
                "    on answers.wave = asked.wave\n"
                "    and answers.response_key = asked.response_key\n"
                "    and answers.question_id = asked.question_id\n"
                "where asked.status = 'not_asked'",
            ),
            NoRows(
                "no answer stands beside an answer that rules the question out",
                f"select distinct {keys} from {relation} as answers\n"
                "inner join registry.routing as routing\n"
                "    on answers.question_id = routing.question_id and routing.rule = 'none_of'\n"
                f"inner join {relation} as conditions\n"
                "    on answers.wave = conditions.wave\n"
                "    and answers.response_key = conditions.response_key\n"
                "    and routing.condition_question_id = conditions.question_id\n"
                "    and routing.condition_option_id = conditions.option_id",
            ),
            NoRows(
                "where a question is only for some, one of the answers that open it was given",
                f"select {keys} from {relation} as answers\n"
                "inner join registry.routing as routing\n"
                "    on answers.question_id = routing.question_id and routing.rule = 'any_of'\n"
                "inner join (\n"
                "    select distinct wave, question_id from registry.columns\n"
                "    where kind = 'export' and role = 'answer'\n"
                ") as listed\n"
                "    on answers.wave = listed.wave\n"
                "    and routing.condition_question_id = listed.question_id\n"
                "left join registry.options as options\n"
                "    on routing.condition_question_id = options.question_id\n"
                "    and routing.condition_option_id = options.option_id\n"
                f"left join {relation} as conditions\n"
                "    on answers.wave = conditions.wave\n"
                "    and answers.response_key = conditions.response_key\n"
                "    and routing.condition_question_id = conditions.question_id\n"
                "    and routing.condition_option_id = conditions.option_id\n"
                f"group by {keys}\n"
                "having count(conditions.option_id) = 0\n"
                "    and max(case when options.is_missing then 1 else 0 end) = 0",
            ),
        ),
    )


def _rejected_answers() -> Suite:
    relation = "cleaned.cln_rejected_answers"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_rejected_answers",
        grain="answer that is not valid",
        keys=("wave", "response_key", "question_id"),
        checks=(
            refers_to(relation, ("wave", "response_key"), "cleaned.cln_responses"),
            refers_to(relation, ("question_id",), "registry.questions"),
            _no_personal_questions(relation),
            NoRows(
                f"at most {MAXIMUM_REJECTED_SHARE:.0%} of the answers of a wave are rejected",
                "select rejected.wave, rejected.n_answers as found,\n"
                "    coalesce(valid.n_answers, 0) as expected\n"
                f"from (select wave, count(*) as n_answers from {relation} group by wave)\n"
                "    as rejected\n"
                "left join (\n"
                "    select wave, count(*) as n_answers from cleaned.cln_answers group by wave\n"
                ") as valid on rejected.wave = valid.wave\n"
                f"where rejected.n_answers > {MAXIMUM_REJECTED_SHARE}\n"
                "    * (rejected.n_answers + coalesce(valid.n_answers, 0))",
            ),
        ),
    )


def _response_questions() -> Suite:
    relation = "cleaned.cln_response_questions"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_response_questions",
        grain="wave, response and question of the wave's questionnaire",
        keys=("wave", "response_key", "question_id"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave", "response_key"), "cleaned.cln_responses"),
            _no_personal_questions(relation),
            NoRows(
                "a response has a status for every question of its wave's questionnaire",
                "select responses.wave, responses.response_key, listed.question_id\n"
                "from cleaned.cln_responses as responses\n"
                "inner join (\n"
                "    select distinct columns.wave, columns.question_id\n"
                "    from registry.columns as columns\n"
                "    inner join registry.questions as questions\n"
                "        on columns.question_id = questions.question_id\n"
                "    where columns.kind = 'export' and columns.role = 'answer'\n"
                f"        and not ({PERSONAL})\n"
                ") as listed on responses.wave = listed.wave\n"
                f"left join {relation} as found\n"
                "    on responses.wave = found.wave\n"
                "    and responses.response_key = found.response_key\n"
                "    and listed.question_id = found.question_id\n"
                "where found.question_id is null",
            ),
            NoRows(
                "a question is answered exactly when a valid answer is kept",
                "select coalesce(said.wave, kept.wave) as wave,\n"
                "    coalesce(said.response_key, kept.response_key) as response_key,\n"
                "    coalesce(said.question_id, kept.question_id) as question_id\n"
                "from (\n"
                f"    select wave, response_key, question_id from {relation}\n"
                "    where status = 'answered'\n"
                ") as said\n"
                "full join (\n"
                "    select distinct wave, response_key, question_id from cleaned.cln_answers\n"
                ") as kept\n"
                "    on said.wave = kept.wave\n"
                "    and said.response_key = kept.response_key\n"
                "    and said.question_id = kept.question_id\n"
                "where said.wave is null or kept.wave is null",
            ),
        ),
    )


def _indicator_values() -> Suite:
    relation = "cleaned.cln_indicator_values"
    with_kind = (
        f"select valued.wave, valued.response_key, valued.indicator_id from {relation} as valued\n"
        "inner join registry.indicators as indicators\n"
        "    on valued.indicator_id = indicators.indicator_id\n"
    )
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_indicator_values",
        grain="wave, response and indicator",
        keys=("wave", "response_key", "indicator_id"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave", "response_key"), "cleaned.cln_responses"),
            refers_to(relation, ("indicator_id",), "registry.indicators"),
            NoRows(
                "there is a value exactly when the status says so",
                f"{with_kind}where (valued.status = 'answered') <> (valued.value is not null)\n"
                "    or (valued.value is not null and valued.denominator is null)",
            ),
            NoRows(
                "a share is 0 or 1 for one response",
                f"{with_kind}where indicators.kind = 'share' and valued.value not in (0, 1)",
            ),
            NoRows(
                "a count is a whole number from 0 to the number of its items",
                f"{with_kind}inner join (\n"
                "    select indicator_id, count(*) as n_items from registry.indicator_items\n"
                "    where part = 'numerator' group by indicator_id\n"
                ") as items on valued.indicator_id = items.indicator_id\n"
                "where indicators.kind = 'count' and (\n"
                "    valued.value < 0 or valued.value > items.n_items\n"
                "    or valued.value <> floor(valued.value)\n"
                ")",
            ),
            NoRows(
                "a mean of scores lies within the scores of its options",
                f"{with_kind}inner join (\n"
                "    select items.indicator_id, min(options.score) as lowest,\n"
                "        max(options.score) as highest\n"
                "    from registry.indicator_items as items\n"
                "    inner join registry.options as options\n"
                "        on items.question_id = options.question_id\n"
                "    where options.score is not null and not options.is_missing\n"
                "    group by items.indicator_id\n"
                ") as scores on valued.indicator_id = scores.indicator_id\n"
                "where indicators.kind = 'mean'\n"
                "    and (valued.value < scores.lowest or valued.value > scores.highest)",
            ),
            NoRows(
                "a response with a value counts towards an estimate",
                f"{with_kind}where not isfinite(valued.value)\n"
                "    or not isfinite(valued.denominator)\n"
                "    or (indicators.kind <> 'ratio' and valued.denominator <> 1)",
            ),
        ),
    )
