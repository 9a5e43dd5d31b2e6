with

domain_values as (

    select * from {{ ref('est_domain_values') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

sums as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        sum(case when status <> 'not_asked' then 1 else 0 end) as n_asked,
        sum(case when status = 'answered' then 1 else 0 end) as n_answered,
        sum(case when status = 'dont_know' then 1 else 0 end) as n_dont_know,
        sum(case when status = 'not_applicable' then 1 else 0 end) as n_not_applicable,
        sum(case when status = 'no_answer' then 1 else 0 end) as n_no_answer,
        sum(case when status = 'not_asked' then 1 else 0 end) as n_not_asked,
        count(distinct case when status = 'answered' then stratum_id end) as n_strata,
        sum(value) as sum_value,
        sum(denominator) as sum_denominator,
        sum(weight * value) as weighted_value,
        sum(weight * denominator) as weighted_denominator,
        sum(case when status = 'answered' then weight end) as sum_weights,
        sum(case when status = 'answered' then weight * weight end) as sum_squared_weights,
        sum(case when status = 'answered' then design_weight end) as sum_design_weights,
        min(case when status = 'answered' then weight end) as smallest_weight,
        max(case when status = 'answered' then weight end) as largest_weight
    from domain_values
    group by
        wave,
        classification_id,
        group_id,
        indicator_id

),

final as (

    select
        sums.wave,
        sums.classification_id,
        sums.group_id,
        sums.indicator_id,
        indicators.kind,
        cast(sums.n_asked as bigint) as n_asked,
        cast(sums.n_answered as bigint) as n_answered,
        cast(sums.n_dont_know as bigint) as n_dont_know,
        cast(sums.n_not_applicable as bigint) as n_not_applicable,
        cast(sums.n_no_answer as bigint) as n_no_answer,
        cast(sums.n_not_asked as bigint) as n_not_asked,
        sums.n_strata,
        sums.sum_value,
        sums.sum_denominator,
        sums.weighted_denominator,
        sums.sum_weights,
        sums.sum_design_weights,
        sums.largest_weight <= sums.smallest_weight * (1 + 1e-9) as is_equally_weighted,
        case
            when indicators.kind = 'total' then sums.sum_value
            when sums.sum_denominator <> 0 then sums.sum_value / sums.sum_denominator
        end as unweighted_estimate,
        case
            when indicators.kind = 'total' then sums.weighted_value
            when sums.weighted_denominator <> 0
                then sums.weighted_value / sums.weighted_denominator
        end as weighted_estimate,
        -- Kish's effective number of answers: what the unequal weights leave of the base.
        case
            when sums.sum_squared_weights > 0
                then sums.sum_weights * sums.sum_weights / sums.sum_squared_weights
        end as n_effective,
        -- By design, whatever calibration makes of the weights; kept from passing one by rounding.
        case
            when sums.sum_design_weights > 0
                then least(1.0, sums.n_answered / sums.sum_design_weights)
        end as sampling_fraction
    from sums
    inner join indicators
        on sums.indicator_id = indicators.indicator_id

)

select * from final
