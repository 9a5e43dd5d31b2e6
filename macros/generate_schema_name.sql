{#- A schema is called what it is asked to be called, without a prefix: BI tools see `core`, not
    `main_core`. A mart that asks for nothing lives in the schema of its folder, which is how every
    organisation group has a schema of its own. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is not none -%}
        {{ custom_schema_name | trim }}
    {%- elif node.fqn | length > 3 and node.fqn[1] == 'marts' -%}
        {{ node.fqn[-2] }}
    {%- else -%}
        {{ target.schema }}
    {%- endif -%}
{%- endmacro %}
