with

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

responses as (

    select * from {{ ref('cln_responses') }}

),

waves as (

    select * from {{ ref('waves') }}

),

uncovered as (

    select
        organisation_strata.wave,
        organisation_strata.organisation_key
    from {{ ref('cln_organisation_strata') }} as organisation_strata
    inner join {{ ref('cln_strata') }} as strata
        on
            organisation_strata.wave = strata.wave
            and organisation_strata.stratum_id = strata.stratum_id
    where not strata.is_covered

),

-- Without a frame only those who answered are listed, and nobody knows a group's size.
final as (

    select
        organisation_groups.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        sum(case when waves.frame_source <> 'registry' then 1 end) as n_population,
        sum(
            case
                when waves.frame_source = 'registry' then null
                when uncovered.organisation_key is not null then 1
                else 0
            end
        ) as n_uncovered,
        count(responses.response_key) as n_responses
    from organisation_groups
    inner join waves
        on organisation_groups.wave = waves.wave
    left join responses
        on
            organisation_groups.wave = responses.wave
            and organisation_groups.organisation_key = responses.organisation_key
    left join uncovered
        on
            organisation_groups.wave = uncovered.wave
            and organisation_groups.organisation_key = uncovered.organisation_key
    group by
        organisation_groups.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id

)

select * from final
