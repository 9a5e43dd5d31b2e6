with

classifications as (

    select * from {{ ref('stg_classifications') }}

),

final as (

    select
        classification_id,
        label_nl,
        label_en,
        position,
        is_exhaustive,
        divided_classification_id,
        dividing_classification_id
    from classifications

)

select * from final
