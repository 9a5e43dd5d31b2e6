with

groups_present as (

    select distinct
        wave,
        classification_id,
        group_id
    from {{ ref('est_domain_members') }}

),

final as (

    select
        row_number() over (order by wave, classification_id, group_id) as domain_id,
        wave,
        classification_id,
        group_id
    from groups_present

)

select * from final
