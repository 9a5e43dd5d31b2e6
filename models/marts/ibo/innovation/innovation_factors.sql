{{ config(alias='factors') }}

{%- set parts = {
    'balance': 'factors', 'hampered': 'factors_hampered', 'promoted': 'factors_promoted',
} %}
{%- set figures = ['estimate', 'estimate_lower', 'estimate_upper'] %}

with

{{ topic_rows('factors') }},

-- The indicators of a factor are those of the same question.
factors as (

    select distinct
        indicator_id,
        question_id
    from {{ ref('indicator_items') }}

),

described as (

    select
        topic_rows.*,
        factors.question_id as factor_id,
        topic_rows.indicator_short_label_nl as factor_label_nl,
        topic_rows.indicator_short_label_en as factor_label_en
    from topic_rows
    inner join factors
        on topic_rows.indicator_id = factors.indicator_id

),

side_by_side as (

    select
        wave,
        classification_id,
        group_id,
        factor_id,
        {%- for part, topic in parts.items() %}
        {%- set last_part = loop.last %}
        {%- for figure in figures %}
        max(case when topic = '{{ topic }}' then {{ figure }} end) as {{ part }}_{{ figure }}
        {%- if not (last_part and loop.last) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from described
    group by
        wave,
        classification_id,
        group_id,
        factor_id

),

final as (

    select
        {%- for column in finding_columns() %}
        described.{{ column }},
        {%- endfor %}
        described.position_in_topic,
        described.factor_id,
        described.factor_label_nl,
        described.factor_label_en,
        {%- for part in parts %}
        {%- set last_part = loop.last %}
        {%- for figure in figures %}
        case
            when described.suppression_status = 'published' then side_by_side.{{ part }}_{{ figure }}
        end as {{ part }}_{{ figure }}
        {%- if not (last_part and loop.last) %},{% endif %}
        {%- endfor %}
        {%- endfor %}
    from described
    inner join side_by_side
        on
            described.wave = side_by_side.wave
            and described.classification_id = side_by_side.classification_id
            and described.group_id = side_by_side.group_id
            and described.factor_id = side_by_side.factor_id

)

select * from final
