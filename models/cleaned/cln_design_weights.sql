with

responses as (

    select * from {{ ref('cln_responses') }}

),

organisation_strata as (

    select * from {{ ref('cln_organisation_strata') }}

),

strata as (

    select * from {{ ref('cln_strata') }}

),

weighting_strata as (

    select
        wave,
        weighting_stratum_id,
        cast(sum(population_count) as bigint) as population_count,
        cast(sum(response_count) as bigint) as response_count
    from strata
    group by
        wave,
        weighting_stratum_id

),

final as (

    select
        responses.wave,
        responses.response_key,
        responses.organisation_key,
        weighting_strata.weighting_stratum_id as stratum_id,
        weighting_strata.population_count,
        weighting_strata.response_count,
        cast(weighting_strata.population_count as double)
        / weighting_strata.response_count as design_weight
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

)

select * from final
