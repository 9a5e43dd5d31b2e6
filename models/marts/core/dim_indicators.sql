with

indicators as (

    select * from {{ ref('indicators') }}

),

final as (

    select
        indicator_id,
        topic,
        position,
        kind,
        label_nl,
        label_en,
        base_nl,
        base_en,
        direction,
        unit
    from indicators

)

select * from final
