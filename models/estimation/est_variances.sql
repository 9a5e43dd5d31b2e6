with

domain_values as (

    select * from {{ ref('est_domain_values') }}
    where status = 'answered'

),

points as (

    select * from {{ ref('est_points') }}

),

-- Linearised values: how far each answer lies from what the estimate says of it.
raw_residuals as (

    select
        domain_values.wave,
        domain_values.classification_id,
        domain_values.group_id,
        domain_values.indicator_id,
        domain_values.stratum_id,
        domain_values.population_count,
        domain_values.response_count,
        domain_values.design_weight,
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
residuals as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id,
        population_count,
        response_count,
        design_weight,
        case
            when abs(unweighted_residual) > 1e-12 * greatest(1.0, abs(value)) then unweighted_residual
            else 0.0
        end as unweighted_residual,
        case
            when abs(weighted_residual) > 1e-12 * greatest(1.0, abs(value)) then weighted_residual
            else 0.0
        end as weighted_residual
    from raw_residuals

),

strata as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id,
        max(1 - cast(response_count as double) / population_count) as unsampled_fraction,
        max(response_count) as response_count,
        sum(power(design_weight * weighted_residual, 2)) as residual_squares,
        sum(design_weight * power(weighted_residual, 2)) as weighted_squares,
        sum(power(unweighted_residual, 2)) as unweighted_squares,
        sum(power(design_weight * weighted_residual, 2))
        - power(sum(design_weight * weighted_residual), 2) / max(response_count) as centred_squares
    from residuals
    group by
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id

),

-- Responses of the stratum outside the domain count with residual zero. A stratum with a single
-- response is centred at zero, the mean residual over the whole domain.
final as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        sum(
            unsampled_fraction * case
                when response_count = 1 then residual_squares
                when centred_squares <= 1e-12 * residual_squares then 0.0
                else centred_squares * response_count / (response_count - 1.0)
            end
        ) as total_variance,
        sum(weighted_squares) as weighted_squares,
        sum(unweighted_squares) as unweighted_squares
    from strata
    group by
        wave,
        classification_id,
        group_id,
        indicator_id

)

select * from final
