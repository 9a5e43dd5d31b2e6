with

residuals as (

    select * from {{ ref('est_residuals') }}

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
        sum(power(weight * weighted_residual, 2)) as residual_squares,
        sum(weight * power(deviation, 2)) as weighted_squares,
        sum(power(unweighted_residual, 2)) as unweighted_squares,
        sum(power(weight * weighted_residual, 2))
        - power(sum(weight * weighted_residual), 2) / max(response_count) as centred_squares
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
