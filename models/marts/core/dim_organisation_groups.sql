with

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

levels as (

    select
        classification_id,
        group_id,
        max(distance) as group_level
    from {{ ref('stg_group_ancestors') }}
    group by
        classification_id,
        group_id

),

final as (

    select
        organisation_groups.classification_id,
        organisation_groups.group_id,
        organisation_groups.parent_group_id,
        organisation_groups.label_nl,
        organisation_groups.label_en,
        organisation_groups.position,
        levels.group_level,
        organisation_groups.divided_group_id,
        organisation_groups.dividing_group_id
    from organisation_groups
    inner join levels
        on
            organisation_groups.classification_id = levels.classification_id
            and organisation_groups.group_id = levels.group_id

)

select * from final
