with

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

scale_bands as (

    select * from {{ ref('scale_bands') }}

),

outcomes as (

    select * from {{ ref('scale_outcomes') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

wave_indicators as (

    select distinct
        wave,
        indicator_id
    from {{ ref('cln_wave_indicators') }}

),

cells as (

    select * from {{ ref('est_scale_cells') }}

),

limits as (

    select * from {{ ref('est_scale_limits') }}

),

shown as (

    select * from {{ ref('est_shown_scale_bases') }}
    where band_id is not null

),

judged as (

    select
        {%- for column in wave_columns() %}
        scores.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        scores.{{ column }},
        {%- endfor %}
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
        scale_bands.band_id,
        scale_bands.label_nl as band_label_nl,
        scale_bands.label_en as band_label_en,
        scale_bands.position as band_position,
        outcomes.outcome_indicator_id,
        indicators.label_nl as outcome_label_nl,
        indicators.label_en as outcome_label_en,
        indicators.base_nl,
        indicators.base_en,
        cells.n_answered,
        cells.n_with,
        cells.weighted_share as estimate,
        limits.share_lower as estimate_lower,
        limits.share_upper as estimate_upper,
        limits.interval_method,
        case when not coalesce(shown.is_shown, false) then 'base_below_minimum' end as suppression_reason
    from scores
    inner join outcomes
        on
            scores.scale_id = outcomes.scale_id
            and scores.classification_id = outcomes.classification_id
            and scores.group_id = outcomes.group_id
    inner join wave_indicators
        on
            scores.wave = wave_indicators.wave
            and outcomes.outcome_indicator_id = wave_indicators.indicator_id
    inner join indicators
        on outcomes.outcome_indicator_id = indicators.indicator_id
    inner join scale_bands
        on scores.scale_id = scale_bands.scale_id
    left join cells
        on
            scores.wave = cells.wave
            and scores.classification_id = cells.classification_id
            and scores.group_id = cells.group_id
            and scores.scale_id = cells.scale_id
            and scale_bands.band_id = cells.band_id
            and outcomes.outcome_indicator_id = cells.outcome_indicator_id
    left join shown
        on
            cells.wave = shown.wave
            and cells.classification_id = shown.classification_id
            and cells.group_id = shown.group_id
            and cells.scale_id = shown.scale_id
            and cells.band_id = shown.band_id
            and cells.outcome_indicator_id = shown.outcome_indicator_id
    left join limits
        on
            cells.wave = limits.wave
            and cells.classification_id = limits.classification_id
            and cells.group_id = limits.group_id
            and cells.scale_id = limits.scale_id
            and cells.band_id = limits.band_id
            and cells.outcome_indicator_id = limits.outcome_indicator_id

),

labelled as (

    select
        {%- for column in wave_columns() %}
        {{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        {{ column }},
        {%- endfor %}
        scale_id,
        scale_label_nl,
        scale_label_en,
        band_id,
        band_label_nl,
        band_label_en,
        band_position,
        outcome_indicator_id,
        outcome_label_nl,
        outcome_label_en,
        base_nl,
        base_en,
        cast(case when suppression_reason is null then n_answered end as bigint) as n_answered,
        cast(case when suppression_reason is null then n_with end as bigint) as n_with_outcome,
        {%- for column in ['estimate', 'estimate_lower', 'estimate_upper', 'interval_method'] %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

),

final as (

    select
        labelled.*,
        {{ share_words('nl') }} as display_nl,
        {{ share_words('en') }} as display_en,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from labelled

)

select * from final
