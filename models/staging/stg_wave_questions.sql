with

mapping as (

    select distinct
        wave,
        question_id
    from {{ ref('columns') }}
    where
        kind = 'export'
        and role = 'answer'

),

questions as (

    select * from {{ ref('questions') }}

),

final as (

    select
        mapping.wave,
        questions.question_id,
        questions.answer_type,
        questions.minimum,
        questions.maximum,
        questions.maximum_answers,
        coalesce(questions.is_personal, false) or questions.answer_type = 'text' as is_withheld
    from mapping
    inner join questions
        on mapping.question_id = questions.question_id

)

select * from final
