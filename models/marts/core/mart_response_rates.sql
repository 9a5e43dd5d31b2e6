with

response_rates as (

    select * from {{ ref('fct_response_rates') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

final as (

    select
        response_rates.wave,
        response_rates.classification_id,
        response_rates.group_id,
        organisation_groups.label_nl as group_label_nl,
        organisation_groups.label_en as group_label_en,
        response_rates.n_population,
        response_rates.n_responses,
        response_rates.n_uncovered,
        response_rates.response_rate,
        response_rates.suppression_status,
        response_rates.suppression_reason
    from response_rates
    inner join organisation_groups
        on
            response_rates.classification_id = organisation_groups.classification_id
            and response_rates.group_id = organisation_groups.group_id

)

select * from final
