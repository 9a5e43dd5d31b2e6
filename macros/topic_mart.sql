{#- The rows of one topic, for a table that has columns of its own beside them. -#}
{% macro topic_rows(mart_id) -%}
topic_rows as (

    select * from {{ ref('topic_findings') }}
    where mart_id = '{{ mart_id }}'

)
{%- endmacro %}
