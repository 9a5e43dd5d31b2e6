{% from "_shared.sql" import no_personal_answers %}
-- table: cleaned.cln_response_questions
-- grain: wave, response and question of the wave's questionnaire
-- keys: wave, response_key, question_id
-- not empty
-- refers: wave, response_key -> cleaned.cln_responses

{{ no_personal_answers("cleaned.cln_response_questions") }}

-- expect: a response has a status for every question of its wave's questionnaire
with listed as (
    select distinct
        columns.wave,
        columns.question_id
    from registry.columns as columns
    inner join registry.questions as questions
        on columns.question_id = questions.question_id
    where
        columns.kind = 'export' and columns.role = 'answer'
        and not (questions.is_personal or questions.answer_type = 'text')
)

select
    responses.wave,
    responses.response_key,
    listed.question_id
from cleaned.cln_responses as responses
inner join listed on responses.wave = listed.wave
left join cleaned.cln_response_questions as found
    on
        responses.wave = found.wave
        and responses.response_key = found.response_key
        and listed.question_id = found.question_id
where found.question_id is null;

-- expect: a question is answered exactly when a valid answer is kept
with kept as (
    select distinct
        wave,
        response_key,
        question_id
    from cleaned.cln_answers
),

said as (
    select
        wave,
        response_key,
        question_id
    from cleaned.cln_response_questions
    where status = 'answered'
)

select
    coalesce(said.wave, kept.wave) as wave,
    coalesce(said.response_key, kept.response_key) as response_key,
    coalesce(said.question_id, kept.question_id) as question_id
from said
full join kept
    on
        said.wave = kept.wave
        and said.response_key = kept.response_key
        and said.question_id = kept.question_id
where said.wave is null or kept.wave is null;
