with

answers as (

    select * from {{ ref('cln_checked_answers') }}

),

responses as (

    select * from {{ ref('cln_responses') }}

),

final as (

    select
        answers.wave,
        answers.response_key,
        answers.question_id,
        answers.raw_value,
        answers.rejection_reason
    from answers
    inner join responses
        on
            answers.wave = responses.wave
            and answers.response_key = responses.response_key
    where answers.rejection_reason is not null

)

select * from final
