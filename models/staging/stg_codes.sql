{{ config(materialized='ephemeral') }}

with

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}

),

codes as (

    select
        question_id,
        wave,
        option_id,
        missing_reason,
        {{ normalise_label('raw_value') }} as code_value
    from {{ ref('codes') }}

),

candidates as (

    select
        wave_questions.wave,
        wave_questions.question_id,
        codes.code_value,
        codes.option_id,
        codes.missing_reason,
        row_number() over (
            partition by wave_questions.wave, wave_questions.question_id, codes.code_value
            order by
                case when codes.question_id is null then 1 else 0 end,
                case when codes.wave is null then 1 else 0 end
        ) as preference
    from wave_questions
    inner join codes
        on
            (codes.question_id is null or wave_questions.question_id = codes.question_id)
            and (codes.wave is null or wave_questions.wave = codes.wave)

),

final as (

    select
        wave,
        question_id,
        code_value,
        option_id,
        missing_reason
    from candidates
    where preference = 1

)

select * from final
