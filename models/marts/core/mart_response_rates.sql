with

response_rates as (

    select * from {{ ref('fct_response_rates') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

final as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in group_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        response_rates.n_population,
        response_rates.n_responses,
        response_rates.n_uncovered,
        response_rates.response_rate,
        response_rates.suppression_status,
        response_rates.suppression_reason,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from response_rates
    inner join waves
        on response_rates.wave = waves.wave
    inner join organisation_groups
        on
            response_rates.classification_id = organisation_groups.classification_id
            and response_rates.group_id = organisation_groups.group_id

)

select * from final
