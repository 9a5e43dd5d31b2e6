with

answers as (

    select * from {{ ref('stg_answers') }}

),

final as (

    select
        wave,
        question_id,
        raw_value,
        count(*) as n_cells
    from answers
    where
        answer_type in ('single', 'multiple', 'scale')
        and not has_code
        and not is_withheld
    group by
        wave,
        question_id,
        raw_value

)

select * from final
