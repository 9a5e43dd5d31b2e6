with

classifications as (

    select * from {{ ref('classifications') }}

),

final as (

    select
        classification_id,
        label_nl,
        label_en,
        position,
        is_exhaustive
    from classifications

)

select * from final
