{#- Whoever uses these weights refers to cln_weights, which rests on a check of them: see
    cln_calibrated_weights. -#}
with

responses as (

    select * from {{ ref('cln_responses') }}

),

submissions as (

    select * from {{ ref('stg_submissions') }}

),

organisation_strata as (

    select * from {{ ref('cln_organisation_strata') }}

),

strata as (

    select * from {{ ref('cln_strata') }}

),

weight_sources as (

    select * from {{ ref('weight_sources') }}

),

weighting_strata as (

    select
        wave,
        weighting_stratum_id,
        cast(sum(population_count) as bigint) as population_count,
        cast(sum(response_count) as bigint) as response_count,
        cast(sum(cluster_count) as bigint) as cluster_count,
        cast(sum(sampled_cluster_count) as bigint) as sampled_cluster_count,
        cast(sum(partial_cluster_count) as bigint) as partial_cluster_count
    from strata
    group by
        wave,
        weighting_stratum_id

),

weighted as (

    select
        responses.wave,
        responses.response_key,
        responses.organisation_key,
        submissions.row_number,
        organisation_strata.cluster_id,
        weighting_strata.weighting_stratum_id as stratum_id,
        weighting_strata.population_count,
        weighting_strata.response_count,
        weighting_strata.cluster_count,
        weighting_strata.sampled_cluster_count,
        weighting_strata.partial_cluster_count,
        submissions.delivered_weight,
        coalesce(weight_sources.weight_source, 'design') as weight_source,
        cast(weighting_strata.population_count as double)
        / weighting_strata.response_count as stratum_weight
    from responses
    inner join organisation_strata
        on
            responses.wave = organisation_strata.wave
            and responses.organisation_key = organisation_strata.organisation_key
    inner join strata
        on
            organisation_strata.wave = strata.wave
            and organisation_strata.stratum_id = strata.stratum_id
    inner join weighting_strata
        on
            strata.wave = weighting_strata.wave
            and strata.weighting_stratum_id = weighting_strata.weighting_stratum_id
    left join submissions
        on
            responses.wave = submissions.wave
            and responses.response_key = submissions.response_key
    left join weight_sources
        on responses.wave = weight_sources.wave

),

-- A weight that is not there is refused by the check; until then the row keeps one.
chosen as (

    select
        weighted.*,
        case
            when weighted.weight_source = 'delivered'
                then coalesce(weighted.delivered_weight, weighted.stratum_weight)
            else weighted.stratum_weight
        end as design_weight
    from weighted

),

compared as (

    select
        chosen.*,
        max(chosen.design_weight) over (partition by chosen.wave, chosen.stratum_id)
        <= min(chosen.design_weight) over (partition by chosen.wave, chosen.stratum_id) * (1 + 1e-9)
            as is_equally_weighted
    from chosen

),

-- The finite population correction belongs to units that were drawn with equal chances. It is left
-- out, which makes intervals too wide rather than too narrow, where chances differ, and where some of
-- a sampled cluster did not answer.
final as (

    select
        wave,
        response_key,
        organisation_key,
        row_number,
        cluster_id,
        stratum_id,
        population_count,
        response_count,
        cluster_count,
        coalesce(sampled_cluster_count, response_count) as sampled_count,
        case
            when not is_equally_weighted or partial_cluster_count > 0 then 0.0
            when sampled_cluster_count is not null
                then cast(sampled_cluster_count as double) / cluster_count
            else cast(response_count as double) / population_count
        end as sampled_fraction,
        weight_source,
        delivered_weight,
        stratum_weight,
        design_weight
    from compared

)

select * from final
