with

answers as (

    select * from {{ ref('cln_coded_answers') }}

),

routed_questions as (

    select * from {{ ref('cln_routed_questions') }}

),

final as (

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
        case
            when answers.missing_reason is null and not coalesce(routed_questions.is_asked, true)
                then 'not_asked'
            else answers.rejection_reason
        end as rejection_reason
    from answers
    left join routed_questions
        on
            answers.wave = routed_questions.wave
            and answers.response_key = routed_questions.response_key
            and answers.question_id = routed_questions.question_id

)

select * from final
