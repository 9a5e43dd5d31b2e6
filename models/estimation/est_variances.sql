with

domain_values as (

    select * from {{ ref('est_domain_values') }}
    where status = 'answered'

),

points as (

    select * from {{ ref('est_points') }}

),

-- Linearised values: how far each answer lies from what the estimate says of it.
residuals as (

    select
        domain_values.wave,
        domain_values.classification_id,
        domain_values.group_id,
        domain_values.indicator_id,
        domain_values.stratum_id,
        domain_values.population_count,
        domain_values.response_count,
        domain_values.design_weight,
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

strata as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id,
        max(1 - cast(response_count as double) / population_count) as unsampled_fraction,
        max(response_count) as response_count,
        sum(design_weight * weighted_residual) as residual_sum,
        sum(power(design_weight * weighted_residual, 2)) as residual_squares,
        sum(design_weight * power(weighted_residual, 2)) as weighted_squares,
        sum(power(unweighted_residual, 2)) as unweighted_squares
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
                when response_count > 1
                    then
                        response_count / (response_count - 1.0)
                        * greatest(0.0, residual_squares - residual_sum * residual_sum / response_count)
                else residual_squares
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
