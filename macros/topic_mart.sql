{#- Columns of a table per topic, before what only that topic has. -#}
{% macro topic_columns() -%}
    {{ return([
        'wave', 'classification_id', 'group_id', 'group_label_nl', 'group_label_en', 'topic',
        'indicator_id', 'indicator_label_nl', 'indicator_label_en', 'base_nl', 'base_en', 'kind',
        'unit', 'direction', 'is_synthetic', 'n_responses', 'n_uncovered', 'n_answered',
        'dont_know_share', 'not_asked_share', 'estimate', 'estimate_lower', 'estimate_upper',
        'standard_error', 'interval_method', 'bound_lower', 'bound_upper', 'precision_status',
        'precision_label_nl', 'precision_label_en', 'comparator_group_id', 'rest_of_group_id',
        'comparator_label_nl', 'comparator_label_en', 'n_answered_comparator',
        'estimate_comparator', 'difference_from_comparator', 'difference_from_comparator_lower',
        'difference_from_comparator_upper', 'position_p_adjusted', 'position_effect_size',
        'position_verdict', 'position_verdict_nl', 'position_verdict_en', 'position_list_verdict',
        'previous_wave', 'n_answered_previous', 'estimate_previous', 'change', 'change_lower',
        'change_upper', 'change_p_adjusted', 'change_effect_size', 'change_verdict',
        'change_verdict_nl', 'change_verdict_en', 'change_list_verdict', 'comparability',
        'note_nl', 'note_en', 'confidence_level', 'suppression_status', 'suppression_reason',
    ]) }}
{%- endmacro %}

{#- The rows of one topic, for a table that has columns of its own beside them. -#}
{% macro topic_rows(mart_id) -%}
topic_rows as (

    select * from {{ ref('topic_findings') }}
    where mart_id = '{{ mart_id }}'

)
{%- endmacro %}
