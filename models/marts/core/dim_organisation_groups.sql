with

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

classifications as (

    select * from {{ ref('stg_classifications') }}

),

parents as (

    select distinct
        classification_id,
        parent_group_id
    from organisation_groups

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
        organisation_groups.group_id,
        organisation_groups.classification_id,
        classifications.label_nl as classification_label_nl,
        classifications.label_en as classification_label_en,
        classifications.position as classification_position,
        organisation_groups.parent_group_id,
        organisation_groups.label_nl,
        organisation_groups.label_en,
        organisation_groups.position,
        levels.group_level,
        parents.parent_group_id is not null as is_total,
        organisation_groups.divided_group_id,
        organisation_groups.dividing_group_id
    from organisation_groups
    inner join classifications
        on organisation_groups.classification_id = classifications.classification_id
    inner join levels
        on
            organisation_groups.classification_id = levels.classification_id
            and organisation_groups.group_id = levels.group_id
    left join parents
        on
            organisation_groups.classification_id = parents.classification_id
            and organisation_groups.group_id = parents.parent_group_id

)

select * from final
