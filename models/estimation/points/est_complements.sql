{{ config(materialized='view') }}

with

comparisons as (

    select distinct
        classification_id,
        group_a as group_id,
        rest_of_group_id
    from {{ ref('comparisons') }}
    where rest_of_group_id is not null

),

counted as (

    select
        *,
        count(*) over (partition by classification_id, group_id) as n_rests
    from comparisons

),

-- The rest of what is said only where one group has several rests.
final as (

    select
        classification_id,
        group_id,
        rest_of_group_id,
        case
            when n_rests > 1 then concat('~', group_id, '~', rest_of_group_id)
            else concat('~', group_id)
        end as complement_group_id
    from counted

)

select * from final
