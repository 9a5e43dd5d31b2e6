{%- set counts = [
    'n_asked', 'n_answered', 'n_dont_know', 'n_not_applicable', 'n_no_answer', 'n_not_asked',
] -%}
{%- set figures = [
    'dont_know_share', 'not_asked_share', 'unweighted_estimate', 'unweighted_lower', 'unweighted_upper', 'weighted_estimate',
    'standard_error', 'design_effect', 'n_effective', 'interval_size', 'weighted_lower', 'weighted_upper',
] -%}
with

group_sizes as (

    select * from {{ ref('est_group_sizes') }}

),

wave_indicators as (

    select distinct
        wave,
        indicator_id,
        kind
    from {{ ref('cln_wave_indicators') }}

),

estimates as (

    select * from {{ ref('est_estimates') }}

),

shown as (

    select * from {{ ref('est_shown_groups') }}

),

breaks as (

    select
        wave_indicators.wave,
        wave_indicators.indicator_id,
        max(comparability_breaks.wave) as comparable_from_wave
    from {{ ref('cln_wave_indicators') }} as wave_indicators
    inner join {{ ref('comparability_breaks') }} as comparability_breaks
        on
            wave_indicators.question_id = comparability_breaks.question_id
            and wave_indicators.wave >= comparability_breaks.wave
    group by
        wave_indicators.wave,
        wave_indicators.indicator_id

),

-- A row for every group and indicator of a wave, also where nobody answered. One reason for every
-- blank, and no count beside it: how small a base is would say what subtraction must not.
judged as (

    select
        group_sizes.wave,
        group_sizes.classification_id,
        group_sizes.group_id,
        wave_indicators.indicator_id,
        wave_indicators.kind,
        breaks.comparable_from_wave,
        group_sizes.n_responses,
        case when not coalesce(shown.is_shown, false) then 'base_below_minimum' end as suppression_reason,
        {%- for column in counts + figures %}
        estimates.{{ column }},
        {%- endfor %}
        estimates.interval_method
    from group_sizes
    inner join wave_indicators
        on group_sizes.wave = wave_indicators.wave
    left join estimates
        on
            group_sizes.wave = estimates.wave
            and group_sizes.classification_id = estimates.classification_id
            and group_sizes.group_id = estimates.group_id
            and wave_indicators.indicator_id = estimates.indicator_id
    left join shown
        on
            group_sizes.wave = shown.wave
            and group_sizes.classification_id = shown.classification_id
            and group_sizes.group_id = shown.group_id
            and wave_indicators.indicator_id = shown.indicator_id
    left join breaks
        on
            group_sizes.wave = breaks.wave
            and wave_indicators.indicator_id = breaks.indicator_id

),

final as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        kind,
        comparable_from_wave,
        cast(case when suppression_reason is null then n_responses end as bigint) as n_responses,
        {%- for column in counts + figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null then interval_method end as interval_method,
        cast({{ var('confidence_level') }} as double) as confidence_level,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
