{#- What a difference that is tested is called, wherever it is asked for. -#}
{% macro contrast_id(purpose, reference, wave_a, wave_b, group, indicator) -%}
    concat(
        {{ purpose }}, '|', {{ reference }}, '|', {{ wave_a }}, '|', {{ wave_b }}, '|', {{ group }}, '|',
        {{ indicator }}
    )
{%- endmacro %}
