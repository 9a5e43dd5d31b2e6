{#- Lower-case letters, digits and single underscores, beginning with a letter. -#}
{% test snake_case_id(model, column_name) %}

select {{ column_name }}
from {{ model }}
where
    translate({{ column_name }}, 'abcdefghijklmnopqrstuvwxyz0123456789_', '') <> ''
    or translate(substring({{ column_name }}, 1, 1), '0123456789_', '') = ''
    or {{ column_name }} like '%!_!_%' escape '!'
    or {{ column_name }} like '%!_' escape '!'

{% endtest %}
