{#- The rows of a core mart that one organisation group may be given: the group itself, the groups
    below it, the classifications that divide nothing but these groups, and crossings of them. Where
    a row is about two groups, either may be one of these. -#}
{% macro organisation_group_mart(mart, group_id, group_columns=['group_id']) -%}
with

mart as (

    select * from {{ ref(mart) }}

),

ancestors as (

    select * from {{ ref('stg_group_ancestors') }}

),

classifications as (

    select * from {{ ref('stg_classifications') }}

),

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

uncrossed_groups as (

    select
        ancestors.classification_id,
        ancestors.group_id
    from ancestors
    where ancestors.ancestor_group_id = '{{ group_id }}'

    union distinct

    select
        ancestors.classification_id,
        ancestors.group_id
    from ancestors
    inner join classifications
        on ancestors.classification_id = classifications.classification_id
    inner join ancestors as divided_groups
        on classifications.within_group_id = divided_groups.group_id
    where divided_groups.ancestor_group_id = '{{ group_id }}'

),

own_groups as (

    select
        classification_id,
        group_id
    from uncrossed_groups

    union distinct

    select
        organisation_groups.classification_id,
        organisation_groups.group_id
    from organisation_groups
    inner join uncrossed_groups
        on
            organisation_groups.divided_classification_id = uncrossed_groups.classification_id
            and organisation_groups.divided_group_id = uncrossed_groups.group_id

),

final as (

    select mart.*
    from mart
    {%- for column in group_columns %}
    left join own_groups as own_{{ column }}
        on
            mart.classification_id = own_{{ column }}.classification_id
            and mart.{{ column }} = own_{{ column }}.group_id
    {%- endfor %}
    where
        {%- for column in group_columns %}
        {{ 'or ' if not loop.first }}own_{{ column }}.group_id is not null
        {%- endfor %}

)

select * from final
{%- endmacro %}
