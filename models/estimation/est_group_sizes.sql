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

-- Without a frame only those who answered are listed, and nobody knows a group's size.
final as (

    select
        organisation_groups.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        sum(case when waves.frame_source <> 'registry' then 1 end) as n_population,
        count(responses.response_key) as n_responses
    from organisation_groups
    inner join waves
        on organisation_groups.wave = waves.wave
    left join responses
        on
            organisation_groups.wave = responses.wave
            and organisation_groups.organisation_key = responses.organisation_key
    group by
        organisation_groups.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id

)

select * from final
