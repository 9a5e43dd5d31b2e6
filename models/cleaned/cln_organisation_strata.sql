with

organisations as (

    select * from {{ ref('cln_organisations') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}
    where is_leaf

),

strata_design as (

    select * from {{ ref('strata_design') }}

),

dimensions as (

    select
        organisations.wave,
        organisations.organisation_key,
        organisations.cluster_id,
        strata_design.position,
        coalesce(organisation_groups.group_id, 'unclassified') as group_id
    from organisations
    inner join strata_design
        on organisations.wave = strata_design.wave
    left join organisation_groups
        on
            organisations.wave = organisation_groups.wave
            and organisations.organisation_key = organisation_groups.organisation_key
            and strata_design.classification_id = organisation_groups.classification_id

),

positioned as (

    select
        wave,
        organisation_key,
        max(cluster_id) as cluster_id,
        max(position) as n_dimensions,
        max(case when position = 1 then group_id end) as group_1,
        max(case when position = 2 then group_id end) as group_2,
        max(case when position = 3 then group_id end) as group_3
    from dimensions
    group by
        wave,
        organisation_key

),

-- A stratum may merge with the strata that differ in the last dimension only.
final as (

    select
        wave,
        organisation_key,
        case n_dimensions
            when 1 then group_1
            when 2 then concat(group_1, '|', group_2)
            when 3 then concat(group_1, '|', group_2, '|', group_3)
        end as stratum_id,
        case n_dimensions
            when 2 then group_1
            when 3 then concat(group_1, '|', group_2)
        end as parent_stratum_id,
        cluster_id
    from positioned

)

select * from final
