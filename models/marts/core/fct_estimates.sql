{%- set counts = [
    'n_asked', 'n_answered', 'n_dont_know', 'n_not_applicable', 'n_no_answer', 'n_not_asked',
] -%}
{%- set figures = [
    'dont_know_share', 'not_asked_share', 'unweighted_estimate', 'unweighted_lower', 'unweighted_upper', 'weighted_estimate',
    'standard_error', 'design_effect', 'n_effective', 'interval_size', 'weighted_lower', 'weighted_upper',
] -%}
{%- set limits = ['unweighted_lower', 'unweighted_upper', 'weighted_lower', 'weighted_upper'] -%}
{#- What a reader calls a figure that is weighted. -#}
{%- set names = {
    'weighted_estimate': 'estimate', 'weighted_lower': 'estimate_lower', 'weighted_upper': 'estimate_upper',
} -%}
{%- set derived = ['item_nonresponse_rate', 'bound_lower', 'bound_upper'] -%}
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

rules as (

    select
        {{ publication_rule('minimum_precise_base') }} as minimum_precise_base,
        {{ publication_rule('maximum_interval_width') }} as maximum_interval_width

),

-- The lowest and highest value that one organisation can have on one question of an indicator.
question_ranges as (

    select
        wave_indicators.wave,
        wave_indicators.indicator_id,
        wave_indicators.kind,
        questions.question_id,
        case when wave_indicators.kind = 'mean' then min(options.score) else 0.0 end as lowest_value,
        case
            when wave_indicators.kind = 'mean' then max(options.score)
            when wave_indicators.kind = 'share' or max(questions.answer_type) <> 'multiple' then 1.0
            else
                least(
                    count(distinct wave_indicators.option_id),
                    coalesce(max(questions.maximum_answers), count(distinct wave_indicators.option_id))
                )
        end as highest_value
    from {{ ref('cln_wave_indicators') }} as wave_indicators
    inner join {{ ref('questions') }} as questions
        on wave_indicators.question_id = questions.question_id
    left join {{ ref('options') }} as options
        on
            wave_indicators.kind = 'mean'
            and wave_indicators.question_id = options.question_id
            and not options.is_missing
            and {{ wave_within('wave_indicators.wave', 'options.first_wave', 'options.last_wave') }}
    where wave_indicators.kind in ('share', 'mean', 'count')
    group by
        wave_indicators.wave,
        wave_indicators.indicator_id,
        wave_indicators.kind,
        questions.question_id

),

-- A mean of numbers has no scale, nor has a mean of which one question has no scores.
ranges as (

    select
        wave,
        indicator_id,
        min(lowest_value) as lowest_value,
        case
            when kind = 'count' then sum(highest_value)
            else max(highest_value)
        end as highest_value
    from question_ranges
    group by
        wave,
        indicator_id,
        kind
    having count(*) = count(lowest_value) and count(*) = count(highest_value)

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
        group_sizes.n_uncovered,
        case when not coalesce(shown.is_shown, false) then 'base_below_minimum' end as suppression_reason,
        {%- for column in counts + figures %}
        {%- if column in limits %}
        -- No interval reaches beyond the scale.
        case
            when estimates.{{ column }} < ranges.lowest_value then ranges.lowest_value
            when estimates.{{ column }} > ranges.highest_value then ranges.highest_value
            else estimates.{{ column }}
        end as {{ column }},
        {%- else %}
        estimates.{{ column }},
        {%- endif %}
        {%- endfor %}
        estimates.interval_method,
        -- What nobody knows: who did not respond, and who was asked and gave no answer.
        group_sizes.n_population - group_sizes.n_responses
        + estimates.n_dont_know + estimates.n_no_answer as n_unknown,
        ranges.lowest_value,
        ranges.highest_value
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
    left join ranges
        on
            wave_indicators.wave = ranges.wave
            and wave_indicators.indicator_id = ranges.indicator_id

),

assessed as (

    select
        judged.*,
        case
            when judged.n_asked > judged.n_not_applicable
                then
                    cast(judged.n_dont_know + judged.n_no_answer as double)
                    / (judged.n_asked - judged.n_not_applicable)
        end as item_nonresponse_rate,
        {%- for limit, value in [('lower', 'lowest_value'), ('upper', 'highest_value')] %}
        case
            when judged.n_answered + judged.n_unknown > 0
                then
                    cast(
                        judged.n_answered * coalesce(judged.unweighted_estimate, 0.0)
                        + judged.n_unknown * judged.{{ value }} as double
                    ) / (judged.n_answered + judged.n_unknown)
        end as bound_{{ limit }},
        {%- endfor %}
        case
            when
                judged.weighted_estimate is null
                or coalesce(rules.minimum_precise_base, rules.maximum_interval_width) is null
                then null
            when judged.interval_method = 'census' then 'sufficient'
            when judged.interval_method = 'none_items_missing' then null
            when judged.n_answered < rules.minimum_precise_base or judged.weighted_lower is null then 'low'
            when
                judged.weighted_upper - judged.weighted_lower
                > rules.maximum_interval_width * (judged.highest_value - judged.lowest_value)
                then 'low'
            else 'sufficient'
        end as precision_status
    from judged
    cross join rules

),

final as (

    select
        concat(wave, '.', group_id, '.', indicator_id) as estimate_id,
        wave,
        classification_id,
        group_id,
        indicator_id,
        kind,
        comparable_from_wave,
        cast(lowest_value as double) as scale_minimum,
        cast(highest_value as double) as scale_maximum,
        cast(case when suppression_reason is null then n_responses end as bigint) as n_responses,
        cast(case when suppression_reason is null then n_uncovered end as bigint) as n_uncovered,
        {%- for column in counts + figures %}
        case when suppression_reason is null then {{ column }} end as {{ names.get(column, column) }},
        {%- endfor %}
        case when suppression_reason is null then interval_method end as interval_method,
        {%- for column in derived + ['precision_status'] %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from assessed

)

select * from final
