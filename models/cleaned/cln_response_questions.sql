with

responses as (

    select * from {{ ref('cln_responses') }}

),

submissions as (

    select * from {{ ref('stg_submissions') }}

),

mapping as (

    select * from {{ ref('columns') }}
    where
        kind = 'export'
        and role = 'answer'

),

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}
    where not is_withheld

),

routed_questions as (

    select * from {{ ref('cln_routed_questions') }}

),

answers as (

    select
        wave,
        response_key,
        question_id,
        max(case when rejection_reason is null and missing_reason is null then 1 else 0 end) as n_valid,
        max(case when rejection_reason is not null then 1 else 0 end) as n_rejected,
        min(case when rejection_reason is null then missing_reason end) as missing_reason
    from {{ ref('cln_checked_answers') }}
    group by
        wave,
        response_key,
        question_id

),

parts as (

    select distinct
        wave,
        part
    from submissions

),

-- The files of a wave can hold different questionnaires.
part_questions as (

    select distinct
        parts.wave,
        parts.part,
        mapping.question_id
    from parts
    inner join mapping
        on
            parts.wave = mapping.wave
            and (mapping.part is null or parts.part = mapping.part)

),

final as (

    select
        responses.wave,
        responses.response_key,
        wave_questions.question_id,
        case
            when part_questions.question_id is null then 'not_asked'
            when not coalesce(routed_questions.is_asked, true) then 'not_asked'
            when answers.n_valid = 1 then 'answered'
            when answers.n_rejected = 1 then 'rejected'
            when answers.missing_reason in ('dont_know', 'not_applicable') then answers.missing_reason
            else 'no_answer'
        end as status,
        case
            when coalesce(routed_questions.is_asked, true) and answers.n_valid = 0
                then answers.missing_reason
        end as missing_reason
    from responses
    inner join wave_questions
        on responses.wave = wave_questions.wave
    inner join submissions
        on
            responses.wave = submissions.wave
            and responses.response_key = submissions.response_key
    left join part_questions
        on
            submissions.wave = part_questions.wave
            and submissions.part = part_questions.part
            and wave_questions.question_id = part_questions.question_id
    left join routed_questions
        on
            responses.wave = routed_questions.wave
            and responses.response_key = routed_questions.response_key
            and wave_questions.question_id = routed_questions.question_id
    left join answers
        on
            responses.wave = answers.wave
            and responses.response_key = answers.response_key
            and wave_questions.question_id = answers.question_id

)

select * from final
