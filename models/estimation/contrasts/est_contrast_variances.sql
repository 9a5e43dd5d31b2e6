{#- Side by side with the finite population correction (what the list of that wave would have
    given) and without it (what the process behind it would give again). -#}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

cells as (

    select * from {{ ref('est_contrast_cells') }}

),

-- Where the denominator is nought there is no estimate.
side_variances as (

    select
        points.domain_id,
        points.indicator_id,
        case
            when points.kind = 'total' then variances.process_variance
            else variances.process_variance / power(points.weighted_denominator, 2)
        end as variance,
        case
            when points.kind = 'total' then variances.total_variance
            else variances.total_variance / power(points.weighted_denominator, 2)
        end as variance_finite
    from {{ ref('est_points') }} as points
    inner join {{ ref('est_variances') }} as variances
        on
            points.domain_id = variances.domain_id
            and points.indicator_id = variances.indicator_id
    where
        points.kind = 'total'
        or points.weighted_denominator <> 0

),

covariances as (

    select
        domain_a,
        indicator_a,
        domain_b,
        indicator_b,
        cast(sum(answers_both) as bigint) as n_both,
        sum(weight_products) as weight_products,
        sum(covariance) as covariance,
        sum(covariance * correction) as covariance_finite
    from cells
    group by
        domain_a,
        indicator_a,
        domain_b,
        indicator_b

),

final as (

    select
        contrasts.contrast_id,
        cast(variances_a.variance as double) as variance_a,
        cast(variances_b.variance as double) as variance_b,
        cast(coalesce(covariances.covariance, 0) as double) as covariance,
        cast(variances_a.variance_finite as double) as variance_a_finite,
        cast(variances_b.variance_finite as double) as variance_b_finite,
        cast(coalesce(covariances.covariance_finite, 0) as double) as covariance_finite,
        coalesce(covariances.n_both, 0) as n_both,
        cast(coalesce(covariances.weight_products, 0) as double) as weight_products
    from contrasts
    inner join side_variances as variances_a
        on
            contrasts.domain_a = variances_a.domain_id
            and contrasts.indicator_a = variances_a.indicator_id
    inner join side_variances as variances_b
        on
            contrasts.domain_b = variances_b.domain_id
            and contrasts.indicator_b = variances_b.indicator_id
    left join covariances
        on
            contrasts.domain_a = covariances.domain_a
            and contrasts.indicator_a = covariances.indicator_a
            and contrasts.domain_b = covariances.domain_b
            and contrasts.indicator_b = covariances.indicator_b

)

select * from final
