with

classifications as (

    select * from {{ ref('classifications') }}

),

crossings as (

    select * from {{ ref('crossings') }}

),

crossed as (

    select
        {{ crossed_id('divided.classification_id', 'dividing.classification_id') }} as classification_id,
        {{ crossed_label('divided.label_nl', 'dividing.label_nl', ' × ') }} as label_nl,
        {{ crossed_label('divided.label_en', 'dividing.label_en', ' × ') }} as label_en,
        100 * divided.position + dividing.position as position,
        divided.is_exhaustive and dividing.is_exhaustive as is_exhaustive,
        divided.within_group_id,
        divided.classification_id as divided_classification_id,
        dividing.classification_id as dividing_classification_id
    from crossings
    inner join classifications as divided
        on crossings.classification_id = divided.classification_id
    inner join classifications as dividing
        on crossings.crossed_classification_id = dividing.classification_id

),

final as (

    select
        classification_id,
        label_nl,
        label_en,
        position,
        is_exhaustive,
        within_group_id,
        cast(null as {{ dbt.type_string() }}) as divided_classification_id,
        cast(null as {{ dbt.type_string() }}) as dividing_classification_id
    from classifications

    union all

    select
        classification_id,
        label_nl,
        label_en,
        position,
        is_exhaustive,
        within_group_id,
        divided_classification_id,
        dividing_classification_id
    from crossed

)

select * from final
