with

answers as (

    select * from {{ ref('stg_answers') }}
    where
        not is_withheld
        and coalesce(missing_reason, '') <> 'not_selected'

),

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}

),

judged as (

    select
        answers.wave,
        answers.response_key,
        answers.question_id,
        answers.answer_type,
        answers.raw_value,
        answers.option_id,
        answers.numeric_value,
        answers.date_value,
        answers.missing_reason,
        answers.is_exclusive,
        case
            when answers.missing_reason is not null then null
            when
                answers.answer_type in ('single', 'multiple', 'scale')
                and answers.option_id is null
                then 'unknown_code'
            when answers.answer_type = 'number' and answers.numeric_value is null then 'not_a_number'
            when answers.answer_type = 'date' and answers.date_value is null then 'not_a_date'
            when
                answers.answer_type = 'number'
                and (
                    answers.numeric_value < wave_questions.minimum
                    or answers.numeric_value > wave_questions.maximum
                )
                then 'out_of_range'
        end as rejection_reason
    from answers
    inner join wave_questions
        on
            answers.wave = wave_questions.wave
            and answers.question_id = wave_questions.question_id

),

-- Questions that one response can answer more than once: in several columns, or in one that holds
-- several marks. What follows compares the answers of a response to one question.
repeatable_questions as (

    select
        wave,
        question_id
    from {{ ref('stg_column_mapping') }}
    where
        kind = 'export'
        and role = 'answer'
    group by
        wave,
        question_id
    having
        count(*) > count(distinct export_id)
        or count(separator) > 0

),

repeatable as (

    select judged.*
    from judged
    inner join repeatable_questions
        on
            judged.wave = repeatable_questions.wave
            and judged.question_id = repeatable_questions.question_id

),

-- An option that excludes all others, ticked beside another: nobody can say which was meant.
conflicts as (

    select
        wave,
        response_key,
        question_id
    from repeatable
    where
        rejection_reason is null
        and missing_reason is null
        and option_id is not null
    group by
        wave,
        response_key,
        question_id
    having
        max(case when is_exclusive then 1 else 0 end) = 1
        and count(distinct option_id) > 1

),

-- More options than the question allows: nobody can say which would have been left out.
too_many as (

    select
        repeatable.wave,
        repeatable.response_key,
        repeatable.question_id
    from repeatable
    inner join wave_questions
        on
            repeatable.wave = wave_questions.wave
            and repeatable.question_id = wave_questions.question_id
    where
        repeatable.rejection_reason is null
        and repeatable.missing_reason is null
        and repeatable.option_id is not null
    group by
        repeatable.wave,
        repeatable.response_key,
        repeatable.question_id
    having count(distinct repeatable.option_id) > max(wave_questions.maximum_answers)

),

-- A question in versions, a column each: somebody who answered two of them answered neither.
several as (

    select
        wave,
        response_key,
        question_id
    from repeatable
    where answer_type in ('single', 'scale')
    group by
        wave,
        response_key,
        question_id
    having count(*) > 1

),

final as (

    select
        judged.wave,
        judged.response_key,
        judged.question_id,
        judged.answer_type,
        judged.raw_value,
        judged.option_id,
        judged.numeric_value,
        judged.date_value,
        judged.missing_reason,
        case
            when judged.rejection_reason is not null then judged.rejection_reason
            when judged.missing_reason is null and conflicts.question_id is not null
                then 'exclusive_conflict'
            when judged.missing_reason is null and several.question_id is not null
                then 'several_answers'
            when judged.missing_reason is null and too_many.question_id is not null
                then 'too_many_answers'
        end as rejection_reason
    from judged
    left join conflicts
        on
            judged.wave = conflicts.wave
            and judged.response_key = conflicts.response_key
            and judged.question_id = conflicts.question_id
    left join several
        on
            judged.wave = several.wave
            and judged.response_key = several.response_key
            and judged.question_id = several.question_id
    left join too_many
        on
            judged.wave = too_many.wave
            and judged.response_key = too_many.response_key
            and judged.question_id = too_many.question_id

)

select * from final
