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
        {%- for column in wave_columns() %}
        scores.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        scores.{{ column }},
        {%- endfor %}
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
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
        {%- for column in wave_columns() %}
        {{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        {{ column }},
        {%- endfor %}
        scale_id,
        scale_label_nl,
        scale_label_en,
        {%- for column in counts %}
        cast(case when suppression_reason is null then {{ column }} end as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null and alpha is not null then 'feldt' end as interval_method,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
