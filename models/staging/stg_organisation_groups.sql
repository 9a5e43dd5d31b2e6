with

organisation_groups as (

    select * from {{ ref('organisation_groups') }}

),

crossings as (

    select * from {{ ref('crossings') }}

),

-- Above a crossed group is the same part of the group above.
crossed as (

    select
        {{ crossed_id('divided.classification_id', 'dividing.classification_id') }} as classification_id,
        {{ crossed_id('divided.group_id', 'dividing.group_id') }} as group_id,
        case
            when divided.parent_group_id is not null
                then {{ crossed_id('divided.parent_group_id', 'dividing.group_id') }}
        end as parent_group_id,
        {{ crossed_label('divided.label_nl', 'dividing.label_nl', ', ') }} as label_nl,
        {{ crossed_label('divided.label_en', 'dividing.label_en', ', ') }} as label_en,
        100 * divided.position + dividing.position as position,
        divided.classification_id as divided_classification_id,
        divided.group_id as divided_group_id,
        dividing.group_id as dividing_group_id
    from crossings
    inner join organisation_groups as divided
        on crossings.classification_id = divided.classification_id
    inner join organisation_groups as dividing
        on crossings.crossed_classification_id = dividing.classification_id

),

final as (

    select
        classification_id,
        group_id,
        parent_group_id,
        label_nl,
        label_en,
        position,
        cast(null as {{ dbt.type_string() }}) as divided_classification_id,
        cast(null as {{ dbt.type_string() }}) as divided_group_id,
        cast(null as {{ dbt.type_string() }}) as dividing_group_id
    from organisation_groups

    union all

    select
        classification_id,
        group_id,
        parent_group_id,
        label_nl,
        label_en,
        position,
        divided_classification_id,
        divided_group_id,
        dividing_group_id
    from crossed

)

select * from final
