{#- Names of a classification or group crossed with another.
    The same ids as in barometer.registry_crossings. -#}
{% macro crossed_id(first, second) -%}
    concat({{ first }}, '_x_', {{ second }})
{%- endmacro %}

{#- The second label goes on in lower case. -#}
{% macro crossed_label(first, second, between) -%}
    concat({{ first }}, '{{ between }}', lower(substr({{ second }}, 1, 1)), substr({{ second }}, 2))
{%- endmacro %}
