{#- A fixed number of joins instead of a recursive query: Spark reads it, and the registry check
    refuses deeper trees. -#}
with

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

level_0 as (

    select
        classification_id,
        group_id,
        group_id as ancestor_group_id,
        parent_group_id as next_group_id,
        0 as distance
    from organisation_groups

),
{%- for level in range(1, var('group_depth') + 1) %}

level_{{ level }} as (

    select
        below.classification_id,
        below.group_id,
        organisation_groups.group_id as ancestor_group_id,
        organisation_groups.parent_group_id as next_group_id,
        {{ level }} as distance
    from level_{{ level - 1 }} as below
    inner join organisation_groups
        on
            below.classification_id = organisation_groups.classification_id
            and below.next_group_id = organisation_groups.group_id

),
{%- endfor %}

final as (
    {%- for level in range(0, var('group_depth') + 1) %}

    select
        classification_id,
        group_id,
        ancestor_group_id,
        distance
    from level_{{ level }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
