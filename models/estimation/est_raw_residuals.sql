{{ config(materialized='view') }}

with

domain_values as (

    select * from {{ ref('est_domain_values') }}
    where status = 'answered'

),

points as (

    select * from {{ ref('est_points') }}

),

-- Linearised values: how far each answer lies from what the estimate says of it.
distances as (

    select
        domain_values.wave,
        domain_values.classification_id,
        domain_values.group_id,
        domain_values.indicator_id,
        domain_values.response_key,
        domain_values.organisation_key,
        domain_values.stratum_id,
        domain_values.population_count,
        domain_values.response_count,
        domain_values.design_weight,
        domain_values.weight,
        domain_values.value,
        domain_values.value
        - case
            when points.kind = 'total' then 0
            else points.unweighted_estimate * domain_values.denominator
        end as unweighted_residual,
        domain_values.value
        - case
            when points.kind = 'total' then 0
            else points.weighted_estimate * domain_values.denominator
        end as weighted_residual
    from domain_values
    inner join points
        on
            domain_values.wave = points.wave
            and domain_values.classification_id = points.classification_id
            and domain_values.group_id = points.group_id
            and domain_values.indicator_id = points.indicator_id

),

-- Where all answers are equal the residuals are zero; what is left of them is rounding.
final as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        response_key,
        organisation_key,
        stratum_id,
        population_count,
        response_count,
        design_weight,
        weight,
        cast(case
            when abs(unweighted_residual) > 1e-12 * greatest(1.0, abs(value)) then unweighted_residual
            else 0.0
        end as double) as unweighted_residual,
        cast(case
            when abs(weighted_residual) > 1e-12 * greatest(1.0, abs(value)) then weighted_residual
            else 0.0
        end as double) as weighted_residual
    from distances

)

select * from final
