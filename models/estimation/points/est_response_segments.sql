{#- A segment holds the responses of one stratum that are in exactly the same groups, have one weight
    and are of one cluster, where clusters were sampled. All that is estimated is a sum over segments,
    so that nothing is kept per response. By design the weight is that of the stratum, and calibration
    goes by groups; only delivered weights divide a stratum further. -#}
with

weights as (

    select * from {{ ref('cln_weights') }}

),

members as (

    select * from {{ ref('est_domain_members') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

grouped as (

    select
        weights.wave,
        weights.organisation_key,
        {{ dbt.listagg('domains.domain_id', "' '", 'order by domains.domain_id') }} as domain_ids
    from weights
    inner join members
        on
            weights.wave = members.wave
            and weights.organisation_key = members.organisation_key
    inner join domains
        on
            members.wave = domains.wave
            and members.classification_id = domains.classification_id
            and members.group_id = domains.group_id
    group by
        weights.wave,
        weights.organisation_key

),

final as (

    select
        dense_rank() over (
            order by
                weights.wave,
                weights.stratum_id,
                weights.weight,
                weights.cluster_id,
                grouped.domain_ids
        ) as segment_id,
        weights.wave,
        weights.response_key,
        weights.organisation_key,
        weights.stratum_id,
        weights.cluster_id,
        weights.population_count,
        weights.response_count,
        weights.sampled_count,
        weights.sampled_fraction,
        weights.design_weight,
        weights.weight
    from weights
    inner join grouped
        on
            weights.wave = grouped.wave
            and weights.organisation_key = grouped.organisation_key

)

select * from final
