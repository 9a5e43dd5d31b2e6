with

raw_residuals as (

    select * from {{ ref('est_raw_residuals') }}

),

calibrated_residuals as (

    select * from {{ ref('est_calibrated_residuals') }}

),

calibrated_waves as (

    select distinct wave
    from {{ ref('cln_weighting_margins') }}

),

weights as (

    select * from {{ ref('cln_weights') }}

),

-- What the margins explain has no variance; in return, what they say of a response outside the
-- base has some.
calibrated as (

    select
        calibrated_residuals.wave,
        calibrated_residuals.classification_id,
        calibrated_residuals.group_id,
        calibrated_residuals.indicator_id,
        calibrated_residuals.response_key,
        weights.organisation_key,
        weights.stratum_id,
        weights.population_count,
        weights.response_count,
        weights.design_weight,
        weights.weight,
        raw_residuals.response_key is not null as is_in_base,
        coalesce(raw_residuals.unweighted_residual, 0) as unweighted_residual,
        coalesce(raw_residuals.weighted_residual, 0) as deviation,
        calibrated_residuals.residual as weighted_residual
    from calibrated_residuals
    inner join weights
        on
            calibrated_residuals.wave = weights.wave
            and calibrated_residuals.response_key = weights.response_key
    left join raw_residuals
        on
            calibrated_residuals.wave = raw_residuals.wave
            and calibrated_residuals.classification_id = raw_residuals.classification_id
            and calibrated_residuals.group_id = raw_residuals.group_id
            and calibrated_residuals.indicator_id = raw_residuals.indicator_id
            and calibrated_residuals.response_key = raw_residuals.response_key

),

final as (

    select
        raw_residuals.wave,
        raw_residuals.classification_id,
        raw_residuals.group_id,
        raw_residuals.indicator_id,
        raw_residuals.response_key,
        raw_residuals.organisation_key,
        raw_residuals.stratum_id,
        raw_residuals.population_count,
        raw_residuals.response_count,
        raw_residuals.design_weight,
        raw_residuals.weight,
        true as is_in_base,
        raw_residuals.unweighted_residual,
        raw_residuals.weighted_residual as deviation,
        raw_residuals.weighted_residual
    from raw_residuals
    left join calibrated_waves
        on raw_residuals.wave = calibrated_waves.wave
    where calibrated_waves.wave is null

    union all

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
        is_in_base,
        unweighted_residual,
        deviation,
        weighted_residual
    from calibrated

)

select * from final
