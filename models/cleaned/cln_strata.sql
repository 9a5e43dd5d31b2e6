with

organisation_strata as (

    select * from {{ ref('cln_organisation_strata') }}

),

responses as (

    select * from {{ ref('cln_responses') }}

),

waves as (

    select * from {{ ref('waves') }}

),

registry_strata as (

    select * from {{ ref('strata') }}

),

cluster_counts as (

    select * from {{ ref('cluster_counts') }}

),

counted as (

    select
        organisation_strata.wave,
        organisation_strata.stratum_id,
        max(organisation_strata.parent_stratum_id) as parent_stratum_id,
        count(*) as organisation_count,
        count(responses.response_key) as response_count
    from organisation_strata
    left join responses
        on
            organisation_strata.wave = responses.wave
            and organisation_strata.organisation_key = responses.organisation_key
    group by
        organisation_strata.wave,
        organisation_strata.stratum_id

),

clusters as (

    select
        organisation_strata.wave,
        organisation_strata.stratum_id,
        organisation_strata.cluster_id,
        count(*) as organisation_count,
        count(responses.response_key) as response_count
    from organisation_strata
    left join responses
        on
            organisation_strata.wave = responses.wave
            and organisation_strata.organisation_key = responses.organisation_key
    where organisation_strata.cluster_id is not null
    group by
        organisation_strata.wave,
        organisation_strata.stratum_id,
        organisation_strata.cluster_id

),

-- A cluster of which some did not answer was sampled a second time, by who answered.
counted_clusters as (

    select
        wave,
        stratum_id,
        count(*) as listed_cluster_count,
        sum(case when response_count > 0 then 1 else 0 end) as sampled_cluster_count,
        sum(case when response_count > 0 and response_count < organisation_count then 1 else 0 end)
            as partial_cluster_count
    from clusters
    group by
        wave,
        stratum_id

),

sized as (

    select
        counted.wave,
        counted.stratum_id,
        counted.parent_stratum_id,
        counted.response_count,
        case
            when waves.frame_source = 'registry' then cluster_counts.cluster_count
            else counted_clusters.listed_cluster_count
        end as cluster_count,
        counted_clusters.sampled_cluster_count,
        counted_clusters.partial_cluster_count,
        case
            when waves.frame_source = 'registry' then registry_strata.population_count
            else counted.organisation_count
        end as population_count
    from counted
    inner join waves
        on counted.wave = waves.wave
    left join registry_strata
        on
            counted.wave = registry_strata.wave
            and counted.stratum_id = registry_strata.stratum_id
    left join counted_clusters
        on
            counted.wave = counted_clusters.wave
            and counted.stratum_id = counted_clusters.stratum_id
    left join cluster_counts
        on
            counted.wave = cluster_counts.wave
            and counted.stratum_id = cluster_counts.stratum_id

    union all

    -- Strata of the registry in which nobody answered.
    select
        registry_strata.wave,
        registry_strata.stratum_id,
        cast(null as {{ dbt.type_string() }}) as parent_stratum_id,
        0 as response_count,
        cast(null as integer) as cluster_count,
        cast(null as integer) as sampled_cluster_count,
        cast(null as integer) as partial_cluster_count,
        registry_strata.population_count
    from registry_strata
    inner join waves
        on registry_strata.wave = waves.wave
    left join counted
        on
            registry_strata.wave = counted.wave
            and registry_strata.stratum_id = counted.stratum_id
    where
        waves.frame_source = 'registry'
        and counted.stratum_id is null

),

-- A stratum with too few responses, or clusters that have one, joins the sibling that has the most;
-- one that is complete or has no siblings stays.
siblings as (

    select
        *,
        first_value(stratum_id) over (
            partition by wave, coalesce(parent_stratum_id, stratum_id)
            order by response_count desc, population_count desc, stratum_id
        ) as largest_sibling_id,
        coalesce(sampled_cluster_count, response_count)
        < {{ publication_rule('minimum_stratum_responses') }}
        and coalesce(sampled_cluster_count, response_count) < coalesce(cluster_count, population_count)
            as is_too_small
    from sized

),

assigned as (

    select
        *,
        case
            when is_too_small and parent_stratum_id is not null then largest_sibling_id
            else stratum_id
        end as weighting_stratum_id
    from siblings

),

final as (

    select
        wave,
        stratum_id,
        weighting_stratum_id,
        weighting_stratum_id <> stratum_id as is_collapsed,
        cast(population_count as bigint) as population_count,
        cast(response_count as bigint) as response_count,
        cast(cluster_count as bigint) as cluster_count,
        cast(sampled_cluster_count as bigint) as sampled_cluster_count,
        cast(partial_cluster_count as bigint) as partial_cluster_count,
        sum(response_count) over (partition by wave, weighting_stratum_id) > 0 as is_covered
    from assigned

)

select * from final
