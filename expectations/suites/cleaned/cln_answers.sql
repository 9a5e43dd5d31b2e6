{% from "_shared.sql" import no_personal_answers %}
-- table: cleaned.cln_answers
-- grain: wave, response, question and option that was validly given
-- keys: wave, response_key, question_id
-- not empty
-- unique: wave, response_key, question_id, option_id
-- refers: wave, response_key -> cleaned.cln_responses
-- refers: question_id, option_id -> registry.options

{{ no_personal_answers("cleaned.cln_answers") }}

-- expect: every answered question was on the questionnaire of the wave
select distinct
    answers.wave,
    answers.question_id
from cleaned.cln_answers as answers
where
    answers.wave is not null and answers.question_id is not null
    and not exists (
        select 1 from registry.columns as listed
        where answers.wave = listed.wave and answers.question_id = listed.question_id
    );

-- expect: the question existed in the wave
select distinct
    answers.wave,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.questions as questions
    on answers.question_id = questions.question_id
where answers.wave < questions.first_wave or answers.wave > questions.last_wave;

-- expect: the option existed in the wave
select distinct
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.options as options
    on
        answers.question_id = options.question_id
        and answers.option_id = options.option_id
where answers.wave < options.first_wave or answers.wave > options.last_wave;

-- expect: don't know and not applicable are no answers
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.options as options
    on
        answers.question_id = options.question_id
        and answers.option_id = options.option_id
where options.is_missing;

-- expect: an answer has the form that its question asks for
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.questions as questions
    on answers.question_id = questions.question_id
where
    (questions.answer_type in ('single', 'multiple', 'scale'))
    <> (answers.option_id is not null)
    or (questions.answer_type = 'number' and answers.numeric_value is null);

-- expect: a number lies within the limits of its question
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.questions as questions
    on answers.question_id = questions.question_id
where questions.answer_type = 'number' and (
    answers.numeric_value < questions.minimum
    or answers.numeric_value > questions.maximum
    or not isfinite(answers.numeric_value)
);

-- expect: only a multiple-choice question has more than one answer
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.questions as questions
    on answers.question_id = questions.question_id
where questions.answer_type <> 'multiple'
group by answers.wave, answers.response_key, answers.question_id
having count(*) > 1;

-- expect: nobody gave more answers than the question allows
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.questions as questions
    on answers.question_id = questions.question_id
group by answers.wave, answers.response_key, answers.question_id
having count(*) > max(questions.maximum_answers);

-- expect: an option that excludes all others stands alone
select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.options as options
    on
        answers.question_id = options.question_id
        and answers.option_id = options.option_id
group by answers.wave, answers.response_key, answers.question_id
having
    max(case when options.is_exclusive then 1 else 0 end) = 1
    and count(*) > 1;

-- expect: no question is answered that was not asked
select distinct
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join cleaned.cln_response_questions as asked
    on
        answers.wave = asked.wave
        and answers.response_key = asked.response_key
        and answers.question_id = asked.question_id
where asked.status = 'not_asked';

-- expect: no answer stands beside an answer that rules the question out
select distinct
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.routing as routing
    on answers.question_id = routing.question_id and routing.rule = 'none_of'
inner join cleaned.cln_answers as conditions
    on
        answers.wave = conditions.wave
        and answers.response_key = conditions.response_key
        and routing.condition_question_id = conditions.question_id
        and routing.condition_option_id = conditions.option_id;

-- expect: where a question is only for some, one of the answers that open it was given
with listed as (
    select distinct
        wave,
        question_id
    from registry.columns
    where kind = 'export' and role = 'answer'
)

select
    answers.wave,
    answers.response_key,
    answers.question_id
from cleaned.cln_answers as answers
inner join registry.routing as routing
    on answers.question_id = routing.question_id and routing.rule = 'any_of'
inner join listed
    on
        answers.wave = listed.wave
        and routing.condition_question_id = listed.question_id
left join registry.options as options
    on
        routing.condition_question_id = options.question_id
        and routing.condition_option_id = options.option_id
left join cleaned.cln_answers as conditions
    on
        answers.wave = conditions.wave
        and answers.response_key = conditions.response_key
        and routing.condition_question_id = conditions.question_id
        and routing.condition_option_id = conditions.option_id
group by answers.wave, answers.response_key, answers.question_id
having
    count(conditions.option_id) = 0
    and max(case when options.is_missing then 1 else 0 end) = 0;
