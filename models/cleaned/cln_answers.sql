with

answers as (

    select * from {{ ref('cln_checked_answers') }}

),

responses as (

    select * from {{ ref('cln_responses') }}

),

-- Two columns or two codes can say the same: one option is one answer.
final as (

    select distinct
        answers.wave,
        answers.response_key,
        answers.question_id,
        answers.option_id,
        answers.numeric_value,
        answers.date_value
    from answers
    inner join responses
        on
            answers.wave = responses.wave
            and answers.response_key = responses.response_key
    where
        answers.rejection_reason is null
        and answers.missing_reason is null

)

select * from final
