{#- Columns that several marts have alike, so that a chart made on one can be made on another. -#}

{#- Of a wave, by name; `waves` is the relation of dim_waves. -#}
{% macro wave_columns(waves='waves') -%}
    {{ return({
        'wave': waves ~ '.wave',
        'wave_label_nl': waves ~ '.label_nl',
        'wave_label_en': waves ~ '.label_en',
        'wave_date': waves ~ '.reference_start',
        'is_latest_wave': waves ~ '.is_latest_wave',
    }) }}
{%- endmacro %}

{#- Of a group of organisations; `groups` is the relation of dim_organisation_groups. -#}
{% macro group_columns(groups='organisation_groups') -%}
    {{ return({
        'classification_id': groups ~ '.classification_id',
        'classification_label_nl': groups ~ '.classification_label_nl',
        'classification_label_en': groups ~ '.classification_label_en',
        'classification_position': groups ~ '.classification_position',
        'group_id': groups ~ '.group_id',
        'group_label_nl': groups ~ '.label_nl',
        'group_label_en': groups ~ '.label_en',
        'group_position': groups ~ '.position',
        'is_total': groups ~ '.is_total',
    }) }}
{%- endmacro %}

{#- Of an indicator; `indicators` is the relation of dim_indicators. -#}
{% macro indicator_columns(indicators='indicators') -%}
    {{ return({
        'topic': indicators ~ '.topic',
        'topic_label_nl': indicators ~ '.topic_label_nl',
        'topic_label_en': indicators ~ '.topic_label_en',
        'topic_position': indicators ~ '.topic_position',
        'indicator_id': indicators ~ '.indicator_id',
        'indicator_label_nl': indicators ~ '.label_nl',
        'indicator_label_en': indicators ~ '.label_en',
        'indicator_short_label_nl': indicators ~ '.short_label_nl',
        'indicator_short_label_en': indicators ~ '.short_label_en',
        'indicator_position': indicators ~ '.position',
        'is_headline': indicators ~ '.is_headline',
        'base_nl': indicators ~ '.base_nl',
        'base_en': indicators ~ '.base_en',
        'kind': indicators ~ '.kind',
        'kind_label_nl': indicators ~ '.kind_label_nl',
        'kind_label_en': indicators ~ '.kind_label_en',
        'unit': indicators ~ '.unit',
        'unit_label_nl': indicators ~ '.unit_label_nl',
        'unit_label_en': indicators ~ '.unit_label_en',
    }) }}
{%- endmacro %}

{#- Columns of mart_findings, in order: those of every table per topic. -#}
{% macro finding_columns() -%}
    {{ return(
        ['estimate_id'] + (wave_columns() | list) + (group_columns() | list) + (indicator_columns() | list) + [
            'scale_minimum', 'scale_maximum', 'direction', 'comparable_from_wave',
            'n_responses', 'n_uncovered', 'n_answered', 'dont_know_share', 'not_asked_share',
            'estimate', 'estimate_lower', 'estimate_upper', 'display_nl', 'display_en',
            'standard_error', 'interval_method', 'bound_lower', 'bound_upper',
            'precision_status', 'precision_label_nl', 'precision_label_en',
            'comparator_group_id', 'rest_of_group_id', 'comparator_label_nl', 'comparator_label_en',
            'n_answered_comparator', 'estimate_comparator', 'difference_from_comparator',
            'difference_from_comparator_lower', 'difference_from_comparator_upper',
            'position_p_adjusted', 'position_effect_size', 'position_verdict', 'position_verdict_nl',
            'position_verdict_en', 'position_list_verdict',
            'previous_wave', 'previous_wave_label_nl', 'previous_wave_label_en',
            'n_answered_previous', 'estimate_previous', 'change', 'change_lower', 'change_upper',
            'change_p_adjusted', 'change_effect_size', 'change_verdict', 'change_verdict_nl',
            'change_verdict_en', 'change_list_verdict', 'comparability', 'note_nl', 'note_en',
            'suppression_status', 'suppression_reason', 'suppression_label_nl', 'suppression_label_en',
        ]
    ) }}
{%- endmacro %}
