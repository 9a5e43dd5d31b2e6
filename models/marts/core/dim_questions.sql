with

questions as (

    select * from {{ ref('questions') }}

),

final as (

    select
        question_id,
        block,
        position,
        answer_type,
        wording_nl,
        wording_en,
        first_wave,
        last_wave,
        base_nl,
        base_en
    from questions
    where not coalesce(is_personal, false)

)

select * from final
