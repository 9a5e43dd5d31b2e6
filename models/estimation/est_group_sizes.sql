with

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

responses as (

    select * from {{ ref('cln_responses') }}

),

final as (

    select
        organisation_groups.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        count(*) as n_population,
        count(responses.response_key) as n_responses
    from organisation_groups
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
