{%- set counts = ['n_complete', 'n_items'] -%}
{%- set figures = ['alpha', 'alpha_lower', 'alpha_upper'] -%}
with

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

reliability as (

    select * from {{ ref('est_scale_reliability') }}

),

shown as (

    select * from {{ ref('est_shown_scale_bases') }}
    where outcome_indicator_id is null

),

judged as (

    select
        scores.wave,
        scores.classification_id,
        scores.group_id,
        scores.group_label_nl,
        scores.group_label_en,
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
        scores.is_synthetic,
        scores.confidence_level,
        {%- for column in counts + figures %}
        reliability.{{ column }},
        {%- endfor %}
        case
            when
                coalesce(reliability.n_complete, 0) < {{ scale_base() }}
                or not coalesce(shown.is_shown, false)
                then 'base_below_minimum'
        end as suppression_reason
    from scores
    left join reliability
        on
            scores.wave = reliability.wave
            and scores.classification_id = reliability.classification_id
            and scores.group_id = reliability.group_id
            and scores.scale_id = reliability.scale_id
    left join shown
        on
            scores.wave = shown.wave
            and scores.classification_id = shown.classification_id
            and scores.group_id = shown.group_id
            and scores.scale_id = shown.scale_id

),

final as (

    select
        wave,
        classification_id,
        group_id,
        group_label_nl,
        group_label_en,
        scale_id,
        scale_label_nl,
        scale_label_en,
        is_synthetic,
        {%- for column in counts %}
        cast(case when suppression_reason is null then {{ column }} end as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null and alpha is not null then 'feldt' end as interval_method,
        confidence_level,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
