{#- Columns of a table per topic, before what only that topic has. -#}
{% macro topic_columns() -%}
    {{ return([
        'wave', 'classification_id', 'group_id', 'group_label_nl', 'group_label_en', 'topic',
        'indicator_id', 'indicator_label_nl', 'indicator_label_en', 'base_nl', 'base_en', 'kind',
        'unit', 'direction', 'is_synthetic', 'n_responses', 'n_answered', 'dont_know_share',
        'not_asked_share', 'estimate', 'estimate_lower', 'estimate_upper', 'standard_error',
        'interval_method', 'rest_of_group_id', 'rest_label_nl', 'rest_label_en', 'n_answered_rest',
        'estimate_rest', 'difference_from_rest', 'difference_from_rest_lower',
        'difference_from_rest_upper', 'position_p_adjusted', 'position_effect_size',
        'position_verdict', 'position_verdict_nl', 'position_verdict_en', 'previous_wave',
        'n_answered_previous', 'estimate_previous', 'change', 'change_lower', 'change_upper',
        'change_p_adjusted', 'change_effect_size', 'change_verdict', 'change_verdict_nl',
        'change_verdict_en', 'comparability', 'note_nl', 'note_en', 'confidence_level',
        'suppression_status', 'suppression_reason',
    ]) }}
{%- endmacro %}

{#- The findings of one topic: the indicators that the registry lists for its table. A topic with
    columns of its own joins `topic_rows` itself; see innovation_factors. -#}
{% macro topic_mart(mart_id) -%}
with

{{ topic_rows(mart_id) }},

final as (

    select
        {%- for column in topic_columns() %}
        topic_rows.{{ column }},
        {%- endfor %}
        topic_rows.position_in_topic
    from topic_rows

)

select * from final
{%- endmacro %}

{% macro topic_rows(mart_id) -%}
findings as (

    select * from {{ ref('mart_findings') }}

),

topic_indicators as (

    select * from {{ ref('topic_mart_indicators') }}
    where mart_id = '{{ mart_id }}'

),

topic_rows as (

    select
        findings.*,
        topic_indicators.position as position_in_topic
    from findings
    inner join topic_indicators
        on findings.indicator_id = topic_indicators.indicator_id

)
{%- endmacro %}
