{%- set counts = ['n_answered', 'n_events'] -%}
{%- set figures = ['odds_ratio', 'odds_ratio_lower', 'odds_ratio_upper', 'p_value'] -%}
with

associations as (

    select * from {{ ref('est_associations') }}

),

shown as (

    select * from {{ ref('est_shown_scale_bases') }}
    where band_id is null

),

scales as (

    select * from {{ ref('scales') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

judged as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in group_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        associations.scale_id,
        scales.label_nl as scale_label_nl,
        scales.label_en as scale_label_en,
        associations.outcome_indicator_id,
        indicators.label_nl as outcome_label_nl,
        indicators.label_en as outcome_label_en,
        indicators.base_nl,
        indicators.base_en,
        {%- for column in counts + figures %}
        associations.{{ column }},
        {%- endfor %}
        associations.association_status,
        associations.adjusted_for,
        case
            when
                associations.association_status = 'too_few'
                or not coalesce(shown.is_shown, false)
                then 'base_below_minimum'
        end as suppression_reason
    from associations
    inner join scales
        on associations.scale_id = scales.scale_id
    inner join indicators
        on associations.outcome_indicator_id = indicators.indicator_id
    inner join organisation_groups
        on
            associations.classification_id = organisation_groups.classification_id
            and associations.group_id = organisation_groups.group_id
    inner join waves
        on associations.wave = waves.wave
    left join shown
        on
            associations.wave = shown.wave
            and associations.classification_id = shown.classification_id
            and associations.group_id = shown.group_id
            and associations.scale_id = shown.scale_id
            and associations.outcome_indicator_id = shown.outcome_indicator_id

),

final as (

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
        outcome_indicator_id,
        outcome_label_nl,
        outcome_label_en,
        base_nl,
        base_en,
        {%- for column in counts %}
        cast(case when suppression_reason is null then {{ column }} end as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when odds_ratio is not null and suppression_reason is null then 'firth' end as test_method,
        case when suppression_reason is null then association_status else 'too_few' end as association_status,
        case when suppression_reason is null then adjusted_for end as adjusted_for,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
