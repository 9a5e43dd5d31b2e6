with

estimates as (

    select * from {{ ref('fct_estimates') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

final as (

    select
        estimates.wave,
        estimates.classification_id,
        estimates.group_id,
        organisation_groups.label_nl as group_label_nl,
        organisation_groups.label_en as group_label_en,
        indicators.topic,
        estimates.indicator_id,
        indicators.label_nl as indicator_label_nl,
        indicators.label_en as indicator_label_en,
        indicators.base_nl,
        indicators.base_en,
        estimates.kind,
        indicators.unit,
        estimates.comparable_from_wave,
        waves.is_synthetic,
        estimates.n_responses,
        estimates.n_uncovered,
        estimates.n_asked,
        estimates.n_answered,
        estimates.n_dont_know,
        estimates.n_not_applicable,
        estimates.n_no_answer,
        estimates.n_not_asked,
        estimates.dont_know_share,
        estimates.not_asked_share,
        estimates.unweighted_estimate,
        estimates.unweighted_lower,
        estimates.unweighted_upper,
        estimates.weighted_estimate,
        estimates.standard_error,
        estimates.design_effect,
        estimates.n_effective,
        estimates.interval_size,
        estimates.weighted_lower,
        estimates.weighted_upper,
        estimates.interval_method,
        estimates.item_nonresponse_rate,
        estimates.bound_lower,
        estimates.bound_upper,
        estimates.precision_status,
        case estimates.precision_status
            when 'sufficient' then 'voldoende nauwkeurig'
            when 'low' then 'weinig nauwkeurig'
        end as precision_label_nl,
        case estimates.precision_status
            when 'sufficient' then 'sufficient precision'
            when 'low' then 'low precision'
        end as precision_label_en,
        estimates.confidence_level,
        estimates.suppression_status,
        estimates.suppression_reason
    from estimates
    inner join organisation_groups
        on
            estimates.classification_id = organisation_groups.classification_id
            and estimates.group_id = organisation_groups.group_id
    inner join indicators
        on estimates.indicator_id = indicators.indicator_id
    inner join waves
        on estimates.wave = waves.wave

)

select * from final
