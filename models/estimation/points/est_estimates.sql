with

points as (

    select * from {{ ref('est_points') }}

),

variances as (

    select * from {{ ref('est_variances') }}

),

share_limits as (

    select * from {{ ref('est_share_limits') }}

),

joined as (

    select
        points.*,
        share_limits.interval_method as share_method,
        share_limits.weighted_lower as share_lower,
        share_limits.weighted_upper as share_upper,
        points.sampling_fraction >= 1 - 1e-12 as is_all,
        points.sampling_fraction >= 1 - 1e-12 and points.n_missing = 0 as is_census,
        points.n_answered - 1 as unweighted_degrees_of_freedom,
        -- 1 / size is the variance factor of a stratified share, 1 / n_effective - 1 / population.
        case
            when points.n_effective < points.sum_design_weights * (1 - 1e-12)
                then points.n_effective / (1 - points.n_effective / points.sum_design_weights)
        end as kish_size,
        case
            when points.kind = 'total' then variances.total_variance
            when points.weighted_denominator <> 0
                then variances.total_variance / power(points.weighted_denominator, 2)
        end as variance,
        case
            when points.kind <> 'total' and points.n_answered > 1 and points.sum_denominator <> 0
                then
                    sqrt(variances.unweighted_squares * points.n_answered / (points.n_answered - 1.0))
                    / abs(points.sum_denominator)
        end as unweighted_standard_error,
        -- What the same number of answers would give as a simple random sample.
        case
            when points.kind <> 'total' and points.n_answered > 1 and points.weighted_denominator <> 0
                then
                    (1 - points.sampling_fraction)
                    * variances.weighted_squares * points.sum_weights
                    / (points.n_answered - 1.0)
                    / power(points.weighted_denominator, 2)
        end as simple_variance
    from points
    left join variances
        on
            points.domain_id = variances.domain_id
            and points.indicator_id = variances.indicator_id
    left join share_limits
        on
            points.wave = share_limits.wave
            and points.classification_id = share_limits.classification_id
            and points.group_id = share_limits.group_id
            and points.indicator_id = share_limits.indicator_id

),

-- What Wilson's interval rests on: Kish's size, or the size that the variance found leaves where
-- that is less. A variance of zero says nothing.
sized as (

    select
        joined.*,
        case
            when joined.kind <> 'share' or joined.is_all or joined.share_method is not null then null
            when joined.variance > 0 and joined.weighted_estimate * (1 - joined.weighted_estimate) > 0
                then
                    least(
                        joined.kish_size,
                        1 + joined.weighted_estimate * (1 - joined.weighted_estimate) / joined.variance
                    )
            else joined.kish_size
        end as interval_size
    from joined

),

final as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        kind,
        n_asked,
        n_answered,
        n_dont_know,
        n_not_applicable,
        n_no_answer,
        n_not_asked,
        case when n_asked > 0 then cast(n_dont_know as double) / n_asked end as dont_know_share,
        case
            when n_asked + n_not_asked > 0 then cast(n_not_asked as double) / (n_asked + n_not_asked)
        end as not_asked_share,
        cast(unweighted_estimate as double) as unweighted_estimate,
        cast(case
            when kind = 'share' then {{ wilson_limit('lower', 'unweighted_estimate', 'n_answered') }}
            else
                unweighted_estimate
                - {{ t_quantile('unweighted_degrees_of_freedom') }} * unweighted_standard_error
        end as double) as unweighted_lower,
        cast(case
            when kind = 'share' then {{ wilson_limit('upper', 'unweighted_estimate', 'n_answered') }}
            else
                unweighted_estimate
                + {{ t_quantile('unweighted_degrees_of_freedom') }} * unweighted_standard_error
        end as double) as unweighted_upper,
        cast(weighted_estimate as double) as weighted_estimate,
        -- Answers that are all the same say nothing of how far those not given may lie.
        cast(case when is_census then 0.0 when variance > 0 then sqrt(variance) end as double)
            as standard_error,
        cast(case when simple_variance > 0 then variance / simple_variance end as double)
            as design_effect,
        cast(n_effective as double) as n_effective,
        cast(interval_size as double) as interval_size,
        cast(case
            when is_census then weighted_estimate
            when is_all and kind = 'share' then weighted_estimate * n_answered / (n_answered + n_missing)
            when is_all then null
            when share_method is not null then share_lower
            when kind = 'share' then {{ wilson_limit('lower', 'weighted_estimate', 'interval_size') }}
            when variance > 0
                then weighted_estimate - {{ t_quantile('degrees_of_freedom') }} * sqrt(variance)
        end as double) as weighted_lower,
        cast(case
            when is_census then weighted_estimate
            when is_all and kind = 'share'
                then (weighted_estimate * n_answered + n_missing) / (n_answered + n_missing)
            when is_all then null
            when share_method is not null then share_upper
            when kind = 'share' then {{ wilson_limit('upper', 'weighted_estimate', 'interval_size') }}
            when variance > 0
                then weighted_estimate + {{ t_quantile('degrees_of_freedom') }} * sqrt(variance)
        end as double) as weighted_upper,
        case
            when weighted_estimate is null then null
            when is_census then 'census'
            when is_all and kind = 'share' then 'census_bounds'
            when is_all then 'none_items_missing'
            when share_method is not null then share_method
            when kind = 'share' then 'wilson_kish'
            when degrees_of_freedom < 1 then 'none_few_answers'
            when variance > 0 then 't_linearised'
            else 'none_no_variation'
        end as interval_method
    from sized

)

select * from final
