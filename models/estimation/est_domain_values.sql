{{ config(materialized='view') }}

with

indicator_values as (

    select * from {{ ref('cln_indicator_values') }}

),

weights as (

    select * from {{ ref('cln_weights') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

final as (

    select
        indicator_values.wave,
        domains.classification_id,
        domains.group_id,
        indicator_values.indicator_id,
        indicator_values.response_key,
        weights.organisation_key,
        indicator_values.status,
        indicator_values.value,
        indicator_values.denominator,
        weights.stratum_id,
        weights.population_count,
        weights.response_count,
        weights.design_weight,
        weights.weight
    from indicator_values
    inner join weights
        on
            indicator_values.wave = weights.wave
            and indicator_values.response_key = weights.response_key
    inner join domains
        on
            weights.wave = domains.wave
            and weights.organisation_key = domains.organisation_key

)

select * from final
