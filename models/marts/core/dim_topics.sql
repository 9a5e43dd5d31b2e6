with

topics as (

    select * from {{ ref('topics') }}

),

final as (

    select
        topic,
        position,
        label_nl,
        label_en
    from topics

)

select * from final
