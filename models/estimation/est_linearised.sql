{{ config(materialized='view') }}

with

residuals as (

    select * from {{ ref('est_residuals') }}

),

points as (

    select * from {{ ref('est_points') }}

),

-- The variance of an estimate is that of the sum of these over the responses.
final as (

    select
        residuals.wave,
        residuals.classification_id,
        residuals.group_id,
        residuals.indicator_id,
        residuals.response_key,
        residuals.organisation_key,
        residuals.stratum_id,
        residuals.population_count,
        residuals.response_count,
        residuals.weight,
        residuals.weight * residuals.weighted_residual
        / case when points.kind = 'total' then 1.0 else points.weighted_denominator end as influence
    from residuals
    inner join points
        on
            residuals.wave = points.wave
            and residuals.classification_id = points.classification_id
            and residuals.group_id = points.group_id
            and residuals.indicator_id = points.indicator_id
    where
        points.kind = 'total'
        or points.weighted_denominator <> 0

)

select * from final
