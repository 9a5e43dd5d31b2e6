with

linearised as (

    select * from {{ ref('est_linearised') }}

),

sums as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id,
        max(population_count) as population_count,
        max(response_count) as response_count,
        sum(influence) as influence,
        sum(influence * influence) as influence_squares,
        sum(influence * influence) - power(sum(influence), 2) / max(response_count) as centred_squares
    from linearised
    group by
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id

),

-- As in the variances of single estimates: a stratum with one response is centred at zero, and
-- what is left of equal values is rounding.
final as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        stratum_id,
        population_count,
        response_count,
        influence,
        case
            when response_count = 1 then influence_squares
            when centred_squares <= 1e-12 * influence_squares then 0.0
            else centred_squares * response_count / (response_count - 1.0)
        end as variance
    from sums

)

select * from final
