{#- A number from the survey's publication rules, as a scalar subquery. -#}
{% macro publication_rule(rule_id) -%}
    (
        select cast(value as double)
        from {{ ref('publication_rules') }}
        where rule_id = '{{ rule_id }}'
    )
{%- endmacro %}

{#- The values of a variable in dbt_project.yml, as a list of texts. -#}
{% macro declared(variable) -%}
    '{{ var(variable) | join("', '") }}'
{%- endmacro %}

{#- Whether a wave lies in [first, last]; open ends are null. -#}
{% macro wave_within(wave, first_wave, last_wave) -%}
    (
        ({{ first_wave }} is null or {{ wave }} >= {{ first_wave }})
        and ({{ last_wave }} is null or {{ wave }} <= {{ last_wave }})
    )
{%- endmacro %}

{#- Fewest answers for what describes a scale: its own rule, and never less than the minimum base. -#}
{% macro scale_base() -%}
    greatest(
        {{ publication_rule('minimum_scale_responses') }}, {{ publication_rule('minimum_base') }}
    )
{%- endmacro %}
