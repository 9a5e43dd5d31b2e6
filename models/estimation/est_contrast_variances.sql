{#- Side by side with the finite population correction (what the list of that wave would have
    given) and without it (what the process behind it would give again). -#}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

strata as (

    select * from {{ ref('est_stratum_influences') }}

),

cells as (

    select * from {{ ref('est_contrast_cells') }}

),

side_variances as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        sum(variance) as variance,
        sum(variance * (1 - cast(response_count as double) / population_count)) as variance_finite
    from strata
    group by
        wave,
        classification_id,
        group_id,
        indicator_id

),

covariances as (

    select
        contrast_id,
        cast(sum(answers_both) as bigint) as n_both,
        cast(sum(case when answers_both > 0 then 1 else 0 end) as bigint) as n_both_strata,
        sum(weight_products) as weight_products,
        sum(covariance) as covariance,
        sum(covariance * correction) as covariance_finite
    from cells
    group by contrast_id

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
        coalesce(covariances.n_both_strata, 0) as n_both_strata,
        cast(coalesce(covariances.weight_products, 0) as double) as weight_products
    from contrasts
    inner join side_variances as variances_a
        on
            contrasts.wave_a = variances_a.wave
            and contrasts.classification_id = variances_a.classification_id
            and contrasts.group_a = variances_a.group_id
            and contrasts.indicator_a = variances_a.indicator_id
    inner join side_variances as variances_b
        on
            contrasts.wave_b = variances_b.wave
            and contrasts.classification_id = variances_b.classification_id
            and contrasts.group_b = variances_b.group_id
            and contrasts.indicator_b = variances_b.indicator_id
    left join covariances
        on contrasts.contrast_id = covariances.contrast_id

)

select * from final
