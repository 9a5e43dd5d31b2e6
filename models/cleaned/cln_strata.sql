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

sized as (

    select
        counted.wave,
        counted.stratum_id,
        counted.parent_stratum_id,
        counted.response_count,
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

    union all

    -- Strata of the registry in which nobody answered.
    select
        registry_strata.wave,
        registry_strata.stratum_id,
        cast(null as {{ dbt.type_string() }}) as parent_stratum_id,
        0 as response_count,
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

-- A stratum with too few responses joins the sibling that has the most; one that is complete
-- or has no siblings stays.
siblings as (

    select
        *,
        first_value(stratum_id) over (
            partition by wave, coalesce(parent_stratum_id, stratum_id)
            order by response_count desc, population_count desc, stratum_id
        ) as largest_sibling_id,
        response_count < {{ publication_rule('minimum_stratum_responses') }}
        and response_count < population_count as is_too_small
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
        sum(response_count) over (partition by wave, weighting_stratum_id) > 0 as is_covered
    from assigned

)

select * from final
